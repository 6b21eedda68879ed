// The routes by which a person takes a hand in runs.
#include "api/run_control.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

struct Control : World {
  RunId start_waiting() {
    if (!published_) {
      auto const answer = call({.method = Method::post,
                                .target = "/api/v1/workflows",
                                .body = "document: {dsl: '1.0.3', namespace: tests, name: nap, "
                                        "version: '1.0.0', metadata: {retention: {count: 1}}}\n"
                                        "do:\n- first: {set: {a: 1}}\n- nap: {wait: PT1H}\n",
                                .headers = {{"Content-Type", "application/yaml"}}});
      EXPECT_EQ(answer.status, 201) << answer.body;
      published_ = true;
    }
    auto const started = post("/api/v1/workflows/tests/nap/run", Json::object());
    EXPECT_EQ(started.status, 201) << started.body;
    engine.run_until_idle();
    return RunId(json_of(started)["id"].as_string());
  }
  std::string path(RunId const& run, std::string const& what) {
    return "/api/v1/runs/" + run.text + "/" + what;
  }
  std::string status_of(RunId const& run) { return store->runs().get(run)->status; }

 private:
  bool published_{false};
};

TEST_F(Control, pauses_with_a_reason_and_goes_on) {
  auto const run = start_waiting();
  auto const paused = post(path(run, "pause"), Json::object({{"reason", "release"}}));
  EXPECT_EQ(paused.status, 202) << paused.body;
  EXPECT_EQ(json_of(paused)["status"], Json("suspended"));
  EXPECT_NE(json_of(paused)["waitingFor"].as_string().find("release"), std::string::npos);
  EXPECT_EQ(call({.method = Method::post, .target = path(run, "pause")}).status, 202)
      << "again, without a body";
  EXPECT_EQ(post(path(run, "resume"), Json::object()).status, 202);
  EXPECT_EQ(status_of(run), "waiting");
  EXPECT_EQ(post(path(run, "pause"), Json::object({{"why", "x"}})).status, 400);
  EXPECT_EQ(post(path(RunId("none"), "pause"), Json::object()).status, 404);
}

TEST_F(Control, previews_a_replay_and_starts_it) {
  auto const run = start_waiting();
  EXPECT_EQ(post(path(run, "replay"), Json::object({{"preview", true}})).status, 409)
      << "it has not ended";
  ASSERT_EQ(post(path(run, "cancel"), Json::object()).status, 202);
  auto const preview =
      post(path(run, "replay"), Json::object({{"preview", true}, {"from", "nap"}}));
  ASSERT_EQ(preview.status, 200) << preview.body;
  EXPECT_EQ(json_of(preview)["from"], Json("/do/1/nap"));
  EXPECT_EQ(json_of(preview)["input"], Json::object({{"a", 1}}));
  EXPECT_EQ(json_of(get("/api/v1/runs"))["items"].size(), 1U) << "a preview starts nothing";
  auto const again = post(path(run, "replay"), Json::object({{"from", "nap"}}));
  ASSERT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(json_of(again)["replayOf"], Json(run.text));
  auto const shown = json_of(get("/api/v1/runs/" + json_of(again)["id"].as_string()));
  EXPECT_EQ(shown["replayOfRemoved"], Json(false));
  for (auto const& bad : {Json::object({{"from", "nowhere"}}), Json::object({{"effects", "maybe"}}),
                          Json::object({{"choices", Json::object({{"x", "adopt"}})}}),
                          Json::object({{"version", Json(2)}})})
    EXPECT_EQ(post(path(run, "replay"), bad).status, 400) << bad.dump();
}

TEST_F(Control, settles_only_what_waits_for_a_decision) {
  auto const run = start_waiting();
  auto const decide = [&](Json const& body) { return post(path(run, "effects/decide"), body); };
  EXPECT_EQ(decide(Json::object({{"decision", "fail"}})).status, 404);
  EXPECT_EQ(decide(Json::object({{"decision", "perhaps"}})).status, 400);
  EXPECT_EQ(decide(Json::object({{"decision", "happened"}})).status, 400) << "without an output";
  EXPECT_EQ(json_of(get(path(run, "effects")))["items"].size(), 0U);
}

TEST_F(Control, gives_one_order_to_many_page_by_page) {
  for (int i = 0; i < 3; ++i)
    start_waiting();
  auto const order = [&](Json extra) {
    extra.set("action", "cancel");
    extra.set("filter", Json::object({{"workflow", "tests/nap"}, {"status", "waiting"}}));
    return post("/api/v1/bulk/runs", extra);
  };
  auto const count = order(Json::object({{"dryRun", true}}));
  EXPECT_EQ(json_of(count)["runs"], Json(3)) << count.body;
  auto const first = json_of(order(Json::object({{"limit", 2}})));
  ASSERT_EQ(first["items"].size(), 2U);
  EXPECT_EQ(first["items"].at(0)["done"], Json(true));
  auto const rest = json_of(order(Json::object({{"cursor", first["nextCursor"]}})));
  EXPECT_EQ(rest["items"].size(), 1U);
  EXPECT_EQ(rest["nextCursor"], Json(""));
  EXPECT_EQ(json_of(order(Json::object({{"dryRun", true}})))["runs"], Json(0));
  auto const bad = [&](Json filter) {
    return post("/api/v1/bulk/runs",
                Json::object({{"action", "cancel"}, {"filter", std::move(filter)}}))
        .status;
  };
  EXPECT_EQ(bad(Json::object({{"status", "nice"}})), 400);
  EXPECT_EQ(bad(Json::object({{"startedAfter", "yesterday"}})), 400);
  EXPECT_EQ(bad(Json::object({{"workflow", "nap"}})), 400);
  EXPECT_EQ(post("/api/v1/bulk/runs", Json::object({{"action", "burn"}})).status, 400);
}

TEST_F(Control, removes_history_as_the_workflow_says_and_shows_what_became_of_a_replay) {
  auto const old = start_waiting();
  ASSERT_EQ(post(path(old, "cancel"), Json::object()).status, 202);
  auto const again = json_of(post(path(old, "replay"), Json::object()));
  engine.run_until_idle();
  clock.advance(std::chrono::seconds(1));
  auto const other = start_waiting();
  ASSERT_EQ(post(path(other, "cancel"), Json::object()).status, 202);
  auto const counted = post("/api/v1/history/prune", Json::object({{"dryRun", true}}));
  ASSERT_EQ(counted.status, 200) << counted.body;
  EXPECT_EQ(json_of(counted)["items"].at(0)["runs"], Json(1));
  EXPECT_TRUE(store->runs().get(old).ok());
  EXPECT_EQ(post("/api/v1/history/prune", Json::object()).status, 200);
  EXPECT_FALSE(store->runs().get(old).ok());
  EXPECT_EQ(json_of(get("/api/v1/history"))["runsRemoved"], Json(1));
  auto const shown = json_of(get("/api/v1/runs/" + again["id"].as_string()));
  EXPECT_EQ(shown["replayOf"], Json(old.text));
  EXPECT_EQ(shown["replayOfRemoved"], Json(true));
}

}  // namespace
}  // namespace fairlead::api
