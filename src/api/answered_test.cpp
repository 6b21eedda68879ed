#include "api/answered.h"

#include "api/guard.h"
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

TEST_F(World, a_problem_says_which_request_it_answers) {
  for (auto const* path : {"/api/v1/runs/none", "/api/v1/connections/none", "/api/v1/nowhere"}) {
    auto const answer = call({.target = path, .headers = {{"X-Request-Id", "ticket-7"}}});
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(json_of(answer)["requestId"], Json("ticket-7")) << path << answer.body;
  }
  auto const refused = visit("/api/v1/runs");
  EXPECT_EQ(json_of(refused)["requestId"], Json(refused.headers.get("X-Request-Id")));
}

TEST_F(World, what_no_route_takes_has_an_id_and_is_counted_as_one) {
  EXPECT_EQ(visit("/nowhere/at/all").headers.get("X-Request-Id").size(), 36u);
  auto const text = get("/metrics").body;
  EXPECT_NE(text.find("{method=\"GET\",route=\"other\",status=\"404\"} 1\n"), std::string::npos);
  EXPECT_EQ(text.find("nowhere"), std::string::npos) << text;
}

TEST_F(World, the_log_names_the_caller_and_no_stranger) {
  Lines lines;
  auto const handler = [](Call const& call) -> Result<net::ServerResponse> {
    call.note.actor = access::Principal{};
    call.note.actor->name = "hunter2";  // typed into the wrong field, say
    return make_error(ErrorKind::conflict, "No.");
  };
  auto const caller_at = [&](std::optional<access::Role> role, std::string const& token) {
    auto const route = answered(
        guarded({.method = net::Method::post, .path = "/x", .role = role, .handler = handler},
                guard()),
        {.meter = meter, .clock = clock, .random = random, .log = lines});
    net::ServerRequest request;
    request.method = net::Method::post;
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    route.handler(request);
    return lines.lines.back()["caller"];
  };
  auto const viewer = token_of(access::Role::viewer);
  EXPECT_EQ(caller_at(access::Role::viewer, viewer), Json("viewer"));
  EXPECT_EQ(caller_at(access::Role::author, viewer), Json("viewer")) << "refused, but known";
  EXPECT_EQ(caller_at(access::Role::viewer, "nonsense"), Json("anonymous"));
  EXPECT_EQ(caller_at(access::Role::viewer, ""), Json("anonymous"));
  EXPECT_EQ(caller_at(std::nullopt, ""), Json("anonymous"));
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
  auto const route = answered({.method = net::Method::post,
                               .pattern = "/oauth/start/{state}",
                               .handler =
                                   [](net::ServerRequest const&) {
                                     auto response = net::text_response(204, "");
                                     response.asked_by = "ada (token ci)";
                                     return response;
                                   }},
                              {.meter = meter, .clock = clock, .random = random, .log = lines});
  net::ServerRequest request;
  request.target = "/oauth/start/very-secret-state?code=shh";
  request.headers.add("X-Request-Id", "r1");
  route.handler(request);
  ASSERT_EQ(lines.lines.size(), 1u);
  EXPECT_EQ(lines.lines[0], *Json::parse(R"~({"message": "request", "requestId": "r1",
      "caller": "ada (token ci)", "method": "POST", "route": "/oauth/start/{state}", "status": 204,
      "durationMs": 0})~"));
}

}  // namespace
}  // namespace fairlead::api
