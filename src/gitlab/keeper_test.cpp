// Keeper and Webhooks against a scripted GitLab: subscribe, ask once, poll slowly, make good.
#include "gitlab/keeper_world_test.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(KeeperTest, subscribes_first_and_then_asks_once_however_many_wait) {
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5, 30);
  make_keeper();
  keeper_->work();
  EXPECT_THAT(gitlab_.take(), ElementsAre("LIST /projects/12/hooks", "POST /projects/12/hooks",
                                          "POST /projects/12/hooks/77/test/pipeline_events",
                                          "GET /projects/12/pipelines/5"));
  EXPECT_EQ(hook().status, "verified");
  EXPECT_THAT(woken_, IsEmpty());
  // With a verified hook the poll is slow.
  live(std::chrono::seconds(14));
  EXPECT_THAT(gitlab_.take(), IsEmpty());
  live(std::chrono::seconds(10));
  EXPECT_THAT(gitlab_.take(), ElementsAre("GET /projects/12/pipelines/5"));
}

TEST_F(KeeperTest, wakes_what_a_lost_webhook_did_not) {
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5);
  make_keeper();
  keeper_->work();
  gitlab_.pipelines[5] = "success";
  gitlab_.hook.reset();
  live(std::chrono::seconds(19));
  EXPECT_THAT(woken_, ElementsAre("gitlab:c1:project:12:pipeline:5"));
  // Why did it not come? The hook is made again at once, not within the hour.
  EXPECT_TRUE(gitlab_.hook.has_value());
}

TEST_F(KeeperTest, a_clock_that_is_set_back_puts_nothing_off) {
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5);
  make_keeper();
  keeper_->work();
  clock_.set_now(clock_.now() - std::chrono::hours(3));
  gitlab_.pipelines[5] = "success";
  live(std::chrono::seconds(20));
  EXPECT_THAT(woken_, ElementsAre("gitlab:c1:project:12:pipeline:5"));
}

TEST_F(KeeperTest, a_listing_asks_by_gitlabs_clock_not_by_ours) {
  for (int id : {5, 6, 7}) {
    gitlab_.pipelines[id] = "running";
    wait_for(id);
  }
  gitlab_.clock_says = "2026-11-22T09:00:00.000Z";  // three hours behind
  make_keeper();
  keeper_->work();
  live(std::chrono::seconds(30));
  EXPECT_EQ(gitlab_.listed_after, "2026-11-22T08:58:00.000Z");
  gitlab_.clock_says = "2026-11-22T09:01:00.000Z";
  live(std::chrono::minutes(1));
  EXPECT_EQ(gitlab_.listed_after, "2026-11-22T08:59:00.000Z");
}

TEST_F(KeeperTest, wakes_at_once_what_had_ended_before_it_looked) {
  gitlab_.pipelines = {{5, "failed"}, {6, "manual"}, {7, "running"}};
  for (int id : {5, 6, 7, 8})
    wait_for(id);
  make_keeper();
  keeper_->work();
  EXPECT_THAT(woken_,
              ElementsAre("gitlab:c1:project:12:pipeline:5", "gitlab:c1:project:12:pipeline:6",
                          "gitlab:c1:project:12:pipeline:8"));
}

TEST_F(KeeperTest, asks_for_many_of_a_project_with_one_listing) {
  for (int id = 1; id <= 40; ++id) {
    gitlab_.pipelines[id] = "running";
    wait_for(id);
  }
  make_keeper();
  keeper_->work();
  gitlab_.take();
  live(std::chrono::minutes(10));
  auto const asked = gitlab_.take();
  // 40 pipelines in ten minutes, asked one by one, would be several hundred questions.
  EXPECT_LT(asked.size(), 120U);
  EXPECT_TRUE(std::find(asked.begin(), asked.end(), "LIST /projects/12/pipelines") != asked.end());
}

TEST_F(KeeperTest, polls_and_says_why_where_no_hook_can_be_made) {
  struct Case {
    char const* public_url;
    std::optional<Error> refusal;
    char const* why;
  };
  Error denied = make_error(ErrorKind::denied, "403 Forbidden");
  denied.status = 403;
  Error refused = make_error(ErrorKind::invalid_input, "Invalid url given");
  refused.status = 422;
  int pipeline = 4;
  for (Case const& c : {Case{"http://127.0.0.1:8420", denied, "Maintainer"},
                        Case{"http://127.0.0.1:8420", refused, "Invalid url given"},
                        Case{"https://ours.example", std::nullopt, "--public-url"}}) {
    auto const before = store_->webhooks().list();
    for (auto const& record : *before)
      ASSERT_TRUE(store_->webhooks().remove(record.id).ok());
    gitlab_.refusal = c.refusal;
    gitlab_.pipelines = {{++pipeline, "running"}};
    wait_for(pipeline);
    make_keeper(c.public_url);
    keeper_->work();
    EXPECT_EQ(hook().status, "polling");
    EXPECT_NE(hook().reason.find(c.why), std::string::npos) << hook().reason;
    gitlab_.take();
    live(std::chrono::seconds(6));
    EXPECT_GE(gitlab_.take().size(), 1U);
  }
}

TEST_F(KeeperTest, repairs_a_hook_that_drifted_was_switched_off_or_is_gone) {
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5);
  make_keeper();
  keeper_->work();
  struct Case {
    char const* what;
    std::function<void()> damage;
  };
  for (Case const& c : std::initializer_list<Case>{
           {"drifted", [&] { gitlab_.hook->set("pipeline_events", false); }},
           {"TLS off", [&] { gitlab_.hook->set("enable_ssl_verification", false); }},
           {"moved", [&] { gitlab_.hook->set("url", "https://else.where/hook"); }},
           {"disabled", [&] { gitlab_.hook->set("alert_status", "temporarily_disabled"); }},
           {"gone", [&] { gitlab_.hook.reset(); }}}) {
    c.damage();
    int tests = 0;
    gitlab_.on_test = [&] {
      ++tests;
      if (gitlab_.hook) gitlab_.hook->set("alert_status", "executable");
      deliver();
    };
    live(hook_check_interval + poll_max * 2);
    ASSERT_TRUE(gitlab_.hook.has_value()) << c.what;
    EXPECT_EQ((*gitlab_.hook)["pipeline_events"], Json(true)) << c.what;
    EXPECT_EQ((*gitlab_.hook)["enable_ssl_verification"], Json(true)) << c.what;
    EXPECT_EQ((*gitlab_.hook)["alert_status"], Json("executable")) << c.what;
    EXPECT_TRUE((*gitlab_.hook)["url"].as_string().starts_with("http://127.0.0.1:8420/")) << c.what;
    EXPECT_EQ(tests, 1) << c.what;
    EXPECT_EQ(hook().status, "verified") << c.what;
  }
}

TEST_F(KeeperTest, adopts_a_hook_that_an_earlier_server_left) {
  gitlab_.pipelines = {{5, "running"}};
  gitlab_.hook = Json::object({{"id", 30}, {"url", "http://127.0.0.1:8420/webhooks/gitlab/old"}});
  wait_for(5);
  make_keeper();
  keeper_->work();
  EXPECT_EQ(hook().remote_id, 30);
  EXPECT_TRUE((*gitlab_.hook)["url"].as_string().ends_with(hook().id));
}

TEST_F(KeeperTest, removes_a_hook_nobody_needed_for_long) {
  gitlab_.pipelines = {{5, "running"}};
  wait_for(5);
  make_keeper();
  keeper_->work();
  store::RunChange end;
  end.expected_seq = 1;
  end.run.id = RunId("run-5-0");
  end.run.status = "completed";
  end.run.last_seq = 2;
  end.journal.push_back({.seq = 2, .kind = "run-completed"});
  end.timers_cleared = {"call:1"};
  store::Commit batch;
  batch.runs.push_back(end);
  ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
  clock_.advance(hook_unused_max - std::chrono::hours(2));
  keeper_->work();
  EXPECT_TRUE(gitlab_.hook.has_value());
  clock_.advance(std::chrono::hours(4));
  keeper_->work();
  EXPECT_FALSE(gitlab_.hook.has_value());
  EXPECT_TRUE(store_->webhooks().list()->empty());
}

TEST_F(KeeperTest, leaves_a_gitlab_alone_that_does_not_answer) {
  wait_for(5);
  wait_for(6);
  make_keeper();
  gitlab_.failure = make_error(ErrorKind::unavailable, "connection refused");
  live(std::chrono::seconds(14));
  EXPECT_LE(gitlab_.take().size(), 4U);
  gitlab_.failure.reset();
  gitlab_.pipelines = {{5, "success"}, {6, "success"}};
  live(std::chrono::seconds(20));
  EXPECT_GE(woken_.size(), 2U);
}

TEST_F(KeeperTest, two_connections_to_one_gitlab_share_a_hook) {
  store::ConnectionRecord second;
  second.id = ConnectionId("c2");
  second.name = "second";
  second.base_url = "http://127.0.0.1:3000";
  ASSERT_TRUE(store_->connections().insert(second).ok());
  make_keeper();
  WebhookTarget const first{.connection = ConnectionId("c1"),
                            .name = "gitlab",
                            .base_url = second.base_url,
                            .place = "12"};
  WebhookTarget other = first;
  other.connection = second.id;
  other.name = "second";
  auto const made = webhooks_->ensure(first);
  ASSERT_TRUE(made.ok());
  gitlab_.take();
  auto const shared = webhooks_->ensure(other);
  ASSERT_TRUE(shared.ok());
  EXPECT_EQ(shared->id, made->id) << "a second hook would count every event twice";
  EXPECT_TRUE(gitlab_.take().empty());
  EXPECT_EQ(store_->webhooks().list()->size(), 1U);
}

TEST_F(KeeperTest, a_hook_its_connection_cannot_keep_is_taken_over) {
  store::ConnectionRecord second;
  second.id = ConnectionId("c2");
  second.name = "second";
  second.base_url = "http://127.0.0.1:3000";
  ASSERT_TRUE(store_->connections().insert(second).ok());
  make_keeper();
  gitlab_.refusal = make_error(ErrorKind::denied, "403 Forbidden");
  WebhookTarget target{.connection = ConnectionId("c1"),
                       .name = "gitlab",
                       .base_url = second.base_url,
                       .place = "12"};
  EXPECT_EQ(webhooks_->ensure(target)->status, "polling");
  gitlab_.refusal.reset();
  target.connection = second.id;
  target.name = "second";
  EXPECT_EQ(webhooks_->ensure(target)->status, "verified");
  auto const all = store_->webhooks().list();
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().connection, second.id);
}

TEST_F(KeeperTest, a_leaving_connection_hands_its_hooks_on_or_removes_them) {
  make_keeper();
  WebhookTarget const target{.connection = ConnectionId("c1"),
                             .name = "gitlab",
                             .base_url = "http://127.0.0.1:3000",
                             .place = "12"};
  ASSERT_TRUE(webhooks_->ensure(target).ok());
  store::ConnectionRecord second;
  second.id = ConnectionId("c2");
  second.name = "second";
  second.base_url = "http://127.0.0.1:3000";
  second.status = "active";
  ASSERT_TRUE(store_->connections().insert(second).ok());
  auto const leaving = *store_->connections().get(ConnectionId("c1"));
  release_webhooks({.store = *store_, .apis = gitlab_, .log = *log_}, leaving);
  EXPECT_EQ(store_->webhooks().list()->front().connection, second.id);
  EXPECT_TRUE(gitlab_.hook);
  ASSERT_TRUE(store_->connections().remove(ConnectionId("c1")).ok());
  release_webhooks({.store = *store_, .apis = gitlab_, .log = *log_}, second);
  EXPECT_FALSE(gitlab_.hook) << "nobody is left who would take its deliveries";
  EXPECT_TRUE(store_->webhooks().list()->empty());
}

TEST_F(KeeperTest, a_hook_that_lost_its_key_may_come_unsigned_again) {
  make_keeper();
  WebhookTarget const target{.connection = ConnectionId("c1"),
                             .name = "gitlab",
                             .base_url = "http://127.0.0.1:3000",
                             .place = "12"};
  auto hook = *webhooks_->ensure(target);
  ASSERT_TRUE(store_->webhooks()
                  .delivered(hook.id, {.at = clock_.now(),
                                       .signature = store::HookDelivery::Signature::good})
                  .ok());
  gitlab_.hook->set("signing_token_present", true);
  EXPECT_TRUE(webhooks_->check_now(target)->is_signed);
  gitlab_.hook->set("signing_token_present", false);
  gitlab_.take();
  EXPECT_FALSE(webhooks_->check_now(target)->is_signed);
  auto const asked = gitlab_.take();
  EXPECT_NE(std::find(asked.begin(), asked.end(), "PUT /projects/12/hooks/77"), asked.end())
      << "and it is given the key again";
}

TEST_F(KeeperTest, projects_with_late_names_get_their_turn) {
  // More than are asked for before the first ones are due again.
  constexpr int projects = 4 * keeper_asks_max;
  for (int project = 1; project <= projects; ++project) {
    gitlab_.pipelines[project] = "running";
    wait_at("c1:project:" + std::to_string(project) + ":pipeline:" + std::to_string(project));
  }
  make_keeper("https://fairlead.test");
  live(std::chrono::seconds(6));
  std::set<std::string> asked;
  for (auto const& line : gitlab_.take())
    asked.insert(line);
  EXPECT_EQ(asked.size(), static_cast<std::size_t>(projects));
}

TEST_F(KeeperTest, one_dead_gitlab_is_asked_last_and_ever_more_seldom) {
  store::ConnectionRecord dead;
  dead.id = ConnectionId("a-dead");
  dead.name = "dead";
  dead.base_url = "http://127.0.0.1:3001";
  ASSERT_TRUE(store_->connections().insert(dead).ok());
  gitlab_.dead = "dead";
  gitlab_.pipelines[5] = "running";
  wait_at("a-dead:project:1:pipeline:1");
  wait_at("c1:project:12:pipeline:5");
  make_keeper("https://fairlead.test");
  live(std::chrono::seconds(60));
  auto const asked = gitlab_.take();
  EXPECT_LE(std::count(asked.begin(), asked.end(), "dead"), 4)
      << "after 0 s, then also for the name of its project, 15 and 45 s";
  EXPECT_GE(std::count(asked.begin(), asked.end(), "GET /projects/12/pipelines/5"), 5);
}

}  // namespace
}  // namespace fairlead::gitlab
