// Which connection keeps a webhook, and whether it is in use though no run waits.
#include "gitlab/hook_keeper.h"

#include "gitlab/hook_place.h"
#include "gitlab/keeper_world_test.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HookKeepers : public KeeperTest {
 protected:
  void add(char const* id, std::string scopes, char const* status = "active") {
    store::ConnectionRecord connection;
    connection.id = ConnectionId(id);
    connection.name = id;
    connection.base_url = "http://127.0.0.1:3000";
    connection.scopes = std::move(scopes);
    connection.status = status;
    ASSERT_TRUE(store_->connections().insert(connection).ok());
  }
  static WebhookTarget of(char const* connection) {
    return {.connection = ConnectionId(connection),
            .name = connection,
            .base_url = "http://127.0.0.1:3000",
            .place = "12"};
  }
  void forget_first() { ASSERT_TRUE(store_->connections().remove(ConnectionId("c1")).ok()); }
};

TEST_F(HookKeepers, one_that_only_reads_says_what_is_missing_and_gitlab_is_not_asked) {
  forget_first();
  add("reader", "read_api read_user");
  add("users", "read_user");
  add("gone", "api", "needs-sign-in");
  make_keeper();
  auto const hook = webhooks_->ensure(of("reader"));
  ASSERT_TRUE(hook.ok());
  EXPECT_EQ(hook->status, "polling");
  EXPECT_EQ(hook->reason,
            "the connection reader has the scopes read_api read_user, and webhooks need api: "
            "reconnect it asking for api, or add a connection that has it");
  EXPECT_THAT(gitlab_.take(), IsEmpty());
}

TEST_F(HookKeepers, one_that_writes_keeps_it_for_one_that_only_reads) {
  forget_first();
  add("reader", "read_api");
  add("writer", "api");
  make_keeper();
  EXPECT_EQ(webhooks_->ensure(of("reader"))->status, "verified");
  EXPECT_EQ(hook().connection, ConnectionId("writer"));
  EXPECT_EQ(webhooks_->ensure(of("writer"))->id, hook().id);
  EXPECT_EQ(store_->webhooks().list()->size(), 1u);
}

TEST_F(HookKeepers, one_that_only_reads_takes_none_over_from_one_that_was_refused) {
  forget_first();
  add("reader", "read_api");
  add("writer", "api");
  make_keeper();
  gitlab_.refusal = make_error(ErrorKind::denied, "403 Forbidden");
  EXPECT_EQ(webhooks_->ensure(of("writer"))->status, "polling");
  EXPECT_EQ(webhooks_->ensure(of("reader"))->connection, ConnectionId("writer"));
  EXPECT_NE(hook().reason.find("Maintainer"), std::string::npos);
  // The next try is that of another one that may.
  add("other", "api");
  gitlab_.refusal.reset();
  clock_.advance(hook_retry_interval);
  EXPECT_EQ(webhooks_->ensure(of("reader"))->status, "verified");
  EXPECT_EQ(hook().connection, ConnectionId("other"));
}

TEST_F(HookKeepers, two_that_are_refused_do_not_take_it_from_each_other_every_round) {
  forget_first();
  add("one", "api");
  add("two", "api");
  make_keeper();
  gitlab_.refusal = make_error(ErrorKind::denied, "403 Forbidden");
  auto const round = [&] {
    EXPECT_EQ(webhooks_->ensure(of("one"))->status, "polling");
    EXPECT_EQ(webhooks_->ensure(of("two"))->status, "polling");
    clock_.advance(std::chrono::seconds(1));
  };
  round();
  gitlab_.take();
  for (int i = 0; i < 30; ++i)
    round();
  EXPECT_THAT(gitlab_.take(), IsEmpty()) << "it is not due";
  clock_.advance(hook_retry_interval);
  round();
  EXPECT_THAT(gitlab_.take(), ElementsAre("LIST /projects/12/hooks", "POST /projects/12/hooks",
                                          "LIST /projects/12/hooks", "POST /projects/12/hooks"))
      << "each of them once";
  round();
  EXPECT_THAT(gitlab_.take(), IsEmpty());
  gitlab_.refusal.reset();
  clock_.advance(hook_retry_interval);
  EXPECT_EQ(webhooks_->ensure(of("one"))->status, "verified");
}

TEST_F(HookKeepers, a_project_is_known_by_its_path_as_gitlab_shows_it_now) {
  gitlab_.projects["12"] = Json::object({{"id", 12}, {"path_with_namespace", "ops/runbooks"}});
  make_keeper();
  EXPECT_EQ(webhooks_->ensure(of("c1"))->path, "ops/runbooks");
  gitlab_.projects["12"].set("path_with_namespace", "ops/books");
  EXPECT_EQ(webhooks_->ensure(of("c1"))->path, "ops/runbooks");
  clock_.advance(hook_check_interval);
  EXPECT_EQ(webhooks_->ensure(of("c1"))->path, "ops/books");
  // Where GitLab does not tell, the last one stays.
  gitlab_.projects.clear();
  clock_.advance(hook_check_interval);
  EXPECT_EQ(webhooks_->ensure(of("c1"))->path, "ops/books");
}

TEST_F(HookKeepers, a_grant_that_shrank_hands_its_hook_on_with_what_it_has_at_gitlab) {
  forget_first();
  add("writer", "api");
  make_keeper();
  ASSERT_EQ(webhooks_->ensure(of("writer"))->status, "verified");
  ASSERT_TRUE(store_->connections().remove(ConnectionId("writer")).ok());
  add("writer", "read_api");
  add("second", "api");
  gitlab_.take();
  clock_.advance(hook_check_interval);
  EXPECT_EQ(webhooks_->ensure(of("writer"))->status, "verified");
  EXPECT_EQ(hook().connection, ConnectionId("second"));
  EXPECT_THAT(gitlab_.take(), ElementsAre("GET /projects/12/hooks/77"));
}

TEST_F(HookKeepers, a_leaving_connection_hands_nothing_to_one_that_only_reads) {
  forget_first();
  add("writer", "api");
  add("reader", "read_user");
  make_keeper();
  ASSERT_EQ(webhooks_->ensure(of("writer"))->status, "verified");
  auto const leaving = *store_->connections().get(ConnectionId("writer"));
  release_webhooks({.store = *store_, .apis = gitlab_, .log = *log_}, leaving);
  EXPECT_THAT(*store_->webhooks().list(), IsEmpty());
  EXPECT_FALSE(gitlab_.hook) << "removed at GitLab";
}

TEST_F(HookKeepers, one_that_stands_is_not_given_up_for_one_question_without_an_answer) {
  make_keeper();
  ASSERT_EQ(webhooks_->ensure(of("c1"))->status, "verified");
  gitlab_.failure = make_error(ErrorKind::unavailable, "502 Bad Gateway");
  clock_.advance(hook_check_interval);
  auto const doubted = *webhooks_->ensure(of("c1"));
  EXPECT_EQ(doubted.status, "verified") << "it delivers on";
  EXPECT_NE(doubted.reason.find("502 Bad Gateway"), std::string::npos) << doubted.reason;
  gitlab_.failure.reset();
  gitlab_.take();
  clock_.advance(hook_retry_interval);
  EXPECT_EQ(webhooks_->ensure(of("c1"))->reason, "") << "asked again sooner than in an hour";
  EXPECT_THAT(gitlab_.take(), ElementsAre("GET /projects/12/hooks/77"));
  Error denied = make_error(ErrorKind::denied, "403 Forbidden");
  denied.status = 403;
  gitlab_.failure = denied;
  clock_.advance(hook_check_interval);
  EXPECT_EQ(webhooks_->ensure(of("c1"))->status, "polling") << "that lasts";
}

TEST_F(HookKeepers, a_clock_that_is_set_back_puts_no_comparison_off) {
  make_keeper();
  ASSERT_EQ(webhooks_->ensure(of("c1"))->status, "verified");
  clock_.set_now(clock_.now() - std::chrono::hours(24));
  gitlab_.hook.reset();
  ASSERT_TRUE(webhooks_->ensure(of("c1")).ok());
  EXPECT_TRUE(gitlab_.hook) << "made again";
}

TEST_F(HookKeepers, one_removed_while_it_is_seen_to_comes_back_neither_here_nor_at_gitlab) {
  make_keeper();
  gitlab_.on_create = [&] { ASSERT_TRUE(store_->webhooks().remove(hook().id).ok()); };
  auto const seen = webhooks_->ensure(of("c1"));
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().kind, ErrorKind::conflict);
  EXPECT_THAT(*store_->webhooks().list(), IsEmpty());
  EXPECT_FALSE(gitlab_.hook) << "removed at GitLab";
}

TEST_F(HookKeepers, an_answer_without_a_number_makes_no_hook_of_project_nought) {
  make_keeper();
  gitlab_.created_id = 0;
  auto const seen = webhooks_->ensure(of("c1"));
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen->status, "polling");
  EXPECT_NE(seen->reason.find("without its id"), std::string::npos) << seen->reason;
}

TEST_F(HookKeepers, a_leaving_connection_hands_its_hooks_to_one_that_must_sign_in_again) {
  forget_first();
  add("writer", "api");
  make_keeper();
  ASSERT_EQ(webhooks_->ensure(of("writer"))->status, "verified");
  add("tired", "api", "needs-sign-in");
  auto const leaving = *store_->connections().get(ConnectionId("writer"));
  release_webhooks({.store = *store_, .apis = gitlab_, .log = *log_}, leaving);
  ASSERT_EQ(store_->webhooks().list()->size(), 1U);
  EXPECT_EQ(hook().connection, ConnectionId("tired"));
  EXPECT_TRUE(gitlab_.hook) << "it delivers on";
}

TEST_F(HookKeepers, one_that_gives_way_to_another_connections_leaves_nothing_but_its_wish_to_stay) {
  forget_first();
  add("writer", "api");
  make_keeper();
  auto const given_way = webhooks_->ensure(of("writer"));
  ASSERT_TRUE(given_way.ok());
  ASSERT_TRUE(*store_->webhooks().keep(given_way->id, {.by = "ada"}));
  // Another connection has one there, too: they were connected before it was one a place.
  add("second", "api");
  auto theirs = *given_way;
  theirs.id = "other";
  theirs.connection = ConnectionId("second");
  theirs.remote_id = 78;
  ASSERT_TRUE(store_->webhooks().put(theirs).ok());
  ASSERT_TRUE(store_->connections().remove(ConnectionId("writer")).ok());
  add("writer", "read_api");
  gitlab_.take();
  clock_.advance(hook_check_interval);
  ASSERT_TRUE(webhooks_->ensure(of("writer")).ok());
  ASSERT_EQ(store_->webhooks().list()->size(), 1U);
  EXPECT_EQ(hook().id, "other");
  EXPECT_EQ(hook().kept_by, "ada");
  EXPECT_THAT(gitlab_.take(), ::testing::Contains("DELETE /projects/12/hooks/77"));
}

TEST_F(HookKeepers, a_forgotten_one_of_a_group_stays_while_a_project_below_it_is_waited_for) {
  gitlab_.projects["12"] = Json::object(
      {{"id", 12}, {"namespace", Json::object({{"kind", "group"}, {"full_path", "ops"}})}});
  make_keeper();
  for (std::string const& place : {group_place("ops"), std::string("99")}) {
    auto target = of("c1");
    target.place = place;
    auto const made = webhooks_->ensure(target);
    ASSERT_TRUE(made.ok());
    ASSERT_TRUE(*store_->webhooks().keep(
        made->id, {.keep = store::WebhookRecord::Keep::forgotten, .by = ""}));
  }
  gitlab_.pipelines[5] = "running";
  wait_for(5);
  keeper_->work();
  auto const left = *store_->webhooks().list();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().target, "group:ops");
}

struct StartCase {
  char const* name;
  char const* on;  // schedule.on's filter; "": starts by hand
  bool kept;
};
class HookUses : public KeeperTest, public ::testing::WithParamInterface<StartCase> {};
INSTANTIATE_TEST_SUITE_P(
    Filters, HookUses,
    ::testing::Values(StartCase{"issues", "{type: com.gitlab.issue}", true},
                      StartCase{"any", "{source: 'http://127.0.0.1:3000'}", true},
                      StartCase{"others", "{type: com.example.incident}", false},
                      StartCase{"by_hand", "", false}),
    [](auto const& each) { return std::string(each.param.name); });

TEST_P(HookUses, keep_a_hook_whose_events_start_published_workflows) {
  std::string const on = GetParam().on;
  store::WorkflowRecord workflow{
      .workflow_namespace = "ops",
      .name = "heard",
      .version = "1.0.0",
      .status = "published",
      .source =
          "document: {dsl: 1.0.3, namespace: ops, name: heard, "
          "version: 1.0.0}\n" +
          (on.empty() ? "" : "schedule: {on: {one: {with: " + on + "}}}\n") +
          "do:\n- note: {set: {a: 1}}\n",
      .content_hash = "h"};
  ASSERT_TRUE(store_->workflows().put(workflow).ok());
  make_keeper();
  ASSERT_EQ(webhooks_
                ->ensure({.connection = ConnectionId("c1"),
                          .name = "gitlab",
                          .base_url = "http://127.0.0.1:3000",
                          .place = "12"})
                ->status,
            "verified");
  clock_.advance(hook_unused_max + std::chrono::hours(2));
  keeper_->work();
  EXPECT_EQ(gitlab_.hook.has_value(), GetParam().kept);
  if (!GetParam().kept) return;
  // Switched off, it ages out.
  ASSERT_TRUE(store_->workflows().set_status(workflow, "disabled").ok());
  clock_.advance(hook_unused_max - std::chrono::hours(2));
  keeper_->work();
  EXPECT_TRUE(gitlab_.hook.has_value());
  clock_.advance(std::chrono::hours(4));
  keeper_->work();
  EXPECT_FALSE(gitlab_.hook.has_value());
}

}  // namespace
}  // namespace fairlead::gitlab
