#include "api/compressed.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

struct Compressed : ::testing::Test {
  net::ServerResponse ask(net::Headers headers = {{"Accept-Encoding", "gzip, br"}}) {
    net::ServerRequest request;
    request.method = method;
    request.headers = std::move(headers);
    auto const route =
        compressed({.method = method, .pattern = path, .handler = [this](auto const& asked) {
                      seen = asked.headers.get("If-None-Match");
                      return answer;
                    }});
    return route.handler(request);
  }
  static net::ServerResponse text(std::size_t size, std::string type = "application/json") {
    auto response = net::text_response(200, std::string(size, 'x'), std::move(type));
    response.headers.set("ETag", "\"abc\"");
    return response;
  }
  Method method{Method::get};
  std::string path{"/api/v1/runs"};
  net::ServerResponse answer = text(5'000);
  std::string seen;
};

TEST_F(Compressed, a_long_text_is_for_who_takes_gzip) {
  auto const packed = ask();
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 200u);
  EXPECT_EQ(packed.headers.get("Vary"), "Accept-Encoding");
  EXPECT_EQ(packed.headers.get("ETag"), "\"abc-gz\"");
  for (net::Headers const& headers : {net::Headers{}, net::Headers{{"Accept-Encoding", "br"}},
                                      net::Headers{{"Accept-Encoding", "gzip;q=0"}}}) {
    auto const plain = ask(headers);
    EXPECT_EQ(plain.body, answer.body);
    EXPECT_FALSE(plain.headers.contains("Content-Encoding"));
    EXPECT_EQ(plain.headers.get("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain.headers.get("ETag"), "\"abc\"");
  }
}

TEST_F(Compressed, leaves_alone_what_is_short_streamed_no_text_or_has_a_coding) {
  auto coded = text(5'000);
  coded.headers.set("Content-Encoding", "br");
  auto stream = text(5'000, "text/event-stream");
  stream.on_stream = [](auto const&) {};
  for (auto const& each : {text(1'399), text(5'000, "image/png"), coded, stream}) {
    answer = each;
    auto const got = ask();
    EXPECT_EQ(got.body, each.body);
    EXPECT_EQ(got.headers.get("ETag"), "\"abc\"");
    EXPECT_FALSE(got.headers.contains("Vary"));
  }
  answer = text(1'400);
  EXPECT_EQ(ask().headers.get("Content-Encoding"), "gzip");
}

TEST_F(Compressed, leaves_alone_what_may_hold_a_secret) {
  method = Method::post;
  EXPECT_FALSE(ask().headers.contains("Content-Encoding"));
  method = Method::get;
  path = "/api/v1/session";
  EXPECT_FALSE(ask().headers.contains("Content-Encoding"));
}

TEST_F(Compressed, the_tag_of_a_compressed_answer_stands_for_the_same) {
  ask({{"If-None-Match", "\"abc-gz\", W/\"def-gz\", \"ghi\""}});
  EXPECT_EQ(seen, "\"abc\", W/\"def\", \"ghi\"");
  answer = net::ServerResponse{};
  answer.status = 304;
  answer.headers.set("ETag", "\"abc\"");
  EXPECT_EQ(ask({{"If-None-Match", "\"abc-gz\""}}).headers.get("ETag"), "\"abc-gz\"");
  EXPECT_EQ(ask({{"If-None-Match", "\"abc\""}}).headers.get("ETag"), "\"abc\"");
  EXPECT_EQ(ask({{"If-None-Match", "\"abc\""}}).headers.get("Vary"), "Accept-Encoding");
}

TEST_F(World, what_was_read_compressed_can_be_asked_for_and_changed_by_its_tag) {
  net::Headers const zipped{{"Accept-Encoding", "gzip"}};
  auto const first = call({.target = "/api/v1/openapi.json", .headers = zipped});
  ASSERT_EQ(first.headers.get("Content-Encoding"), "gzip");
  auto again = zipped;
  again.add("If-None-Match", std::string(first.headers.get("ETag")));
  auto const unchanged = call({.target = "/api/v1/openapi.json", .headers = again});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.headers.get("ETag"), first.headers.get("ETag"));
  // With If-Match: as the tag of an answer that was long enough to be compressed.
  std::string tag(get("/api/v1/settings").headers.get("ETag"));
  tag.insert(tag.size() - 1, "-gz");
  auto const put = [&](std::string const& etag) {
    return call({.method = Method::put,
                 .target = "/api/v1/settings",
                 .body = R"({"retention": {"keepAge": "P90D", "keepRuns": 5}})",
                 .headers = {{"Content-Type", "application/json"}, {"If-Match", etag}}})
        .status;
  };
  EXPECT_EQ(put("\"00000000000000000000000000000000-gz\""), 412);
  EXPECT_EQ(put(tag), 200);
}

}  // namespace
}  // namespace fairlead::api
