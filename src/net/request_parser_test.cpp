#include "net/request_parser.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

using State = RequestParser::State;

struct Parsed {
  State state;
  int failure;
  ServerRequest request;
  bool keep_alive;
  std::string rest;
};

// Feeds `bytes` in pieces of `piece`, keeping what was not taken, as a connection does.
Parsed parse(std::string_view bytes, std::size_t piece,
             RequestParser::Limits limits = {1'000, 1'000}) {
  RequestParser parser(limits);
  std::string buffer;
  std::size_t offset = 0;
  auto const finished = [&] {
    return parser.state() == State::done || parser.state() == State::failed;
  };
  while (!finished()) {
    auto const before = parser.state();
    auto const used = parser.feed(buffer);
    buffer.erase(0, used);
    if (finished() || (!buffer.empty() && (used != 0 || parser.state() != before))) continue;
    if (offset == bytes.size()) break;
    buffer += bytes.substr(offset, piece);
    offset = std::min(bytes.size(), offset + piece);
  }
  return {parser.state(), parser.failure().status, parser.request(), parser.keep_alive(),
          buffer + std::string(bytes.substr(offset))};
}

constexpr std::size_t pieces[] = {1, 2, 3, 7, 64, 100'000};

TEST(RequestParser, reads_a_request_however_it_is_cut) {
  constexpr std::string_view text =
      "POST /a%2Fb/c?x=1+2&x=%41 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-Y:  z "
      "\r\n\r\nhelloGET / HTTP/1.1\r\n";
  for (auto const piece : pieces) {
    SCOPED_TRACE(piece);
    auto const got = parse(text, piece);
    ASSERT_EQ(got.state, State::done);
    EXPECT_EQ(got.request.method, Method::post);
    EXPECT_EQ(got.request.target, "/a%2Fb/c?x=1+2&x=%41");
    EXPECT_EQ(got.request.segments, (std::vector<std::string>{"a/b", "c"}));
    EXPECT_EQ(got.request.query,
              (std::vector<std::pair<std::string, std::string>>{{"x", "1 2"}, {"x", "A"}}));
    EXPECT_EQ(got.request.headers.get("x-y"), "z");
    EXPECT_EQ(got.request.body, "hello");
    EXPECT_TRUE(got.keep_alive);
    EXPECT_EQ(got.rest, "GET / HTTP/1.1\r\n") << "the next request is left for the next";
  }
}

TEST(RequestParser, reads_chunks_with_extensions_and_drops_trailers) {
  constexpr std::string_view text =
      "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "Chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nEvil: 1\r\n\r\nrest";
  for (auto const piece : pieces) {
    SCOPED_TRACE(piece);
    auto const got = parse(text, piece);
    ASSERT_EQ(got.state, State::done) << got.failure;
    EXPECT_EQ(got.request.body, "abc0123456789");
    EXPECT_FALSE(got.request.headers.contains("Evil"));
    EXPECT_EQ(got.rest, "rest");
  }
}

// Beast before 1.86 asserts here (boostorg/beast#2861): once the last chunk's line is read, a next
// piece that brings its total to four bytes ended the process.
TEST(RequestParser, reads_an_empty_chunked_body_however_its_end_is_cut) {
  constexpr std::string_view head =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::string_view bodies[] = {"0\r\n\r\n", "00\r\n\r\n", "0;a=b\r\n\r\n",
                                         "1\r\na\r\n0\r\n\r\n", "0\r\nT: 1\r\n\r\n"};
  for (auto const body : bodies) {
    for (auto const piece : pieces) {
      SCOPED_TRACE(std::string(body) + " in pieces of " + std::to_string(piece));
      auto const got = parse(std::string(head) + std::string(body) + "rest", piece);
      ASSERT_EQ(got.state, State::done) << got.failure;
      EXPECT_EQ(got.request.body, body.starts_with('1') ? "a" : "");
      EXPECT_EQ(got.rest, "rest");
    }
  }
  auto const broken = parse(std::string(head) + "0\r\n4;a=b\r\nabc\r\n0\r\n\r\n", 1);
  EXPECT_EQ(broken.state, State::failed);
  EXPECT_EQ(broken.failure, 400);
}

TEST(RequestParser, refuses_what_could_be_read_in_two_ways) {
  struct Case {
    std::string_view text;
    int status;
  };
  std::string const long_header =
      "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n";
  std::string many_headers = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i)
    many_headers += "X: yyyyyyy\r\n";
  Case const cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 501},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505},
      {"BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"get / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 505},
      {"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"\x16\x03\x01\x02", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n", 417},
      {long_header, 431},
      {many_headers, 431},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413},
  };
  for (auto const& c : cases) {
    for (auto const piece : pieces) {
      SCOPED_TRACE(std::string(c.text.substr(0, 120)) + " in pieces of " + std::to_string(piece));
      auto const got = parse(c.text, piece);
      EXPECT_EQ(got.state, State::failed);
      EXPECT_EQ(got.failure, c.status);
    }
  }
}

TEST(RequestParser, does_not_take_a_bare_line_feed_for_the_end_of_a_line) {
  for (auto const piece : pieces) {
    EXPECT_NE(parse("GET / HTTP/1.1\nHost: h\n\n", piece).state, State::done);
    EXPECT_NE(parse("GET / HTTP/1.1\r\nHost: h\n\n", piece).state, State::done);
  }
}

TEST(RequestParser, takes_exactly_what_the_limits_allow) {
  std::string const body(1'000, 'b');
  auto const got =
      parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body, 100'000);
  EXPECT_EQ(got.state, State::done);
  EXPECT_EQ(got.request.body, body);
}

TEST(RequestParser, sums_up_chunks_for_the_body_limit) {
  std::string text = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 11; ++i)
    text += "64\r\n" + std::string(100, 'c') + "\r\n";
  EXPECT_EQ(parse(text, 50).failure, 413);
}

TEST(RequestParser, takes_the_path_out_of_an_absolute_target) {
  auto const got = parse("GET http://h:1/a/b?c=d HTTP/1.1\r\nHost: h:1\r\n\r\n", 100'000);
  ASSERT_EQ(got.state, State::done);
  EXPECT_EQ(got.request.segments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(got.request.query.size(), 1u);
}

TEST(RequestParser, knows_when_the_connection_ends) {
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 99).keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n", 99).keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 99).keep_alive);
}

}  // namespace
}  // namespace fairlead::net
