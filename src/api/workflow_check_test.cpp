// Checks before publishing, templates with questions, real data to build with.
#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

std::string text_with(std::string const& tasks) {
  return "document: {dsl: '1.0.3', namespace: tests, name: loop, version: '1.0.0'}\n"
         "schedule: {on: {one: {with: {type: com.x.a}}}}\n"
         "do:\n" +
         tasks;
}
std::string const looping = text_with("- again: {emit: {event: {with: {type: com.x.a}}}}\n");

std::string codes(Json const& problems) {
  std::string all;
  for (auto const& problem : problems.items())
    all += (all.empty() ? "" : " ") + problem["severity"].as_string() + ":" +
           problem["code"].as_string();
  return all;
}

struct Checks : World {
  Json check(std::string const& source) {
    return json_of(post("/api/v1/workflows/check", Json::object({{"source", source}})));
  }
  net::ServerResponse publish(std::string const& source, std::string const& query = "") {
    return call({.method = net::Method::post,
                 .target = "/api/v1/workflows" + query,
                 .body = source,
                 .headers = {{"Content-Type", "application/yaml"}}});
  }
};

TEST_F(Checks, say_more_than_validation_does) {
  auto const answer = check(text_with("- a: {set: {x: 1}, then: end}\n- b: {set: {x: 2}}\n"));
  EXPECT_TRUE(answer["ok"].as_bool());
  EXPECT_EQ(codes(answer["problems"]), "warning:unreachable");
  EXPECT_EQ(codes(check(looping)["problems"]), "error:own-event");
  EXPECT_FALSE(check("do: {}")["ok"].as_bool());
}

TEST_F(Checks, an_endless_loop_is_published_by_force_only) {
  EXPECT_EQ(publish(looping).status, 400);
  EXPECT_TRUE(store->workflows().latest()->empty());
  auto const forced = publish(looping, "?force=true");
  EXPECT_EQ(forced.status, 201);
  EXPECT_EQ(codes(json_of(forced)["problems"]), "warning:own-event");
}

TEST_F(World, a_template_asks_and_becomes_a_text) {
  auto const items = json_of(get("/api/v1/templates"))["items"];
  ASSERT_EQ(items.items().size(), 4u);
  auto const& incident = items.items()[1];
  EXPECT_EQ(incident["id"].as_string(), "incident-to-issue");
  EXPECT_EQ(incident["trigger"].as_string(), "com.example.incident.opened");
  EXPECT_EQ(incident["fields"].items()[2]["parent"].as_string(), "runbook_project");
  EXPECT_EQ(incident["steps"].items()[0].as_string(), "create issue");
  auto const made =
      post("/api/v1/templates/incident-to-issue/instantiate",
           Json::object({{"name", "mine"}, {"values", Json::object({{"project", "a/b"}})}}));
  EXPECT_EQ(made.status, 200);
  EXPECT_NE(json_of(made)["source"].as_string().find("project: 'a/b'"), std::string::npos);
  EXPECT_EQ(post("/api/v1/templates/none/instantiate", Json::object()).status, 404);
}

TEST_F(Checks, samples_are_of_real_runs_and_of_events_that_would_start_it) {
  ASSERT_EQ(publish(text_with("- a: {set: {x: 1}}\n")).status, 201);
  for (auto const* type : {"com.x.a", "com.x.b"}) {
    store::EventRecord event;
    event.source = "test";
    event.id = type;
    event.type = type;
    event.envelope = Json::object({{"type", type}, {"data", Json::object({{"n", 1}})}});
    event.received_at = clock.now();
    ASSERT_TRUE(store->events().append(event).ok());
  }
  ASSERT_EQ(
      post("/api/v1/workflows/tests/loop/run", Json::object({{"input", Json::object({{"n", 2}})}}))
          .status,
      201);
  auto const items = json_of(get("/api/v1/workflows/tests/loop/samples"))["items"];
  ASSERT_EQ(items.items().size(), 2u) << items.dump();
  EXPECT_TRUE(items.items()[0]["label"].as_string().starts_with("Run of "));
  EXPECT_EQ(items.items()[0]["input"].dump(), R"({"n":2})");
  EXPECT_EQ(items.items()[1]["id"].as_string(), "event:1");
  EXPECT_EQ(items.items()[1]["input"].dump(), R"([{"n":1}])");
}

}  // namespace
}  // namespace fairlead::api
