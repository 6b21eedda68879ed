// A Keeper and its Webhooks over a scripted GitLab, for the tests of both.
//
// One project with hooks and pipelines that notes every request, a store in memory, a clock that
// stands still unless it is told otherwise. One thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gitlab/hook_release.h"
#include "gitlab/keeper.h"
#include "store/memory/memory_store.h"
#include "store/wakes.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::gitlab {
// One project with hooks and pipelines; notes every request.
class ScriptedGitLab final : public action::Api, public action::ApiProvider {
 public:
  Result<action::Response> send(action::Request const& request) override {
    std::string const line = std::string(net::to_string(request.method)) + " " + request.path;
    if (auto const name = project_in(request.path); !name.empty()) return project(name);
    asked.push_back(line);
    if (failure) return *failure;
    if (request.path.ends_with("/hooks") && request.method == net::Method::post)
      return create(request.body);
    auto const slash = request.path.rfind('/');
    std::int64_t const id = std::atoll(request.path.c_str() + slash + 1);
    if (request.path.find("/pipelines/") != std::string::npos) {
      if (!pipelines.contains(id)) return missing();
      return ok(pipeline(id));
    }
    if (request.path.find("/test/") != std::string::npos) {
      if (on_test) on_test();
      return ok(Json::object());
    }
    if (!hook || (*hook)["id"].as_integer() != id) return missing();
    if (request.method == net::Method::delete_) hook.reset();
    if (request.method == net::Method::put) merge(request.body);
    return ok(hook ? *hook : Json());
  }
  Result<action::ListSummary> list(action::Request const& request, action::ListOptions const&,
                                   action::ItemSink const& sink) override {
    asked.push_back("LIST " + request.path);
    if (request.path.ends_with("/hooks")) {
      if (hook) FAIRLEAD_CHECK(sink(*hook));
      return action::ListSummary{};
    }
    for (auto const& [name, value] : request.query) {
      if (name == "updated_after") listed_after = value;
    }
    for (auto const& [id, status] : pipelines)
      FAIRLEAD_CHECK(sink(pipeline(id)));
    return action::ListSummary{};
  }
  Result<Json> account() override { return Json::object(); }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  Result<std::shared_ptr<action::Api>> open(std::string_view name) override {
    if (name == dead) {
      asked.emplace_back("dead");
      return make_error(ErrorKind::unavailable, "no route to the host");
    }
    return std::shared_ptr<action::Api>(this, [](action::Api*) {});
  }
  std::vector<std::string> take() { return std::exchange(asked, {}); }
  void merge(Json const& body) {
    for (auto const& [name, value] : body.members())
      hook->set(name, value);
    for (auto const* secret : {"token", "signing_token"})
      hook->erase(secret);
    hook->set("alert_status", "executable");
  }

  std::string dead{"-"};           // a connection whose GitLab does not answer
  std::vector<std::string> asked;  // but for what a project is called
  std::vector<std::string> looked_up;
  std::map<std::string, Json> projects;  // by number or path, as it is asked for
  std::map<std::int64_t, std::string> pipelines;
  std::string clock_says;    // when they were updated, if it says
  std::string listed_after;  // of the newest listing
  std::optional<Json> hook;
  std::optional<Error> failure;
  std::optional<Error> refusal;  // of making a hook
  std::function<void()> on_test;
  std::function<void()> on_create;
  int created_id{77};

 private:
  [[nodiscard]] Json pipeline(std::int64_t id) const {
    Json shown = Json::object({{"id", id}, {"status", pipelines.at(id)}});
    if (!clock_says.empty()) shown.set("updated_at", clock_says);
    return shown;
  }
  static action::Response ok(Json body) { return {.status = 200, .body = std::move(body)}; }
  static Error missing() {
    Error error = make_error(ErrorKind::not_found, "404 Not found");
    error.status = 404;
    return error;
  }
  // "ops%2Fweb" of "/projects/ops%2Fweb"; "" if it is something of a project.
  static std::string project_in(std::string const& path) {
    constexpr std::string_view start = "/projects/";
    bool const one = path.starts_with(start) && path.find('/', start.size()) == std::string::npos;
    return one ? path.substr(start.size()) : "";
  }
  Result<action::Response> project(std::string const& name) {
    looked_up.push_back(name);
    if (failure) return *failure;
    if (!projects.contains(name)) return missing();
    return ok(projects[name]);
  }
  Result<action::Response> create(Json const& body) {
    if (refusal) return *refusal;
    hook = Json::object({{"id", created_id}});
    merge(body);
    if (on_create) on_create();
    return ok(*hook);
  }
  std::string base_url_{"http://127.0.0.1:3000"};
};

class KeeperTest : public ::testing::Test {
 protected:
  KeeperTest() {
    store::ConnectionRecord connection;
    connection.id = ConnectionId("c1");
    connection.name = "gitlab";
    connection.base_url = "http://127.0.0.1:3000";
    EXPECT_TRUE(store_->connections().insert(connection).ok());
    gitlab_.on_test = [this] { deliver(); };
  }
  // A genuine delivery, as the intake notes it.
  void deliver() {
    auto const hooks = store_->webhooks().list();
    for (auto const& hook : *hooks)
      EXPECT_TRUE(store_->webhooks().delivered(hook.id, {.at = clock_.now()}).ok());
  }
  void wait_at(std::string const& place) {
    store::RunChange change;
    change.run.id = RunId("run-" + place);
    change.run.status = "waiting";
    change.run.last_seq = 1;
    change.journal.push_back({.seq = 1, .kind = "run-started"});
    change.timers_set.push_back({.key = "call:1",
                                 .due_at = clock_.now() + std::chrono::hours(1),
                                 .wake_key = "gitlab:" + place});
    store::Commit batch;
    batch.runs.push_back(change);
    ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
  }
  void wait_for(std::int64_t pipeline, int runs = 1) {
    for (int i = 0; i < runs; ++i) {
      store::RunChange change;
      change.run.id = RunId("run-" + std::to_string(pipeline) + "-" + std::to_string(i));
      change.run.status = "waiting";
      change.run.last_seq = 1;
      change.journal.push_back({.seq = 1, .kind = "run-started"});
      change.timers_set.push_back(
          {.key = "call:1",
           .due_at = clock_.now() + std::chrono::hours(1),
           .wake_key = "gitlab:c1:project:12:pipeline:" + std::to_string(pipeline)});
      store::Commit batch;
      batch.runs.push_back(change);
      ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
    }
  }
  void make_keeper(std::string public_url = "http://127.0.0.1:8420") {
    webhooks_ = std::make_unique<Webhooks>(Webhooks::Parts{.store = store_->webhooks(),
                                                           .vault = vault_,
                                                           .apis = gitlab_,
                                                           .clock = clock_,
                                                           .random = random_,
                                                           .log = *log_,
                                                           .connections = &store_->connections()},
                                           WebhookOptions{.public_url = std::move(public_url)});
    keeper_ = std::make_unique<Keeper>(
        Keeper::Parts{.store = *store_,
                      .webhooks = *webhooks_,
                      .apis = gitlab_,
                      .clock = clock_,
                      .random = random_,
                      .log = *log_,
                      .wake = [this](std::string const& key) -> Result<std::int64_t> {
                        woken_.push_back(key);
                        return std::int64_t{1};
                      },
                      .published = [this] { return published_; }});
  }
  // Rounds until that much time has passed.
  void live(Milliseconds length) {
    Time const end = clock_.now() + length;
    while (clock_.now() < end)
      clock_.advance(keeper_->work());
  }
  store::WebhookRecord hook() { return store_->webhooks().list()->at(0); }

  testing::VirtualClock clock_;
  testing::SeededRandom random_{3};
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<store::Store> store_ =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  vault::Vault vault_{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'm')), .where = "test"}}, random_};
  ScriptedGitLab gitlab_;
  std::unique_ptr<Webhooks> webhooks_;
  std::unique_ptr<Keeper> keeper_;
  std::vector<std::string> woken_;
  Result<std::vector<std::shared_ptr<workflow::Document const>>> published_{
      std::vector<std::shared_ptr<workflow::Document const>>{}};
};

}  // namespace fairlead::gitlab
