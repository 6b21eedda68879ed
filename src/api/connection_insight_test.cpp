#include "api/connection_insight.h"

#include <algorithm>

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

constexpr char const* version_url = "https://gitlab.test/api/v4/version";

struct InsightWorld : World {
  void SetUp() override {
    ASSERT_EQ(post("/api/v1/connections",
                   Json::object({{"baseUrl", "https://gitlab.test"}, {"clientId", "app"}}))
                  .status,
              201);
  }
  net::ServerResponse patch(Json const& body) {
    return call({.method = Method::patch,
                 .target = "/api/v1/connections/gitlab",
                 .body = body.dump(),
                 .headers = {{"Content-Type", "application/json"}}});
  }
  void publish(std::string const& name, std::string const& connection) {
    std::string const text = "document: {dsl: 1.0.3, namespace: tests, name: " + name +
                             ", version: 1.0.0}\ndo:\n  - list:\n      try:\n        - a:\n"
                             "            call: list-things:1.0.0@gitlab\n            with: {" +
                             connection + "}\n      catch: {then: continue}\n";
    auto answer = call({.method = Method::post,
                        .target = "/api/v1/workflows",
                        .body = text,
                        .headers = {{"Content-Type", "application/yaml"}}});
    ASSERT_EQ(answer.status, 201) << answer.body;
  }
};

TEST_F(InsightWorld, permissions_say_what_a_kept_read_only_connection_may_do) {
  EXPECT_EQ(patch(Json::object({{"readOnly", true}})).status, 200);
  auto json = json_of(get("/api/v1/connections/gitlab/permissions"));
  EXPECT_TRUE(json["readOnly"].as_bool());
  ASSERT_EQ(json["actions"].size(), 1u);
  Json const& action = json["actions"].at(0);
  EXPECT_TRUE(action["allowed"].as_bool());
  EXPECT_EQ(action["narrowerScope"].as_string(), "read_api");
  EXPECT_TRUE(json["scopes"].at(0)["granted"].as_bool());
}

TEST_F(InsightWorld, disconnecting_tells_what_breaks_and_wipes_the_rest) {
  EXPECT_EQ(patch(Json::object({{"aliases", Json::array({"production"})}})).status, 200);
  publish("default-one", "");
  publish("by-alias", "connection: production");
  publish("computed", "connection: '${ .env }'");
  publish("another", "connection: elsewhere");
  auto impact = json_of(get("/api/v1/connections/gitlab/impact"));
  std::vector<std::string> names;
  for (auto const& one : impact["workflows"].items())
    names.push_back(one["name"].as_string() + (one["certain"].as_bool() ? "" : "?"));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"by-alias", "computed?", "default-one"}));
  auto gone = json_of(call({.method = Method::delete_, .target = "/api/v1/connections/gitlab"}));
  EXPECT_EQ(gone["impact"]["workflows"].size(), 3u);
  EXPECT_EQ(get("/api/v1/connections/gitlab").status, 404);
}

TEST_F(InsightWorld, a_change_refuses_what_it_does_not_know) {
  EXPECT_EQ(json_of(patch(Json::object({{"nmae", "x"}})))["where"].as_string(), "nmae");
  EXPECT_EQ(json_of(patch(Json::object({{"minimumRole", "boss"}})))["where"].as_string(),
            "minimumRole");
  EXPECT_EQ(json_of(patch(Json::object({{"aliases", "x"}})))["where"].as_string(), "aliases");
  auto changed = patch(Json::object({{"name", "company"}, {"minimumRole", "author"}}));
  EXPECT_EQ(json_of(changed)["minimumRole"].as_string(), "author");
  EXPECT_EQ(get("/api/v1/connections/company").status, 200);
}

TEST_F(InsightWorld, a_probe_shows_what_stands_there_and_a_test_its_steps) {
  gitlab.on(Method::get, version_url)
      .answer_json(401, Json::object({{"message", "401 Unauthorized"}}));
  gitlab.on(Method::get, "https://gitlab.test/.well-known/openid-configuration")
      .answer_json(404, Json::object());
  auto probe = json_of(
      post("/api/v1/connections/probe", Json::object({{"baseUrl", "https://gitlab.test/"}})));
  EXPECT_TRUE(probe["gitlab"].as_bool());
  EXPECT_EQ(probe["tls"]["state"].as_string(), "good");
  EXPECT_EQ(probe["redirectUri"].as_string(), "https://fairlead.test/oauth/callback");
  EXPECT_FALSE(probe.contains("problem"));
  Error refused = make_error(ErrorKind::unavailable, "Could not connect: refused.");
  refused.details = Json::object({{"stage", "tls"}});
  gitlab.on(Method::get, version_url).fail(refused);
  auto test = json_of(post("/api/v1/connections/gitlab/test", Json::object()));
  EXPECT_FALSE(test["ok"].as_bool());
  EXPECT_EQ(test["steps"].at(2)["id"].as_string(), "tls");
  EXPECT_EQ(test["steps"].at(2)["state"].as_string(), "failed");
}

}  // namespace
}  // namespace fairlead::api
