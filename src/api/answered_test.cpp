#include "api/answered.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

class Lines final : public Log {
 public:
  void write(LogLevel /*level*/, std::string_view message,
             std::initializer_list<Json::Member> fields) override {
    Json line = Json::object({{"message", std::string(message)}});
    for (auto const& [name, value] : fields)
      line.set(name, value);
    lines.push_back(std::move(line));
  }
  std::vector<Json> lines;
};

TEST_F(World, every_answer_has_a_request_id_of_the_callers_or_a_new_one) {
  auto const with = [&](std::string id) {
    return std::string(
        call({.target = "/api/v1/runs/none", .headers = {{"X-Request-Id", std::move(id)}}})
            .headers.get("X-Request-Id"));
  };
  EXPECT_EQ(with("ticket-7:a"), "ticket-7:a");
  EXPECT_EQ(with("no blanks").size(), 36u);
  EXPECT_EQ(with(std::string(129, 'x')).size(), 36u);
  auto const first = get("/healthz").headers.get("X-Request-Id");
  EXPECT_EQ(first.size(), 36u);
  EXPECT_EQ(visit("/api/v1/runs").headers.get("X-Request-Id").size(), 36u) << "refusals too";
}

TEST_F(World, refusals_of_the_guard_are_counted) {
  visit("/api/v1/runs");
  auto const text = get("/metrics").body;
  EXPECT_NE(text.find("{method=\"GET\",route=\"/api/v1/runs\",status=\"401\"} 1\n"),
            std::string::npos)
      << text;
}

TEST_F(World, a_line_of_the_log_tells_the_route_and_never_the_path) {
  Lines lines;
  auto const route =
      answered({.method = net::Method::post,
                .pattern = "/oauth/start/{state}",
                .handler = [](net::ServerRequest const&) { return net::text_response(204, ""); }},
               {.meter = meter, .clock = clock, .random = random, .log = lines});
  net::ServerRequest request;
  request.target = "/oauth/start/very-secret-state?code=shh";
  request.headers.add("X-Request-Id", "r1");
  route.handler(request);
  ASSERT_EQ(lines.lines.size(), 1u);
  EXPECT_EQ(lines.lines[0], *Json::parse(R"({"message": "request", "requestId": "r1",
      "method": "POST", "route": "/oauth/start/{state}", "status": 204, "durationMs": 0})"));
}

}  // namespace
}  // namespace fairlead::api
