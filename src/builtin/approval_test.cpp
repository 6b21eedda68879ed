// Approvals: asking, who may decide, N of M, expiry, forms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builtin/approval_form.h"
#include "builtin/approval_invoker.h"
#include "store/memory/memory_store.h"
#include "testing/virtual_clock.h"

namespace fairlead::builtin {
namespace {

using access::Role;
using action::Invocation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Verdict = Decision::Verdict;

class NothingElse final : public action::Invoker {
 public:
  Result<action::Outcome> invoke(Invocation const&) override {
    return make_error(ErrorKind::not_found, "passed on");
  }
  Result<action::ActionInfo const*> info(std::string_view, std::string_view,
                                         std::string_view) const override {
    return &info_;
  }

 private:
  action::ActionInfo info_ = request_approval().info;
};

class ApprovalTest : public ::testing::Test {
 protected:
  ApprovalTest() { add_run("run-1", "hand of carol"); }

  void add_run(std::string const& id, std::string const& cause) {
    store::RunChange change;
    change.run.id = RunId(id);
    change.run.status = "running";
    change.run.cause = cause;
    change.run.last_seq = 1;
    change.journal.push_back({.seq = 1, .kind = "run-started"});
    store::Commit batch;
    batch.runs.push_back(change);
    EXPECT_TRUE(commit_and_wait(store_->runs(), batch).ok());
  }
  Invocation call(std::string_view with, Json wait_state = {}) {
    return {.catalog = "default",
            .name = "request-approval",
            .input = *Json::parse(with),
            .marker = {.id = "approval-1", .first_attempt_at = clock_.now()},
            .wait_state = std::move(wait_state),
            .run = "run-1",
            .task = "/do/0/ask"};
  }
  Result<store::ApprovalRecord> decide(Decider by, Verdict verdict, Json values = {}) {
    return approvals_.decide({.approval = "approval-1",
                              .by = std::move(by),
                              .verdict = verdict,
                              .comment = "because",
                              .values = std::move(values)});
  }
  // Asks, and looks again as the woken call does.
  Result<action::Outcome> look(std::string_view with) {
    return invoker_->invoke(call(with, Json::object({{"approval", "approval-1"}})));
  }

  testing::VirtualClock clock_;
  std::unique_ptr<store::Store> store_ =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  std::vector<std::int64_t> arrived_;
  std::vector<std::string> woken_;
  Approvals approvals_{{.store = *store_,
                        .clock = clock_,
                        .arrived = [this](std::int64_t seq) { arrived_.push_back(seq); },
                        .wake = [this](std::string const& key) -> Result<std::int64_t> {
                          woken_.push_back(key);
                          return std::int64_t{1};
                        }}};
  NothingElse next_;
  std::unique_ptr<action::Invoker> invoker_ = make_approval_invoker(
      {.approvals = approvals_, .store = *store_, .clock = clock_, .next = next_});
};

TEST_F(ApprovalTest, waits_until_somebody_approves_and_tells_it_by_events) {
  char const* with = R"({"question": "Go?"})";
  auto asked = invoker_->invoke(call(with));
  ASSERT_TRUE(asked.ok()) << describe(asked.error());
  ASSERT_TRUE(asked->wait.has_value());
  EXPECT_EQ(asked->wait->wake_key, "approval:approval-1");
  EXPECT_EQ(asked->wait->waiting_for, "approval by any operator: Go?");
  // Asked again after a crash: the same approval, no second event.
  EXPECT_TRUE(invoker_->invoke(call(with)).ok());
  EXPECT_EQ(arrived_.size(), 1U);
  EXPECT_EQ(store_->events().get(arrived_[0])->type, requested_type);

  auto const record = decide({"alice", Role::operator_}, Verdict::approve);
  ASSERT_TRUE(record.ok()) << describe(record.error());
  EXPECT_EQ(record->status, "approved");
  EXPECT_THAT(woken_, ElementsAre("approval:approval-1"));
  EXPECT_EQ(store_->events().get(arrived_.at(1))->type, decided_type);
  auto const done = look(with);
  ASSERT_TRUE(done.ok());
  EXPECT_FALSE(done->wait.has_value());
  EXPECT_EQ(done->output["decision"], Json("approved"));
  EXPECT_EQ(done->output["by"], Json("alice"));
  EXPECT_EQ(done->output["comment"], Json("because"));
  EXPECT_EQ(done->output["at"], Json(format_time(clock_.now())));
  EXPECT_EQ(decide({"bob", Role::operator_}, Verdict::refuse).error().kind, ErrorKind::conflict);
}

TEST_F(ApprovalTest, a_decision_stands_though_the_run_cannot_be_woken) {
  Approvals deaf({.store = *store_,
                  .clock = clock_,
                  .arrived = [](std::int64_t) {},
                  .wake = [](std::string const&) -> Result<std::int64_t> {
                    return make_error(ErrorKind::internal, "The disk is full.");
                  }});
  ASSERT_TRUE(invoker_->invoke(call(R"({"question": "Go?"})")).ok());
  auto const record = deaf.decide(
      {.approval = "approval-1", .by = {"alice", Role::operator_}, .verdict = Verdict::approve});
  ASSERT_TRUE(record.ok()) << describe(record.error());
  EXPECT_EQ(record->status, "approved");
}

TEST_F(ApprovalTest, who_replays_a_run_or_sends_its_event_asks) {
  struct Case {
    char const* what;
    char const* cause;
    char const* replay_of;
    char const* event_type;
    char const* sender;
    char const* requester;
  };
  int number = 0;
  for (Case const& c : std::initializer_list<Case>{
           {"replayed", "replay of run-0 by alice", "run-0", "", "", "alice"},
           {"an odd name", "replay of run-0 by a by b", "run-0", "", "", "a by b"},
           {"from a task", "replay of run-0 from go by car by alice", "run-0", "", "", "alice"},
           {"sent", "event", "", "com.example.x", "alice", "alice"},
           {"sent as if by GitLab", "event", "", "com.gitlab.issue", "alice", "alice"},
           {"delivered by GitLab", "event", "", "com.gitlab.issue", "", "mallory"},
           {"of elsewhere", "event", "", "com.example.x", "", ""}}) {
    SCOPED_TRACE(c.what);
    std::string const name = "asked-" + std::to_string(++number);
    store::RunChange change;
    change.run = {.id = RunId(name), .status = "running", .cause = c.cause, .last_seq = 1};
    change.run.replay_of = RunId(c.replay_of);
    if (*c.event_type != '\0') {
      store::EventRecord event{.source = "s", .id = name, .type = c.event_type};
      event.envelope = *Json::parse(R"({"data": {"user": {"username": "mallory"}}})");
      if (*c.sender != '\0') event.envelope.set(std::string(store::sender_attribute), c.sender);
      change.run.event_seq = store_->events().append_all({event})->at(0).seq;
    }
    change.journal.push_back({.seq = 1, .kind = "run-started"});
    store::Commit batch;
    batch.runs.push_back(change);
    ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
    Invocation asked = call(R"({"question": "Go?"})");
    asked.run = name;
    asked.marker.id = name;
    ASSERT_TRUE(invoker_->invoke(asked).ok());
    EXPECT_EQ(store_->approvals().get(name)->request["requestedBy"], Json(c.requester));
  }
}

TEST_F(ApprovalTest, knows_who_may_decide) {
  struct Case {
    char const* what;
    char const* approvers;
    Decider by;
    std::optional<ErrorKind> error;
  };
  int number = 0;
  for (Case const& c : std::initializer_list<Case>{
           {"anybody who operates", "{}", {"alice", Role::operator_}, std::nullopt},
           {"a viewer", "{}", {"alice", Role::viewer}, ErrorKind::denied},
           {"a named viewer", R"({"users": ["alice"]})", {"alice", Role::viewer}, std::nullopt},
           {"not named", R"({"users": ["bob"]})", {"alice", Role::org_admin}, ErrorKind::denied},
           {"the role", R"({"roles": ["author"]})", {"alice", Role::author}, std::nullopt},
           {"a higher role", R"({"roles": ["author"]})", {"alice", Role::org_admin}, std::nullopt},
           {"a lower role",
            R"({"roles": ["author"]})",
            {"alice", Role::operator_},
            ErrorKind::denied},
           {"either",
            R"({"users": ["bob"], "roles": ["author"]})",
            {"bob", Role::viewer},
            std::nullopt},
           {"for oneself",
            R"({"users": ["carol"]})",
            {"carol", Role::org_admin},
            ErrorKind::denied}}) {
    auto asking = call(std::string(R"({"question": "Go?", "approvers": )") + c.approvers + "}");
    asking.marker.id = "approval-" + std::to_string(++number);
    ASSERT_TRUE(invoker_->invoke(asking).ok()) << c.what;
    auto const done =
        approvals_.decide({.approval = asking.marker.id, .by = c.by, .verdict = Verdict::approve});
    EXPECT_EQ(done.ok(), !c.error) << c.what;
    if (!done.ok()) {
      EXPECT_EQ(done.error().kind, *c.error) << c.what;
    }
  }
}

TEST_F(ApprovalTest, counts_n_of_m_each_person_once) {
  char const* with =
      R"({"question": "Go?", "approvers": {"users": ["a", "b", "d"]}, "required": 2})";
  ASSERT_TRUE(invoker_->invoke(call(with)).ok());
  EXPECT_EQ(decide({"a"}, Verdict::approve)->status, "open");
  EXPECT_TRUE(woken_.empty());
  EXPECT_EQ(decide({"a"}, Verdict::approve).error().kind, ErrorKind::conflict);
  ASSERT_TRUE(look(with)->wait.has_value());
  EXPECT_EQ(decide({"b"}, Verdict::approve)->status, "approved");
  EXPECT_EQ(look(with)->output["decisions"].size(), 2U);
}

TEST_F(ApprovalTest, one_refusal_refuses_and_is_data) {
  char const* with = R"({"question": "Go?", "approvers": {"users": ["a", "b"]}, "required": 2})";
  ASSERT_TRUE(invoker_->invoke(call(with)).ok());
  EXPECT_TRUE(decide({"a"}, Verdict::approve).ok());
  EXPECT_EQ(decide({"b"}, Verdict::refuse)->status, "refused");
  auto const done = look(with);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->output["decision"], Json("refused"));
}

TEST_F(ApprovalTest, expires_as_a_timeout) {
  char const* with = R"({"question": "Go?", "expires_after": "PT5M"})";
  auto const asked = invoker_->invoke(call(with));
  EXPECT_EQ(asked->wait->check_after, std::chrono::minutes(5));
  clock_.advance(std::chrono::minutes(5));
  auto const late = look(with);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().kind, ErrorKind::timed_out);
  EXPECT_EQ(late.error().status, 408);
  EXPECT_EQ(decide({"alice", Role::operator_}, Verdict::approve).error().kind, ErrorKind::conflict);
}

TEST_F(ApprovalTest, is_closed_when_its_run_is_cancelled_or_ends_otherwise) {
  ASSERT_TRUE(invoker_->invoke(call(R"({"question": "Go?"})")).ok());
  auto cancel = call(R"({"question": "Go?"})", Json::object({{"approval", "approval-1"}}));
  cancel.mode = Invocation::Mode::cancel;
  ASSERT_TRUE(invoker_->invoke(cancel).ok());
  EXPECT_EQ(approvals_.get("approval-1")->status, "cancelled");

  auto second = call(R"({"question": "Go?"})");
  second.marker.id = "approval-2";
  ASSERT_TRUE(invoker_->invoke(second).ok());
  store::RunChange end;
  end.expected_seq = 1;
  end.run.id = RunId("run-1");
  end.run.status = "faulted";
  end.run.last_seq = 2;
  end.run.ended_at = clock_.now();
  end.journal.push_back({.seq = 2, .kind = "run-faulted"});
  store::Commit batch;
  batch.runs.push_back(end);
  ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
  EXPECT_TRUE(approvals_.list({.status = "open"}, "", 10)->items.empty());
  EXPECT_EQ(approvals_.get("approval-2")->status, "cancelled");
  EXPECT_EQ(store_->approvals().get("approval-2")->status, "open") << "looking writes nothing";
  EXPECT_EQ(*approvals_.tidy(), 1);
  EXPECT_EQ(store_->approvals().get("approval-2")->status, "cancelled");
  EXPECT_EQ(*approvals_.tidy(), 0);
}

TEST_F(ApprovalTest, refuses_wrong_input_by_name) {
  struct Case {
    char const* with;
    char const* where;
  };
  for (Case const& c : std::initializer_list<Case>{
           {R"({})", "question"},
           {R"({"question": " "})", "question"},
           {R"({"question": "Go?", "expire_after": "PT1H"})", "expire_after"},
           {R"({"question": "Go?", "expires_after": "soon"})", "expires_after"},
           {R"({"question": "Go?", "expires_after": "PT0S"})", "expires_after"},
           {R"({"question": "Go?", "approvers": ["a"]})", "approvers"},
           {R"({"question": "Go?", "approvers": {"groups": ["a"]}})", "approvers.groups"},
           {R"({"question": "Go?", "approvers": {"roles": ["boss"]}})", "approvers.roles"},
           {R"({"question": "Go?", "required": 0})", "required"},
           {R"({"question": "Go?", "approvers": {"users": ["a"]}, "required": 2})", "required"},
           {R"({"question": "Go?", "form": {"properties": {"a": {"type": "object"}}}})",
            "form.properties.a.type"}}) {
    auto const asked = invoker_->invoke(call(c.with));
    ASSERT_FALSE(asked.ok()) << c.with;
    EXPECT_EQ(asked.error().kind, ErrorKind::invalid_input) << c.with;
    EXPECT_EQ(asked.error().where, c.where) << c.with;
  }
  EXPECT_TRUE(arrived_.empty());
}

TEST_F(ApprovalTest, the_requester_is_named_or_who_started_the_run) {
  EXPECT_TRUE(invoker_->invoke(call(R"({"question": "Go?"})")).ok());
  EXPECT_EQ(approvals_.get("approval-1")->request["requestedBy"], Json("carol"));
  auto named = call(R"({"question": "Go?", "requester": "dave"})");
  named.marker.id = "approval-2";
  EXPECT_TRUE(invoker_->invoke(named).ok());
  EXPECT_EQ(approvals_.get("approval-2")->request["requestedBy"], Json("dave"));
}

TEST(ApprovalForm, checks_values) {
  Json const form = *Json::parse(R"({"type": "object", "required": ["host"], "properties": {
      "host": {"type": "string", "maxLength": 4}, "n": {"type": "integer", "minimum": 1},
      "when": {"type": "string", "enum": ["now", "later"]}, "sure": {"type": "boolean"}}})");
  ASSERT_TRUE(check_form(form).ok());
  struct Case {
    char const* values;
    char const* where;  // "": fine
  };
  for (Case const& c :
       std::initializer_list<Case>{{R"({"host": "db1", "n": 2, "when": "now", "sure": true})", ""},
                                   {R"({})", "values.host"},
                                   {R"({"host": 1})", "values.host"},
                                   {R"({"host": "db1.x"})", "values.host"},
                                   {R"({"host": "db1", "n": 0})", "values.n"},
                                   {R"({"host": "db1", "n": 1.5})", "values.n"},
                                   {R"({"host": "db1", "when": "never"})", "values.when"},
                                   {R"({"host": "db1", "other": 1})", "values.other"},
                                   {R"([])", "values"}}) {
    auto const checked = check_values(form, *Json::parse(c.values));
    EXPECT_EQ(checked.ok(), *c.where == '\0') << c.values;
    if (!checked.ok()) {
      EXPECT_EQ(checked.error().where, c.where) << c.values;
    }
  }
  EXPECT_TRUE(check_values(Json(), Json()).ok());
}

}  // namespace
}  // namespace fairlead::builtin
