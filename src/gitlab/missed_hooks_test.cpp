// What webhooks told while nobody heard them.
#include "gitlab/missed_hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// One project with a hook, its log and its listings.
class LoggingGitLab final : public action::Api, public action::ApiProvider {
 public:
  Result<action::Response> send(action::Request const& request) override {
    asked.push_back(request.path);
    if (failure) return *failure;
    if (request.path.ends_with("/resend")) return ok(Json::object());
    if (request.path.find("/test/") != std::string::npos) {
      hook.set("alert_status", "executable");
      return ok(Json::object());
    }
    if (request.method == net::Method::put) return ok(hook);
    return ok(hook);
  }
  Result<action::ListSummary> list(action::Request const& request, action::ListOptions const& how,
                                   action::ItemSink const& sink) override {
    asked.push_back(request.path);
    if (failure) return *failure;
    if (list_failure) return *list_failure;
    bool const of_log = request.path.ends_with("/events");
    if (of_log && !keeps_log) return missing();
    EXPECT_TRUE(!of_log || how.per_page <= 20) << "GitLab refuses more";
    std::string const kind = request.path.substr(request.path.rfind('/') + 1);
    std::int64_t left = how.limit.value_or(1'000);
    auto rows = of_log ? log : listings[kind];
    if (of_log && oldest_first) std::reverse(rows.begin(), rows.end());
    if (of_log) log_read = 0;
    for (auto const& row : rows) {
      if (of_log && left > 0) ++log_read;
      if (left-- > 0) FAIRLEAD_CHECK(sink(row));
    }
    return action::ListSummary{};
  }
  Result<Json> account() override { return Json::object(); }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  Result<std::shared_ptr<action::Api>> open(std::string_view) override {
    return std::shared_ptr<action::Api>(this, [](action::Api*) {});
  }
  // Newest first.
  void delivered(int id, Json const& status, Json const& data) {
    Json const headers = Json::object(
        {{"Idempotency-Key", "k" + std::to_string(id)}, {"X-Gitlab-Event", "Issue Hook"}});
    log.insert(log.begin(), Json::object({{"id", id},
                                          {"response_status", status},
                                          {"request_headers", headers},
                                          {"request_data", data}}));
  }

  Json hook = Json::object({{"id", 7},
                            {"url", "http://127.0.0.1:8420/webhooks/gitlab/h1"},
                            {"issues_events", true},
                            {"merge_requests_events", true},
                            {"pipeline_events", true},
                            {"enable_ssl_verification", true},
                            {"alert_status", "executable"}});
  std::vector<Json> log;
  std::map<std::string, std::vector<Json>> listings;  // "issues"
  bool keeps_log{true};
  bool oldest_first{false};
  int log_read{0};  // entries, the last time
  std::vector<std::string> asked;
  std::optional<Error> failure;
  std::optional<Error> list_failure;

 private:
  static action::Response ok(Json body) { return {.status = 200, .body = std::move(body)}; }
  static Error missing() {
    Error error = make_error(ErrorKind::not_found, "404 Not found");
    error.status = 404;
    return error;
  }
  std::string base_url_{"http://127.0.0.1:3000"};
};

std::string at(Time time) { return format_time(time); }

Json issue_hook(int iid, Time updated) {
  return Json::object(
      {{"object_kind", "issue"},
       {"project", Json::object({{"path_with_namespace", "ops/incidents"}})},
       {"object_attributes",
        Json::object({{"id", 100 + iid}, {"iid", iid}, {"updated_at", at(updated)}})}});
}

Json issue_row(int iid, Time created, Time updated) {
  return Json::object({{"id", 100 + iid},
                       {"iid", iid},
                       {"project_id", 12},
                       {"title", "t" + std::to_string(iid)},
                       {"state", "opened"},
                       {"labels", Json::array({"disk"})},
                       {"created_at", at(created)},
                       {"updated_at", at(updated)},
                       {"references", Json::object({{"full", "ops/incidents#5"}})},
                       {"web_url", "http://gl/ops/incidents/-/issues/5"}});
}

class MissedHooksTest : public ::testing::Test {
 protected:
  MissedHooksTest() {
    store::ConnectionRecord connection;
    connection.id = ConnectionId("c1");
    connection.name = "gitlab";
    connection.base_url = "http://127.0.0.1:3000";
    EXPECT_TRUE(store_->connections().insert(connection).ok());
    store::WebhookRecord record;
    record.id = "h1";
    record.connection = connection.id;
    record.target = "12";
    record.remote_id = 7;
    record.status = "verified";
    record.delivered_at = clock_.now();
    record.checked_at = clock_.now();
    record.used_at = clock_.now();
    vault::SealContext const token{.table = "webhook", .row = "h1", .column = "token"};
    vault::SealContext const key{.table = "webhook", .row = "h1", .column = "signing_token"};
    record.sealed_token = vault_.seal(token, Secret("t"));
    record.sealed_signing_token = vault_.seal(key, Secret("whsec_a2V5"));
    EXPECT_TRUE(store_->webhooks().put(record).ok());
  }
  // A start of the server, and some rounds.
  void start() {
    missed_.emplace(MissedHooks::Parts{.store = *store_,
                                       .webhooks = webhooks_,
                                       .apis = gitlab_,
                                       .intake = intake_,
                                       .clock = clock_,
                                       .log = *log_});
    rounds();
  }
  void rounds() {
    for (int i = 0; i < 3; ++i) {
      clock_.advance(missed_look_interval);
      missed_->work();
    }
  }
  std::vector<std::string> heard() {
    std::vector<std::string> ids;
    auto const events = store_->events().since(Time{}, 0, 100);
    for (auto const& event : *events)
      ids.push_back(event.id);
    return ids;
  }

  testing::VirtualClock clock_;
  testing::SeededRandom random_{3};
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  vault::Vault vault_{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'm')), .where = "test"}}, random_};
  LoggingGitLab gitlab_;
  Webhooks webhooks_{{.store = store_->webhooks(),
                      .vault = vault_,
                      .apis = gitlab_,
                      .clock = clock_,
                      .random = random_,
                      .log = *log_},
                     {.public_url = "http://127.0.0.1:8420"}};
  int arrived_{0};
  HookIntake intake_{{.store = *store_,
                      .vault = vault_,
                      .clock = clock_,
                      .log = *log_,
                      .arrived = [this](std::int64_t) { ++arrived_; },
                      .wake = [](std::string const&) { return Result<std::int64_t>(0); }}};
  std::optional<MissedHooks> missed_;
};

TEST_F(MissedHooksTest, what_failed_during_an_outage_is_taken_from_the_log_in_its_order) {
  start();
  Time const now = clock_.now();
  gitlab_.delivered(1, "200", issue_hook(1, now));
  gitlab_.delivered(2, "internal error", issue_hook(2, now));
  gitlab_.delivered(3, 502, issue_hook(3, now));
  gitlab_.delivered(4, "200", issue_hook(4, now));
  start();
  EXPECT_THAT(heard(), ElementsAre("k2", "k3"));
  EXPECT_EQ(arrived_, 2);
  start();
  EXPECT_EQ(arrived_, 2) << "once";
}

TEST_F(MissedHooksTest, what_a_hook_sent_first_is_not_lost_though_nothing_ever_arrived) {
  auto hook = **store_->webhooks().find("h1");
  ASSERT_TRUE(store_->webhooks().remove("h1").ok());
  hook.status = "registered";
  hook.delivered_at.reset();
  ASSERT_TRUE(store_->webhooks().put(hook).ok());
  start();
  gitlab_.delivered(1, "502", issue_hook(1, clock_.now()));
  start();
  EXPECT_THAT(heard(), ElementsAre("k1"));
}

class LogOrders : public MissedHooksTest, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Both, LogOrders, ::testing::Bool());

TEST_P(LogOrders, do_not_matter) {
  gitlab_.oldest_first = GetParam();
  Time const now = clock_.now();
  for (int id = 1; id <= 500; ++id)
    gitlab_.delivered(id, "500", issue_hook(id, now));
  start();
  EXPECT_THAT(heard(), IsEmpty()) << "they failed before the first look";
  for (int id = 501; id <= 503; ++id)
    gitlab_.delivered(id, id == 502 ? "200" : "503", issue_hook(id, now));
  start();
  EXPECT_THAT(heard(), ElementsAre("k501", "k503"));
  EXPECT_EQ(gitlab_.log_read, GetParam() ? 503 : 4) << "no further than needed";
  start();
  EXPECT_EQ(heard().size(), 2u) << "once";
}

TEST_P(LogOrders, keep_the_newest_of_too_many) {
  gitlab_.oldest_first = GetParam();
  start();
  for (int id = 1; id <= 450; ++id)
    gitlab_.delivered(id, "503", issue_hook(id, clock_.now()));
  start();
  auto const taken = store_->events().since(Time{}, 0, 500);
  ASSERT_EQ(taken->size(), 400u);
  EXPECT_EQ(taken->front().id, "k51");
  EXPECT_EQ(taken->back().id, "k450");
}

TEST_F(MissedHooksTest, a_log_whose_end_is_out_of_reach_counts_as_none) {
  start();
  gitlab_.oldest_first = true;
  for (int id = 1; id <= 2'100; ++id)
    gitlab_.delivered(id, "503", issue_hook(id, clock_.now()));
  Time const now = clock_.now();
  gitlab_.listings["issues"] = {issue_row(3, now, now)};
  start();
  EXPECT_THAT(heard(), ElementsAre("listed:issue:103 " + std::to_string(to_epoch_ms(now) / 1'000)));
}

TEST_F(MissedHooksTest, what_failed_before_fairlead_looked_at_the_hook_is_not_taken) {
  gitlab_.delivered(1, "500", issue_hook(1, clock_.now()));
  start();
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(MissedHooksTest, a_hook_made_just_before_the_outage_is_looked_through_whole) {
  auto record = **store_->webhooks().find("h1");
  record.created_at = clock_.now();
  ASSERT_TRUE(store_->webhooks().put(record).ok());
  gitlab_.hook.set("created_at", at(clock_.now()));
  gitlab_.delivered(1, "500", issue_hook(1, clock_.now()));
  gitlab_.delivered(2, "500", issue_hook(2, clock_.now()));
  start();
  EXPECT_THAT(heard(), ElementsAre("k1", "k2"));
}

TEST_F(MissedHooksTest, one_that_was_stored_though_its_answer_was_lost_stays_one) {
  start();
  net::Headers const headers{{"Idempotency-Key", "k1"}, {"X-Gitlab-Token", "t"}};
  ASSERT_TRUE(intake_.take("h1", headers, issue_hook(1, clock_.now()).dump()).ok());
  gitlab_.delivered(1, "internal error", issue_hook(1, clock_.now()));
  start();
  EXPECT_EQ(arrived_, 1);
}

TEST_F(MissedHooksTest, failures_in_between_are_found_within_the_hour_without_a_restart) {
  start();
  gitlab_.delivered(1, "503", issue_hook(1, clock_.now()));
  rounds();
  EXPECT_THAT(heard(), IsEmpty());
  clock_.advance(missed_hook_interval);
  rounds();
  EXPECT_THAT(heard(), ElementsAre("k1"));
}

TEST_F(MissedHooksTest, a_body_that_the_log_left_out_is_asked_for_again) {
  start();
  gitlab_.delivered(1, "503", Json::object({{"oversize", true}}));
  gitlab_.asked.clear();
  start();
  EXPECT_THAT(gitlab_.asked, ::testing::Contains("/projects/12/hooks/7/events/1/resend"));
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(MissedHooksTest, after_it_was_switched_off_listings_show_what_was_not_even_tried) {
  start();
  Time const before = clock_.now();
  net::Headers const headers{{"Idempotency-Key", "k1"}, {"X-Gitlab-Token", "t"}};
  ASSERT_TRUE(intake_.take("h1", headers, issue_hook(1, before).dump()).ok());
  Time const outage = before + std::chrono::minutes(1);
  gitlab_.delivered(2, "503", issue_hook(2, outage));
  gitlab_.hook.set("alert_status", "disabled");
  gitlab_.listings["issues"] = {issue_row(3, outage, outage), issue_row(2, before, outage),
                                issue_row(1, before, before)};
  gitlab_.listings["pipelines"] = {Json::object({{"id", 9}, {"status", "success"}})};
  clock_.advance(std::chrono::minutes(5));
  start();
  // 1 was heard of, 2 came from the log: of them the listing tells nothing new.
  std::string const third = "listed:issue:103 " + std::to_string(to_epoch_ms(outage) / 1'000);
  EXPECT_THAT(heard(), UnorderedElementsAre("k1", "k2", third, "listed:pipeline:9 success"));
  auto const events = *store_->events().of_types({"com.gitlab.issue"}, Time{}, 0, 100);
  Json const& envelope = events.back().envelope;
  EXPECT_EQ(envelope["subject"], Json("ops/incidents#3"));
  EXPECT_EQ(envelope["data"]["object_attributes"]["action"], Json("open"));
  EXPECT_EQ(envelope["data"]["object_attributes"]["labels"].at(0)["title"], Json("disk"));
  EXPECT_TRUE(envelope["data"]["fairlead_backfilled"].as_bool());
  start();
  EXPECT_EQ(heard().size(), 4u);
}

// The hook is put right first, and then nothing shows any more that there was a gap.
TEST_F(MissedHooksTest, a_gap_is_known_until_it_was_looked_through_also_over_a_restart) {
  for (bool const restart : {false, true}) {
    SCOPED_TRACE(restart);
    start();
    Time const outage = clock_.now() + std::chrono::minutes(1);
    clock_.advance(std::chrono::minutes(5));
    gitlab_.hook.set("alert_status", "disabled");
    int const iid = restart ? 4 : 3;
    gitlab_.listings["issues"] = {issue_row(iid, outage, outage)};
    gitlab_.list_failure = make_error(ErrorKind::unavailable, "GitLab is being upgraded");
    start();
    EXPECT_EQ(gitlab_.hook["alert_status"], Json("executable")) << "it was put right";
    gitlab_.list_failure.reset();
    clock_.advance(missed_retry_interval);
    if (restart) start();
    if (!restart) rounds();
    EXPECT_THAT(heard(), ::testing::Contains("listed:issue:10" + std::to_string(iid) + " " +
                                             std::to_string(to_epoch_ms(outage) / 1'000)));
    ASSERT_TRUE(store_->webhooks().delivered("h1", {.at = clock_.now()}).ok());
  }
}

TEST_F(MissedHooksTest, a_listing_tells_no_more_than_the_hook_would) {
  start();
  Time const now = clock_.now();
  gitlab_.hook.set("alert_status", "disabled");
  Json secret = issue_row(1, now, now);
  secret.set("confidential", true);
  Json task = issue_row(2, now, now);
  task.set("issue_type", "task");
  gitlab_.listings["issues"] = {secret, task, issue_row(3, now, now)};
  clock_.advance(std::chrono::minutes(1));
  start();
  EXPECT_THAT(heard(), ElementsAre("listed:issue:103 " + std::to_string(to_epoch_ms(now) / 1'000)));
  ASSERT_TRUE(store_->webhooks().delivered("h1", {.at = clock_.now()}).ok());
  gitlab_.hook.set("alert_status", "disabled");
  gitlab_.hook.set("confidential_issues_events", true);
  start();
  auto const events = *store_->events().of_types({"com.gitlab.issue"}, Time{}, 0, 100);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].envelope["data"]["event_type"], Json("confidential_issue"));
}

TEST_F(MissedHooksTest, a_gitlab_without_a_log_is_asked_for_listings_after_a_start) {
  start();
  gitlab_.keeps_log = false;
  Time const now = clock_.now();
  gitlab_.listings["merge_requests"] = {
      Json::object({{"id", 5},
                    {"iid", 3},
                    {"state", "merged"},
                    {"created_at", "2001-01-01T00:00:00Z"},
                    {"merged_at", at(now)},
                    {"updated_at", at(now)},
                    {"references", Json::object({{"full", "ops/web!3"}})}})};
  start();
  auto const events = *store_->events().of_types({"com.gitlab.merge-request"}, Time{}, 0, 100);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].envelope["subject"], Json("ops/web!3"));
  EXPECT_EQ(events[0].envelope["data"]["object_attributes"]["action"], Json("merge"));
}

TEST_F(MissedHooksTest, a_gitlab_that_does_not_answer_is_asked_again_later) {
  start();
  gitlab_.delivered(1, "503", issue_hook(1, clock_.now()));
  gitlab_.failure = make_error(ErrorKind::unavailable, "no route");
  start();
  gitlab_.asked.clear();
  rounds();
  EXPECT_THAT(gitlab_.asked, IsEmpty()) << "not all the time";
  gitlab_.failure.reset();
  clock_.advance(missed_retry_interval);
  rounds();
  EXPECT_THAT(heard(), ElementsAre("k1"));
}

TEST_F(MissedHooksTest, a_hook_that_is_not_ours_yet_is_left_alone) {
  auto record = **store_->webhooks().find("h1");
  record.status = "polling";
  record.delivered_at.reset();
  ASSERT_TRUE(store_->webhooks().remove("h1").ok());
  ASSERT_TRUE(store_->webhooks().put(record).ok());
  start();
  EXPECT_THAT(gitlab_.asked, IsEmpty());
}

}  // namespace
}  // namespace fairlead::gitlab
