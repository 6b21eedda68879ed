// Webhooks that workflows start on and those kept by hand: made, told apart, given up.
#include "gitlab/standing_hooks.h"

#include "gitlab/keeper_world_test.h"
#include "gitlab/kept_hooks.h"
#include "workflow/parse.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Keep = store::WebhookRecord::Keep;

class Standing : public KeeperTest {
 protected:
  Standing() {
    Json const web = Json::object({{"id", 12}, {"path_with_namespace", "ops/web"}});
    gitlab_.projects = {{"ops%2Fweb", web}, {"12", web}};
  }
  void publish(std::vector<std::string> const& filters) {
    std::vector<std::shared_ptr<workflow::Document const>> all;
    for (auto const& filter : filters) {
      auto const document = workflow::parse("document: {dsl: 1.0.3, namespace: ops, name: heard" +
                                            std::to_string(all.size()) +
                                            ", version: 1.0.0}\nschedule: {on: {one: {with: {" +
                                            filter + "}}}}\ndo:\n- note: {set: {a: 1}}\n");
      ASSERT_TRUE(document.ok()) << describe(document.error());
      all.push_back(*document);
    }
    published_ = all;
  }
  KeptHooks by_hand() {
    return KeptHooks({.store = *store_,
                      .apis = gitlab_,
                      .maker = {.vault = vault_, .clock = clock_, .random = random_},
                      .wants = keeper_->hook_wants()});
  }
  Result<KeptHooks::Kept> keep(std::string const& project) {
    return by_hand().keep({.connection = {}, .project = project, .group = {}, .by = "ada"});
  }
  // Two rounds, so much later.
  void later(Milliseconds length) {
    clock_.advance(length);
    live(std::chrono::seconds(2));
  }
  std::size_t count() { return store_->webhooks().list()->size(); }
  bool told(char const* field) { return (*gitlab_.hook)[field].as_bool(); }
};

constexpr char const* on_merge_requests = "type: com.gitlab.merge-request, subject: ^ops/web!";

TEST_F(Standing, a_workflow_that_starts_on_events_of_a_project_gets_its_webhook) {
  publish({on_merge_requests});
  make_keeper();
  keeper_->work();
  EXPECT_EQ(hook().status, "verified");
  EXPECT_EQ(hook().target, "12") << "by number, as runs name it";
  EXPECT_EQ(hook().path, "ops/web");
  EXPECT_TRUE(told("merge_requests_events") && told("issues_events") && told("pipeline_events"));
  EXPECT_FALSE(told("push_events"));
  EXPECT_THAT(keeper_->hook_wants().of(hook().id), ElementsAre("ops/heard0"));
  gitlab_.take();
  later(std::chrono::minutes(30));
  EXPECT_THAT(gitlab_.take(), IsEmpty()) << "not due";
  later(std::chrono::hours(24) * 40);
  EXPECT_TRUE(gitlab_.hook.has_value()) << "wanted, however long nobody waits";
}

TEST_F(Standing, a_new_kind_is_ticked_at_once_and_ticks_of_others_stay) {
  publish({on_merge_requests});
  make_keeper();
  keeper_->work();
  gitlab_.hook->set("note_events", true);
  publish({on_merge_requests, "type: com.gitlab.push, data: {project_id: 12}"});
  keeper_->work();
  EXPECT_TRUE(told("push_events") && told("merge_requests_events") && told("note_events"));
  EXPECT_EQ(count(), 1U) << "one project, one hook";
  EXPECT_THAT(keeper_->hook_wants().of(hook().id), ElementsAre("ops/heard1", "ops/heard0"));
}

TEST_F(Standing, goes_when_the_workflow_is_disabled_unless_a_run_waits) {
  publish({on_merge_requests});
  make_keeper();
  keeper_->work();
  ASSERT_TRUE(gitlab_.hook.has_value());
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5);
  publish({});
  live(std::chrono::seconds(3));
  EXPECT_TRUE(gitlab_.hook.has_value()) << "a run waits there";
  EXPECT_THAT(keeper_->hook_wants().of(hook().id), IsEmpty());
}

TEST_F(Standing, goes_when_the_workflow_is_disabled) {
  publish({on_merge_requests});
  make_keeper();
  keeper_->work();
  ASSERT_TRUE(gitlab_.hook.has_value());
  published_ = make_error(ErrorKind::unavailable, "the store is busy");
  later(std::chrono::minutes(3));
  EXPECT_TRUE(gitlab_.hook.has_value()) << "not known is not given up";
  publish({});
  live(std::chrono::seconds(2));
  EXPECT_FALSE(gitlab_.hook.has_value());
  EXPECT_EQ(count(), 0U);
}

TEST_F(Standing, a_restart_while_gitlab_is_away_removes_nothing) {
  publish({on_merge_requests});
  make_keeper();
  keeper_->work();
  std::string const id = hook().id;
  make_keeper();
  gitlab_.failure = make_error(ErrorKind::unavailable, "no route to the host");
  later(std::chrono::hours(2));
  gitlab_.failure.reset();
  later(std::chrono::minutes(2));
  EXPECT_EQ(hook().id, id);
  EXPECT_EQ(count(), 1U);
}

TEST_F(Standing, a_project_that_is_not_to_be_seen_is_in_the_list_with_the_reason) {
  publish({"type: com.gitlab.note, subject: ops/secret"});
  make_keeper();
  keeper_->work();
  EXPECT_EQ(hook().status, "polling");
  EXPECT_NE(hook().reason.find("no project ops/secret"), std::string::npos) << hook().reason;
  EXPECT_THAT(keeper_->hook_wants().of(hook().id), ElementsAre("ops/heard0"));
  gitlab_.projects["ops%2Fsecret"] =
      Json::object({{"id", 12}, {"path_with_namespace", "ops/secret"}});
  later(hook_retry_interval + std::chrono::minutes(1));
  EXPECT_EQ(hook().status, "verified");
  EXPECT_EQ(count(), 1U) << "what stood for it is gone";
}

TEST_F(Standing, however_many_are_wanted_each_has_its_turn) {
  constexpr int many = 200;  // in rounds so far apart that the first are due before the last
  constexpr auto between = std::chrono::seconds(10);
  std::vector<std::string> filters;
  for (int i = 0; i < many; ++i) {
    std::string const name = "ops/p" + std::to_string(i);
    gitlab_.projects["ops%2Fp" + std::to_string(i)] =
        Json::object({{"id", 1'000 + i}, {"path_with_namespace", name}});
    filters.push_back("type: com.gitlab.note, subject: " + name);
  }
  publish(filters);
  make_keeper();
  for (int round = 0; round < many / standing_looks_max + 1; ++round) {
    keeper_->work();
    clock_.advance(between);
  }
  EXPECT_EQ(count(), static_cast<std::size_t>(many));
}

TEST_F(Standing, an_answer_without_a_number_keeps_no_hook_of_project_nought) {
  gitlab_.projects["ops%2Fodd"] = Json::object({{"path_with_namespace", "ops/odd"}});
  publish({"type: com.gitlab.note, subject: ops/odd"});
  make_keeper();
  keeper_->work();
  EXPECT_EQ(count(), 0U);
  auto const kept = keep("ops/odd");
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(count(), 0U);
}

TEST_F(Standing, a_source_of_another_gitlab_is_none_of_ours) {
  publish({"type: com.gitlab.note, subject: ops/web, source: 'https://other.test'"});
  make_keeper();
  keeper_->work();
  EXPECT_EQ(count(), 0U);
  publish({"type: com.gitlab.note, subject: ops/web, source: '^http://127'"});
  keeper_->work();
  EXPECT_EQ(count(), 1U);
}

TEST_F(Standing, one_kept_by_hand_stays_and_tells_what_workflows_without_a_place_start_on) {
  make_keeper();
  auto const kept = keep("ops/web");
  ASSERT_TRUE(kept.ok()) << describe(kept.error());
  EXPECT_EQ(kept->was, KeptHooks::Kept::Was::made);
  keeper_->work();
  EXPECT_EQ(hook().status, "verified");
  EXPECT_EQ(hook().target, "12");
  EXPECT_EQ(hook().kept_by, "ada");
  EXPECT_FALSE(told("push_events"));
  publish({"type: com.gitlab.push"});
  keeper_->work();
  EXPECT_TRUE(told("push_events"));
  later(std::chrono::hours(24) * 40);
  EXPECT_TRUE(gitlab_.hook.has_value());
  EXPECT_EQ(keep("12")->was, KeptHooks::Kept::Was::there);
  EXPECT_EQ(count(), 1U);
}

TEST_F(Standing, a_forgotten_one_goes_at_once_or_when_its_last_wish_goes) {
  make_keeper();
  auto const kept = keep("ops/web");
  ASSERT_TRUE(kept.ok());
  keeper_->work();
  publish({on_merge_requests, "type: com.gitlab.push"});
  keeper_->work();
  EXPECT_EQ(by_hand().forget(kept->hook.id)->keep, Keep::forgotten);
  later(std::chrono::minutes(5));
  EXPECT_TRUE(gitlab_.hook.has_value()) << "a workflow wants it";
  publish({"type: com.gitlab.push"});
  live(std::chrono::seconds(2));
  EXPECT_FALSE(gitlab_.hook.has_value());
  EXPECT_EQ(by_hand().forget(kept->hook.id).error().kind, ErrorKind::not_found);
}

TEST_F(Standing, keeping_says_what_is_wrong_with_the_place) {
  make_keeper();
  EXPECT_EQ(keep("ops/none").error().kind, ErrorKind::not_found);
  EXPECT_EQ(keep("").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(keep("https://other.test/ops/web").error().kind, ErrorKind::invalid_input);
  EXPECT_TRUE(keep("http://127.0.0.1:3000/ops/web").ok());
}

}  // namespace
}  // namespace fairlead::gitlab
