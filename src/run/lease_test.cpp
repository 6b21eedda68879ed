// Two nodes on one store: who holds a run, and who goes on with it.
#include "run/control_world_test.h"
#include "run/crashing_store_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

// A call whose answer takes its time.
class Stalling final : public action::Invoker {
 public:
  explicit Stalling(FakeActions& inner) : inner_(inner) {}
  Result<action::Outcome> invoke(action::Invocation const& invocation) override {
    auto outcome = inner_.invoke(invocation);
    if (auto const hook = std::exchange(meanwhile, nullptr)) hook();
    return outcome;
  }
  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    return inner_.info(catalog, name, version);
  }
  std::function<void()> meanwhile;

 private:
  FakeActions& inner_;
};

struct LeaseTest : ControlWorld {
  Stalling stalling{actions};
};

TEST_F(LeaseTest, a_second_node_takes_over_and_the_late_commit_of_the_first_is_refused) {
  publish("do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n- nap: {wait: PT1H}\n");
  invoker = &stalling;
  Life first(*this, *store, "one");
  auto const run =
      first.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  std::unique_ptr<Life> second;
  // Its intent is durable and its call took effect; then the first is not heard of for a minute.
  stalling.meanwhile = [&] {
    clock.advance(std::chrono::minutes(1));
    second = std::make_unique<Life>(*this, *store, "two");
    second->engine.run_until_idle();
  };
  first.engine.run_until_idle();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(actions.log, (Strings{"create-issue first", "create-issue recover"}));
  EXPECT_EQ(count(*run, "call-returned"), 1) << "the first's late answer is not journalled";
  for (auto const& [marker, times] : actions.effects)
    EXPECT_EQ(times, 1) << marker;
  EXPECT_EQ(row(*run).status, "waiting");
  auto const late = first.engine.cancel(*run, "bob");
  ASSERT_FALSE(late.ok());
  EXPECT_TRUE(store::is_lease_lost(late.error())) << describe(late.error());
  clock.advance(std::chrono::hours(1));
  second->engine.run_until_idle();
  EXPECT_EQ(row(*run).status, "completed");
}

// Taken for dead while a commit of its is on the way, it joins anew and gets its own run back
// before that commit is refused: then there is nobody else to go on with it.
TEST_F(LeaseTest, a_node_that_got_its_own_run_back_goes_on_with_it) {
  publish("do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n");
  invoker = &stalling;
  CrashingStore disk(*store, 1'000'000, CrashingStore::Last::lost);
  Life* self = nullptr;
  Life first(*this, disk, "one", [&] {
    if (disk.waiting() == 0) return;
    if (disk.disk == CrashingStore::Disk::slow) {
      disk.disk = CrashingStore::Disk::quick;
      clock.advance(std::chrono::minutes(1));
      auto& leases = store->leases();
      auto const other =
          leases.join("two", {.now = clock.now(), .until = clock.now() + std::chrono::minutes(1)});
      ASSERT_TRUE(other.ok());
      ASSERT_EQ(leases.claim({.epoch = *other, .now = clock.now(), .limit = 10})->size(), 1U);
      ASSERT_TRUE(leases.leave(*other).ok());
      self->engine.run_until_idle();
      return;
    }
    disk.let_through();
  });
  self = &first;
  auto const run =
      first.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  // The call took effect; its answer's commit does not come through yet.
  stalling.meanwhile = [&] { disk.disk = CrashingStore::Disk::slow; };
  first.engine.run_until_idle();
  EXPECT_EQ(row(*run).status, "running");
  clock.advance(std::chrono::seconds(2));
  first.engine.run_until_idle();
  EXPECT_EQ(row(*run).status, "completed");
  for (auto const& [marker, times] : actions.effects)
    EXPECT_EQ(times, 1) << marker;
}

TEST_F(LeaseTest, a_living_node_keeps_its_runs_and_one_that_drains_gives_them_back) {
  publish("do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n");
  invoker = &stalling;
  auto first = std::make_unique<Life>(*this, *store, "one");
  Life second(*this, *store, "two");
  auto const run =
      first->engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  stalling.meanwhile = [&] {
    clock.advance(std::chrono::seconds(20));
    second.engine.run_until_idle();
  };
  first->engine.run_until_idle();
  EXPECT_EQ(actions.log, Strings{"create-issue first"}) << "20 s are not enough to take over";
  EXPECT_EQ(row(*run).status, "completed");
  auto const left =
      first->engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  first.reset();  // with the run under way
  clock.advance(std::chrono::seconds(11));
  second.engine.run_until_idle();
  EXPECT_EQ(row(*left).status, "completed");
}

}  // namespace
}  // namespace fairlead::run
