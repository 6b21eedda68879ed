#include "sandbox/form.h"

#include <gtest/gtest.h>

namespace fairlead::sandbox {
namespace {

Json nested(std::string_view text) {
  Json json = Json::object();
  nest_pairs(split_pairs(text), json);
  return json;
}

TEST(Form, splits_the_path_before_it_decodes) {
  EXPECT_EQ(split_path("/api/v4/projects/ops%2Fincidents/issues?x=%2F"),
            (std::vector<std::string>{"api", "v4", "projects", "ops/incidents", "issues"}));
}

TEST(Form, nests_like_rack) {
  struct Row {
    char const* text;
    char const* json;
  };
  for (Row const& row : {Row{"a=1&b=x+y%21", R"({"a":"1","b":"x y!"})"},
                         Row{"ids[]=1&ids[]=2", R"({"ids":["1","2"]})"},
                         Row{"not%5Blabels%5D=a", R"({"not":{"labels":"a"}})"},
                         Row{"v[][key]=A&v[][value]=1&v[][key]=B&v[][value]=2",
                             R"({"v":[{"key":"A","value":"1"},{"key":"B","value":"2"}]})"},
                         Row{"a=1&a=2", R"({"a":"2"})"}, Row{"odd[=1", R"({"odd[":"1"})"},
                         Row{"%zz=%4", R"({"%zz":"%4"})"}}) {
    EXPECT_EQ(nested(row.text).dump(), row.json) << row.text;
  }
}

TEST(Form, encodes_what_it_decodes) {
  std::string const text = "a/b c+d%&=ü\n";
  EXPECT_EQ(decode_percent(encode_percent(text)), text);
  EXPECT_EQ(decode_form("a+b%2B"), "a b+");
}

TEST(Form, reads_multipart_fields) {
  std::string const body =
      "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHello\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"labels[]\"\r\n\r\na\r\n--x--\r\n";
  EXPECT_EQ(split_multipart("multipart/form-data; boundary=x", body),
            (Pairs{{"title", "Hello"}, {"labels[]", "a"}}));
}

TEST(Form, finds_cookies_and_escapes_html) {
  EXPECT_EQ(cookie_value("a=1; _gitlab_session=xyz", "_gitlab_session"), "xyz");
  EXPECT_EQ(cookie_value("a=1", "b"), "");
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

}  // namespace
}  // namespace fairlead::sandbox
