#include "net/url.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

struct Good {
  std::string_view text;
  std::string_view origin;
  std::uint16_t port;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

TEST(Url, reads_the_parts_and_keeps_them_as_written) {
  constexpr Good cases[] = {
      {"https://gitlab.com", "https://gitlab.com", 443, "", "", ""},
      {"HTTPS://GitLab.Example.COM/", "https://gitlab.example.com", 443, "/", "", ""},
      {"http://h:80/x", "http://h", 80, "/x", "", ""},
      {"https://h:80/x", "https://h:80", 80, "/x", "", ""},
      {"https://h:/x", "https://h", 443, "/x", "", ""},
      {"https://h:8443/gitlab/", "https://h:8443", 8443, "/gitlab/", "", ""},
      {"https://h/a%2Fb/../c?x=1&y=%20?z#f?#g", "https://h", 443, "/a%2Fb/../c", "x=1&y=%20?z",
       "f?#g"},
      {"https://h?q=1", "https://h", 443, "", "q=1", ""},
      {"https://h#f", "https://h", 443, "", "", "f"},
      {"http://[::1]:3000/p", "http://[::1]:3000", 3000, "/p", "", ""},
      {"http://[FE80::A]", "http://[fe80::a]", 80, "", "", ""},
      {"http://127.0.0.1:1", "http://127.0.0.1:1", 1, "", "", ""},
      {"https://h:65535/", "https://h:65535", 65'535, "/", "", ""},
      {"https://h/gr\xc3\xbc", "https://h", 443, "/gr%C3%BC", "", ""},
      {"https://h/a@b:c", "https://h", 443, "/a@b:c", "", ""},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.text);
    auto const url = parse_url(c.text);
    ASSERT_TRUE(url.ok()) << describe(url.error());
    EXPECT_EQ(url->origin(), c.origin);
    EXPECT_EQ(url->port, c.port);
    EXPECT_EQ(url->path, c.path);
    EXPECT_EQ(url->query, c.query);
    EXPECT_EQ(url->fragment, c.fragment);
    auto const again = parse_url(url->to_string());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->to_string(), url->to_string());
  }
}

TEST(Url, refuses_what_is_not_a_plain_http_address_and_says_why) {
  struct Bad {
    std::string_view text;
    std::string_view words;
  };
  constexpr Bad cases[] = {
      {"", "empty"},
      {"gitlab.com", "does not start with https://"},
      {"ftp://h/", "does not start with https://"},
      {"file:///etc/passwd", "does not start with https://"},
      {"https://", "has no host"},
      {"https:///path", "has no host"},
      {"https://:8080/", "has no host"},
      {"https://user:pw@h/", "user name or password"},
      {"https://h@evil/", "user name or password"},
      {"https://h/a b", "blank"},
      {"https://h/\r\nX: y", "control character"},
      {"https://h\\@evil/", "backslash"},
      {"https://h:0/", "port"},
      {"https://h:65536/", "port"},
      {"https://h:80x/", "port"},
      {"https://h:-1/", "port"},
      {"https://h:1:2/", "port"},
      {"https://[::1/", "closing bracket"},
      {"https://[::1]x/", "between its host"},
      {"https://[h]/", "malformed"},
      {"https://[fe80::1%25eth0]/", "malformed"},
      {"https://h%2Fx/", "cannot have"},
      {"https://m\xc3\xbcnchen.de/", "outside ASCII"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.text);
    auto const url = parse_url(c.text);
    ASSERT_FALSE(url.ok());
    EXPECT_EQ(url.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(url.error().message.find(c.words), std::string::npos) << url.error().message;
    EXPECT_EQ(url.error().message.find("pw"), std::string::npos);
  }
}

TEST(Url, refuses_an_endless_one) {
  EXPECT_FALSE(parse_url("https://h/" + std::string(70'000, 'a')).ok());
}

TEST(Url, compares_origins_by_scheme_host_and_port) {
  auto const same = [](std::string_view a, std::string_view b) {
    return same_origin(parse_url(a).value(), parse_url(b).value());
  };
  EXPECT_TRUE(same("https://h/a", "https://H:443/b?c"));
  EXPECT_FALSE(same("https://h", "http://h"));
  EXPECT_FALSE(same("https://h", "https://h:444"));
  EXPECT_FALSE(same("https://h", "https://h.evil"));
}

TEST(Url, resolves_references_as_rfc_3986_says) {
  struct Case {
    std::string_view reference;
    std::string_view result;
  };
  // RFC 3986 5.4, the http(s) part.
  constexpr Case cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://z/x", "https://z/x"},
      {"g:h", ""},
      {"javascript:alert(1)", ""},
      {"/a%2Fb", "http://a/a%2Fb"},
  };
  auto const base = parse_url("http://a/b/c/d;p?q").value();
  for (auto const& c : cases) {
    SCOPED_TRACE(c.reference);
    auto const url = resolve_url(base, c.reference);
    EXPECT_EQ(url.ok() ? url->to_string() : "", c.result);
  }
  EXPECT_EQ(resolve_url(parse_url("https://h").value(), "x")->to_string(), "https://h/x");
}

TEST(PercentEncoding, escapes_all_but_unreserved_and_comes_back) {
  EXPECT_EQ(percent_encode("ops/incidents"), "ops%2Fincidents");
  EXPECT_EQ(percent_encode("a-._~Z9"), "a-._~Z9");
  EXPECT_EQ(percent_encode(std::string_view("\0 \xc3\xbc+", 5)), "%00%20%C3%BC%2B");
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(PercentEncoding, leaves_broken_escapes_alone) {
  EXPECT_EQ(percent_decode("%"), "%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("%2fx%2F"), "/x/");
}

TEST(Query, round_trips_order_repetition_and_odd_characters) {
  QueryPairs const pairs{{"a", "b c"}, {"c[]", "d&e=f"}, {"c[]", ""}, {"", "x"}, {"ü", "+%"}};
  EXPECT_EQ(encode_query({{"a", "b"}, {"c[]", "d e"}}), "a=b&c%5B%5D=d%20e");
  EXPECT_EQ(decode_query(encode_query(pairs)), pairs);
}

TEST(Query, decodes_what_browsers_and_forms_send) {
  EXPECT_EQ(decode_query("a=1+2&b&&c=%3D=&=v"),
            (QueryPairs{{"a", "1 2"}, {"b", ""}, {"c", "=="}, {"", "v"}}));
  EXPECT_TRUE(decode_query("").empty());
  EXPECT_TRUE(decode_query("&&").empty());
}

}  // namespace
}  // namespace fairlead::net
