// Versions of workflows through the API: drafts, diff, rollback, plan, apply, export, schedules.
#include <gtest/gtest.h>

#include "api/world_test.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

std::string text(std::string const& version, std::string const& value,
                 std::string const& name = "steps", std::string const& schedule = "") {
  return "document: {dsl: '1.0.3', namespace: tests, name: " + name + ", version: '" + version +
         "'}  # kept\n" + schedule + "do:\n- first: {set: {a: " + value + "}}\n";
}

struct Versions : World {
  net::ServerResponse send(Method method, std::string const& path, std::string const& yaml) {
    return call({.method = method,
                 .target = "/api/v1/workflows" + path,
                 .body = yaml,
                 .headers = {{"Content-Type", "application/yaml"}}});
  }
  void publish(std::string const& yaml) {
    auto const done = send(Method::post, "", yaml);
    EXPECT_EQ(done.status, 201) << done.body;
  }
  Json show(std::string const& query = "") {
    return json_of(get("/api/v1/workflows/tests/steps" + query));
  }
  net::ServerResponse act(std::string const& what, Json const& body = Json::object()) {
    return post("/api/v1/workflows/tests/steps/" + what, body);
  }
  std::string statuses() {
    std::string found;
    auto const versions = store->workflows().versions("tests", "steps");
    for (auto const& each : *versions)
      found += (found.empty() ? "" : " ") + each.version + " " + each.status;
    return found;
  }
  static Json folder(std::vector<std::string> const& sources) {
    Json files = Json::array();
    for (auto const& source : sources)
      files.push_back(Json::object(
          {{"path", "f" + std::to_string(files.size()) + ".yaml"}, {"source", source}}));
    return Json::object({{"files", std::move(files)}});
  }
  Json plan(Json const& body) { return json_of(post("/api/v1/workflows/plan", body)); }
  static std::string summary(Json const& plan) { return plan["summary"].dump(); }
};

TEST_F(Versions, tell_when_they_were_changed_and_how_the_last_run_ended) {
  publish(text("1.0.0", "1"));
  auto const row = [&] { return json_of(get("/api/v1/workflows"))["items"].at(0); };
  EXPECT_EQ(row()["updatedAt"], row()["createdAt"]);
  EXPECT_FALSE(row().contains("lastOutcome"));
  EXPECT_FALSE(show().contains("lastOutcome"));
  clock.advance(std::chrono::minutes(1));
  auto const run = json_of(act("run"))["id"];
  engine.run_until_idle();
  clock.advance(std::chrono::minutes(1));
  ASSERT_EQ(send(Method::put, "/tests/steps/draft", text("1.0.1", "2")).status, 200);
  EXPECT_EQ(row()["updatedAt"], Json(format_time(clock.now()))) << "a draft is a change";
  EXPECT_EQ(row()["lastOutcome"]["run"], run);
  EXPECT_EQ(row()["lastOutcome"]["status"], Json("completed"));
  EXPECT_EQ(row()["lastOutcome"]["endedAt"],
            Json(format_time(clock.now() - std::chrono::minutes(1))));
  EXPECT_EQ(show()["lastOutcome"], row()["lastOutcome"]);
  EXPECT_EQ(show()["updatedAt"], row()["updatedAt"]);
}

TEST_F(Versions, a_draft_of_what_is_published_is_the_next_patch_version) {
  publish(text("1.0.0", "1"));
  auto const saved = send(Method::put, "/tests/steps/draft", text("1.0.0", "2"));
  ASSERT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(json_of(saved)["version"], Json("1.0.1"));
  EXPECT_EQ(json_of(saved)["source"], Json(text("1.0.1", "2")));
  // Edited again, it stays the same draft.
  send(Method::put, "/tests/steps/draft", text("1.0.0", "3"));
  EXPECT_EQ(statuses(), "1.0.1 draft 1.0.0 published");
  EXPECT_EQ(show()["version"], Json("1.0.0"));
  EXPECT_EQ(show("?version=1.0.1")["status"], Json("draft"));
  EXPECT_EQ(act("run", Json::object({{"version", "1.0.1"}})).status, 409);
  EXPECT_EQ(act("publish").status, 201);
  EXPECT_EQ(statuses(), "1.0.1 published 1.0.0 published");
  EXPECT_EQ(show()["source"], Json(text("1.0.1", "3")));
  EXPECT_EQ(act("publish").status, 404);
}

TEST_F(Versions, who_made_a_version_is_named) {
  auto by_role = [&](Method method, std::string const& path, std::string const& body,
                     access::Role role) {
    return call({.method = method,
                 .target = "/api/v1/workflows" + path,
                 .body = body,
                 .headers = {{"Content-Type", "application/yaml"},
                             {"Authorization", "Bearer " + token_of(role)}}})
        .status;
  };
  EXPECT_EQ(by_role(Method::post, "", text("1.0.0", "1"), access::Role::org_admin), 201);
  auto const admin = json_of(get("/api/v1/workflows"))["items"].at(0)["by"].as_string();
  EXPECT_FALSE(admin.empty());
  EXPECT_EQ(by_role(Method::put, "/tests/steps/draft", text("1.0.1", "2"), access::Role::author),
            200);
  auto const author = json_of(get("/api/v1/workflows"))["items"].at(0)["by"].as_string();
  EXPECT_NE(author, admin);
  // A refused one is no change.
  EXPECT_EQ(by_role(Method::post, "", "do: []", access::Role::org_admin), 400);
  EXPECT_EQ(json_of(get("/api/v1/workflows"))["items"].at(0)["by"], Json(author));
  EXPECT_EQ(act("publish", Json::object({{"version", "1.0.1"}})).status, 201);
  EXPECT_EQ(act("rollback", Json::object({{"version", "1.0.0"}})).status, 201);
  auto const versions = show()["versions"];
  ASSERT_EQ(versions.size(), 3U);
  for (auto const& version : versions.items())
    EXPECT_FALSE(version["by"].as_string().empty()) << version.dump();
}

TEST_F(Versions, a_draft_may_be_wrong_but_is_not_published_so) {
  auto const saved =
      send(Method::put, "/tests/steps/draft",
           "document: {dsl: '1.0.3', namespace: tests, name: steps, version: '1.0.0'}\ndo: []\n");
  ASSERT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(json_of(saved)["ok"], Json(false));
  EXPECT_FALSE(json_of(saved)["problems"].empty());
  EXPECT_EQ(act("publish").status, 400);
  EXPECT_EQ(send(Method::put, "/tests/other/draft", text("1.0.0", "1")).status, 400);
  auto const gone =
      call({.method = Method::delete_, .target = "/api/v1/workflows/tests/steps/versions/1.0.0"});
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(statuses(), "");
  publish(text("1.0.0", "1"));
  auto const refused =
      call({.method = Method::delete_, .target = "/api/v1/workflows/tests/steps/versions/1.0.0"});
  EXPECT_EQ(refused.status, 409);
}

TEST_F(Versions, rollback_publishes_old_content_as_a_new_version) {
  publish(text("1.0.0", "1"));
  publish(text("1.2.0", "2"));
  auto const done = act("rollback", Json::object({{"version", "1.0.0"}}));
  ASSERT_EQ(done.status, 201) << done.body;
  EXPECT_EQ(json_of(done)["contentOf"], Json("1.0.0"));
  EXPECT_EQ(statuses(), "1.2.1 published 1.2.0 published 1.0.0 published");
  EXPECT_EQ(show()["source"], Json(text("1.2.1", "1")));
  EXPECT_EQ(act("rollback", Json::object({{"version", "9.0.0"}})).status, 404);
}

TEST_F(Versions, diff_compares_the_newest_with_the_one_before) {
  publish(text("1.0.0", "1"));
  EXPECT_EQ(get("/api/v1/workflows/tests/steps/diff").status, 404);
  publish(text("1.1.0", "2"));
  auto const json = json_of(get("/api/v1/workflows/tests/steps/diff"));
  EXPECT_EQ(json["from"], Json("1.0.0"));
  EXPECT_EQ(json["to"], Json("1.1.0"));
  EXPECT_EQ(json["changes"].dump(),
            R"([{"change":"changed","pointer":"/document","changed":["/version"]},)"
            R"({"change":"changed","pointer":"/do/0/first","changed":["/set/a"]}])");
  EXPECT_NE(json["text"].as_string().find("+- first: {set: {a: 2}}\n"), std::string::npos);
  auto const back = json_of(get("/api/v1/workflows/tests/steps/diff?from=1.1.0&to=1.0.0"));
  EXPECT_EQ(back["from"], Json("1.1.0"));
}

TEST_F(Versions, disabling_takes_every_version_out_of_force) {
  publish(text("1.0.0", "1"));
  publish(text("1.1.0", "2"));
  EXPECT_EQ(json_of(act("disable"))["change"], Json("disabled"));
  EXPECT_EQ(json_of(act("disable"))["change"], Json("unchanged"));
  EXPECT_EQ(act("run").status, 404);
  EXPECT_EQ(json_of(act("enable"))["change"], Json("enabled"));
  EXPECT_EQ(act("run").status, 201);
  act("disable");
  EXPECT_EQ(json_of(send(Method::post, "", text("1.1.0", "2")))["change"], Json("enabled"));
  EXPECT_EQ(statuses(), "1.1.0 published 1.0.0 disabled");
}

TEST_F(Versions, a_plan_says_what_applying_does) {
  publish(text("1.0.0", "1"));
  publish(text("1.0.0", "1", "other"));
  auto const body = folder({text("1.0.1", "2"), text("1.0.0", "1", "fresh")});
  auto const first = plan(body);
  EXPECT_EQ(summary(first), R"({"create":1,"unmanaged":1,"update":1})");
  EXPECT_EQ(first["changes"], Json(2));
  EXPECT_EQ(first["items"].at(0)["changes"].at(1)["pointer"], Json("/do/0/first"));
  auto const applied = post("/api/v1/workflows/apply", body);
  ASSERT_EQ(applied.status, 200) << applied.body;
  auto const again = plan(body);
  EXPECT_EQ(summary(again), R"({"unchanged":2,"unmanaged":1})");
  EXPECT_EQ(again["changes"], Json(0));
  EXPECT_EQ(statuses(), "1.0.1 published 1.0.0 published");
  auto pruned = body;
  pruned.set("prune", true);
  EXPECT_EQ(summary(plan(pruned)), R"({"disable":1,"unchanged":2})");
  EXPECT_EQ(post("/api/v1/workflows/apply", pruned).status, 200);
  EXPECT_EQ(store->workflows().get("tests", "other", "1.0.0")->status, "disabled");
  EXPECT_EQ(summary(plan(pruned)), R"({"unchanged":2})");
  EXPECT_EQ(summary(plan(folder({text("1.0.0", "1", "other")}))), R"({"enable":1,"unmanaged":2})");
}

TEST_F(Versions, a_plan_is_applied_as_it_was_read_or_not_at_all) {
  publish(text("1.0.0", "1"));
  auto body = folder({text("1.0.1", "2")});
  body.set("digest", plan(body)["digest"]);
  publish(text("1.0.0", "1", "other"));
  auto const refused = post("/api/v1/workflows/apply", body);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_EQ(statuses(), "1.0.0 published");
  body.erase("digest");
  body.set("digest", plan(body)["digest"]);
  EXPECT_EQ(post("/api/v1/workflows/apply", body).status, 200);
}

TEST_F(Versions, one_wrong_file_stops_the_whole_folder) {
  publish(text("1.1.0", "1"));
  struct Case {
    std::string source;
    std::string change;
  };
  for (auto const& [source, change] : std::initializer_list<Case>{
           {text("1.1.0", "2"), "conflict"},  // published with other content
           {text("1.0.9", "2"), "conflict"},  // older than what is there
           {text("1.2.0", "1, }"), "invalid"}}) {
    auto const body = folder({text("1.0.0", "1", "fresh"), source});
    EXPECT_EQ(plan(body)["items"].at(1)["change"], Json(change)) << source;
    EXPECT_EQ(plan(body)["ok"], Json(false));
    EXPECT_EQ(post("/api/v1/workflows/apply", body).status, 409);
    EXPECT_FALSE(store->workflows().get("tests", "fresh", "1.0.0").ok());
  }
  auto const twice = folder({text("1.1.0", "1"), text("1.1.0", "1")});
  EXPECT_EQ(plan(twice)["items"].at(1)["change"], Json("conflict"));
}

TEST_F(Versions, export_gives_back_every_byte) {
  auto const source = "# a comment\r\n" + text("1.0.0", "1") + "\n\n";
  publish(source);
  publish(text("2.0.0", "1", "other"));
  auto const files = json_of(get("/api/v1/workflows/export"))["files"];
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files.at(1)["path"], Json("tests/steps.yaml"));
  EXPECT_EQ(files.at(1)["source"], Json(source));
  Json body = Json::object({{"files", Json::array()}});
  for (auto const& file : files.items())
    body.find("files")->push_back(
        Json::object({{"path", file["path"]}, {"source", file["source"]}}));
  EXPECT_EQ(summary(plan(body)), R"({"unchanged":2})");
}

TEST_F(Versions, a_schedule_is_shown_with_its_next_start) {
  publish(text("1.0.0", "1", "steps", "schedule: {every: PT1H}\n"));
  engine.run_until_idle();
  EXPECT_EQ(show()["schedule"].dump(),
            R"({"plan":"every PT1H","nextStart":"2026-11-22T13:00:00.000Z","skipped":0})");
  clock.advance(std::chrono::hours(1));
  engine.run_until_idle();
  EXPECT_EQ(show()["schedule"]["lastStart"], Json("2026-11-22T13:00:00.000Z"));
  EXPECT_FALSE(show()["schedule"]["lastRun"].as_string().empty());
  act("disable");
  engine.run_until_idle();
  EXPECT_FALSE(show().contains("schedule"));
}

}  // namespace
}  // namespace fairlead::api
