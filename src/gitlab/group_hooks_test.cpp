// One webhook of a group instead of one in each project.
#include "gitlab/group_hooks.h"

#include <gtest/gtest.h>

#include <set>

#include "gitlab/hook_intake.h"
#include "gitlab/hook_place.h"
#include "gitlab/hook_secrets.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::gitlab {
namespace {

// Projects 11 to 19 of the group ops/teams, 21 to 29 of persons; hooks by where they sit.
class GroupedGitLab final : public action::Api, public action::ApiProvider {
 public:
  Result<action::Response> send(action::Request const& request) override {
    ++asked;
    if (failure) return *failure;
    std::string const& path = request.path;
    auto const hooks_at = path.find("/hooks");
    if (hooks_at == std::string::npos) return ok(project(path.substr(path.rfind('/') + 1)));
    if (hooks_failure) return *hooks_failure;
    std::string const place = path.substr(1, hooks_at - 1);
    if (path.find("/test/") != std::string::npos) return ok(Json::object());
    if (place.starts_with("groups/") && !paid) return refused();
    if (request.method == net::Method::post) {
      hooks[place] = request.body;
      hooks[place].set("id", 7);
    } else if (!hooks.contains(place)) {
      return refused();
    }
    Json const hook = hooks[place];
    if (request.method == net::Method::delete_) hooks.erase(place);
    return ok(hook);
  }
  Result<action::ListSummary> list(action::Request const& request, action::ListOptions const&,
                                   action::ItemSink const& sink) override {
    ++asked;
    if (hooks_failure) return *hooks_failure;
    std::string const place = request.path.substr(1, request.path.find("/hooks") - 1);
    if (place.starts_with("groups/") && !paid) return refused();
    if (hooks.contains(place)) FAIRLEAD_CHECK(sink(hooks[place]));
    return action::ListSummary{};
  }
  Result<Json> account() override { return Json::object(); }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  Result<std::shared_ptr<action::Api>> open(std::string_view) override {
    return std::shared_ptr<action::Api>(this, [](action::Api*) {});
  }
  [[nodiscard]] std::set<std::string> places() const {
    std::set<std::string> names;
    for (auto const& [place, hook] : hooks)
      names.insert(place);
    return names;
  }

  std::map<std::string, Json> hooks;  // by "projects/12", "groups/ops%2Fteams"
  bool paid{true};
  int asked{0};
  std::optional<Error> failure;
  std::optional<Error> hooks_failure;  // of what is asked about hooks

 private:
  static action::Response ok(Json body) { return {.status = 200, .body = std::move(body)}; }
  static Error refused() {
    Error error = make_error(ErrorKind::not_found, "404 Not found");
    error.status = 404;
    return error;
  }
  static Json project(std::string const& number) {
    bool const grouped = number.starts_with("1");
    return Json::object(
        {{"id", std::atoi(number.c_str())},
         {"namespace", Json::object({{"kind", grouped ? "group" : "user"},
                                     {"full_path", grouped ? "ops/teams" : "alice"}})}});
  }
  std::string base_url_{"http://127.0.0.1:3000"};
};

class GroupHooksTest : public ::testing::Test {
 protected:
  GroupHooksTest() {
    store::ConnectionRecord connection;
    connection.id = ConnectionId("c1");
    connection.name = "gitlab";
    connection.base_url = "http://127.0.0.1:3000";
    EXPECT_TRUE(store_->connections().insert(connection).ok());
  }
  store::WebhookRecord ensure(std::string const& project, std::vector<std::string> awaited) {
    auto hook = groups_.ensure({.connection = ConnectionId("c1"),
                                .name = "gitlab",
                                .base_url = "http://127.0.0.1:3000",
                                .place = project},
                               awaited);
    EXPECT_TRUE(hook.ok());
    return hook.ok() ? *hook : store::WebhookRecord{};
  }
  std::string record_of(std::string const& target) {
    auto const found = *store_->webhooks().find_for(ConnectionId("c1"), target);
    return found ? found->id : "";
  }
  void verify(std::string const& target) {
    ASSERT_TRUE(store_->webhooks().delivered(record_of(target), {.at = clock_.now()}).ok());
  }

  testing::VirtualClock clock_;
  testing::SeededRandom random_{3};
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  vault::Vault vault_{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'm')), .where = "test"}}, random_};
  GroupedGitLab gitlab_;
  Webhooks webhooks_{{.store = store_->webhooks(),
                      .vault = vault_,
                      .apis = gitlab_,
                      .clock = clock_,
                      .random = random_,
                      .log = *log_,
                      .connections = &store_->connections()},
                     {.public_url = "http://127.0.0.1:8420"}};
  GroupHooks groups_{
      {.store = *store_, .webhooks = webhooks_, .apis = gitlab_, .clock = clock_, .log = *log_}};
};

using Places = std::set<std::string>;

TEST_F(GroupHooksTest, few_projects_have_their_own) {
  EXPECT_EQ(ensure("12", {"12", "13"}).target, "12");
  EXPECT_EQ(ensure("13", {"12", "13"}).target, "13");
  EXPECT_EQ(gitlab_.places(), (Places{"projects/12", "projects/13"}));
}

TEST_F(GroupHooksTest, projects_of_persons_have_their_own) {
  EXPECT_EQ(ensure("21", {"21", "22", "23", "12"}).target, "21");
  EXPECT_EQ(gitlab_.places(), Places{"projects/21"});
}

TEST_F(GroupHooksTest, many_of_one_group_share_one_and_their_own_go_once_it_is_verified) {
  std::vector<std::string> const awaited{"12", "13", "14"};
  ensure("12", {"12"});
  verify("12");
  EXPECT_EQ(ensure("13", awaited).target, "group:ops/teams");
  Json const& hook = gitlab_.hooks["groups/ops%2Fteams"];
  EXPECT_TRUE(hook["enable_ssl_verification"].as_bool());
  EXPECT_TRUE(hook["pipeline_events"].as_bool());
  EXPECT_EQ(ensure("12", awaited).target, "12") << "it goes on until the other has proved itself";
  verify("group:ops/teams");
  EXPECT_EQ(ensure("12", awaited).target, "group:ops/teams");
  EXPECT_EQ(gitlab_.places(), Places{"groups/ops%2Fteams"});
  EXPECT_EQ(record_of("12"), "");
  EXPECT_EQ(ensure("15", {"15"}).target, "group:ops/teams") << "and one alone uses what is there";
}

TEST_F(GroupHooksTest, where_it_is_not_allowed_each_has_its_own_and_the_reason_is_said) {
  gitlab_.paid = false;
  std::vector<std::string> const awaited{"12", "13", "14"};
  for (auto const& project : awaited)
    EXPECT_EQ(ensure(project, awaited).target, project);
  EXPECT_EQ(gitlab_.places(), (Places{"projects/12", "projects/13", "projects/14"}));
  auto const refused = *store_->webhooks().find(record_of("group:ops/teams"));
  EXPECT_EQ(refused->status, "polling");
  EXPECT_NE(refused->reason.find("Owner"), std::string::npos);
  int const asked = gitlab_.asked;
  clock_.advance(std::chrono::minutes(9));
  ensure("12", awaited);
  EXPECT_EQ(gitlab_.asked, asked) << "what is known is not asked again all the time";
}

TEST_F(GroupHooksTest, one_that_is_taken_away_is_made_again_or_replaced) {
  std::vector<std::string> const awaited{"12", "13", "14"};
  ensure("12", awaited);
  verify("group:ops/teams");
  gitlab_.hooks.clear();
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(ensure("12", awaited).target, "group:ops/teams");
  EXPECT_EQ(gitlab_.places(), Places{"groups/ops%2Fteams"});
  gitlab_.paid = false;  // the subscription ended
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(ensure("12", awaited).target, "12");
}

TEST_F(GroupHooksTest, one_question_without_an_answer_gives_no_project_its_own) {
  std::vector<std::string> const awaited{"12", "13", "14"};
  ensure("12", awaited);
  verify("group:ops/teams");
  gitlab_.hooks_failure = make_error(ErrorKind::unavailable, "502 Bad Gateway");
  clock_.advance(std::chrono::hours(2));
  for (auto const& project : awaited)
    EXPECT_EQ(ensure(project, awaited).target, "group:ops/teams");
  gitlab_.hooks_failure.reset();
  ensure("12", awaited);
  EXPECT_EQ(gitlab_.places(), Places{"groups/ops%2Fteams"});
}

TEST_F(GroupHooksTest, an_unused_one_is_removed) {
  ensure("12", {"12", "13", "14"});
  clock_.advance(hook_unused_max + std::chrono::hours(1));
  auto const removed = webhooks_.remove_unused({.connection = ConnectionId("c1"),
                                                .name = "gitlab",
                                                .base_url = "http://127.0.0.1:3000",
                                                .place = "group:ops/teams"});
  ASSERT_TRUE(removed.ok());
  EXPECT_TRUE(*removed);
  EXPECT_EQ(gitlab_.places(), Places{});
}

TEST_F(GroupHooksTest, a_gitlab_that_does_not_answer_decides_nothing) {
  gitlab_.failure = make_error(ErrorKind::unavailable, "no route");
  auto const hook = groups_.ensure({.connection = ConnectionId("c1"),
                                    .name = "gitlab",
                                    .base_url = "http://127.0.0.1:3000",
                                    .place = "12"},
                                   {"12", "13", "14"});
  EXPECT_EQ(hook.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(record_of("12"), "");
}

// Both deliver for a moment: one of the two counts.
TEST_F(GroupHooksTest, an_event_that_comes_through_both_hooks_is_one) {
  ensure("12", {"12"});
  verify("12");
  ensure("13", {"12", "13", "14"});
  std::vector<std::int64_t> arrived;
  HookIntake intake({.store = *store_,
                     .vault = vault_,
                     .clock = clock_,
                     .log = *log_,
                     .arrived = [&](std::int64_t seq) { arrived.push_back(seq); },
                     .wake = [](std::string const&) { return Result<std::int64_t>(0); }});
  auto deliver = [&](std::string const& target, std::string const& key, int project) {
    auto const record = *store_->webhooks().find(record_of(target));
    auto const secrets = open_secrets(vault_, *record);
    net::Headers const headers{{"X-Gitlab-Token", std::string(secrets->token.reveal())},
                               {"Idempotency-Key", key}};
    std::string const body = R"({"object_kind": "issue", "object_attributes": {"iid": 1},
                                 "project": {"id": )" +
                             std::to_string(project) + "}}";
    return intake.take(record->id, headers, body)->kind;
  };
  using Kind = HookReceipt::Kind;
  EXPECT_EQ(deliver("group:ops/teams", "k1", 12), Kind::duplicate);
  EXPECT_EQ(deliver("12", "k2", 12), Kind::accepted);
  EXPECT_EQ(deliver("group:ops/teams", "k3", 13), Kind::accepted) << "13 has none of its own";
  EXPECT_EQ(arrived.size(), 2u);
  EXPECT_EQ(store_->webhooks().find(record_of("group:ops/teams")).value()->status, "verified");
  ensure("12", {"12", "13", "14"});
  EXPECT_EQ(deliver("group:ops/teams", "k4", 12), Kind::accepted) << "its own is gone";
}

}  // namespace
}  // namespace fairlead::gitlab
