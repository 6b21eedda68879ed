// Timers: none is lost, whenever it is set.
#include "run/timers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/virtual_clock.h"

namespace fairlead::run {
namespace {

// A table of timers; everything else of a store is not asked for.
class TimerTable final : public store::RunStore {
 public:
  void commit(store::Commit, Done done) override { done(not_here()); }
  Result<store::RunRecord> get(RunId const&) override { return not_here(); }
  Result<store::Page<store::RunRecord>> list(store::RunFilter const&, std::string const&,
                                             int) override {
    return not_here();
  }
  Result<std::vector<store::JournalEntry>> journal(RunId const&, std::int64_t, int) override {
    return not_here();
  }
  Result<std::vector<store::RunRecord>> unfinished(RunId const&, int) override {
    return not_here();
  }
  Result<std::vector<store::TimerRecord>> due_timers(Time now, int) override {
    std::vector<store::TimerRecord> due;
    for (auto const& row : rows)
      if (row.due_at <= now) due.push_back(row);
    return due;
  }
  Result<std::optional<Time>> next_timer() override {
    std::optional<Time> soonest;
    for (auto const& row : rows)
      soonest = std::min(soonest.value_or(row.due_at), row.due_at);
    if (after_look) after_look();
    return soonest;
  }

  std::vector<store::TimerRecord> rows;
  std::function<void()> after_look;  // next_timer() has read, but not answered yet

 private:
  static Error not_here() { return make_error(ErrorKind::internal, "not asked for"); }
};

class TimersTest : public ::testing::Test {
 protected:
  void set(std::string key, Milliseconds in) {
    table_.rows.push_back(
        {.run = RunId("run"), .key = std::move(key), .due_at = clock_.now() + in});
    timers_.changed(table_.rows.back().due_at);
  }

  testing::VirtualClock clock_;
  TimerTable table_;
  std::unique_ptr<Log> log_ = make_null_log();
  std::vector<std::string> fired_;
  int wakes_{0};
  Timers timers_{{.runs = table_,
                  .clock = clock_,
                  .log = *log_,
                  .fire =
                      [this](store::TimerRecord const& timer, RunReply const& reply) {
                        fired_.push_back(timer.key);
                        std::erase_if(table_.rows,
                                      [&](auto const& row) { return row.key == timer.key; });
                        reply({});
                      },
                  .room = [] { return std::size_t{100}; },
                  .wake = [this] { ++wakes_; }}};
};

TEST_F(TimersTest, fires_what_is_due_and_knows_the_next) {
  set("a", Milliseconds(100));
  set("b", Milliseconds(300));
  clock_.advance(Milliseconds(100));
  EXPECT_TRUE(timers_.work());
  EXPECT_EQ(fired_, std::vector<std::string>{"a"});
  while (timers_.work()) {
  }
  EXPECT_EQ(timers_.next(), clock_.now() + Milliseconds(200));
}

// The store was read before the timer's commit, and the timer is due later than the recheck: it
// counts all the same, whether the store knew of another one or of none.
TEST_F(TimersTest, how_late_they_were_is_counted) {
  set("a", Milliseconds(100));
  set("b", Milliseconds(300));
  clock_.advance(Milliseconds(340));
  EXPECT_TRUE(timers_.work());
  EXPECT_EQ(timers_.lag().count, 2);
  EXPECT_EQ(timers_.lag().sum, Milliseconds(240 + 40));
}

TEST_F(TimersTest, what_is_set_during_a_look_is_not_forgotten) {
  for (bool const another : {false, true}) {
    SCOPED_TRACE(another);
    table_.rows.clear();
    fired_.clear();
    if (another) set("far", Milliseconds(60'000));
    clock_.advance(timers_recheck);
    timers_.changed(clock_.now());
    table_.after_look = [this] {
      table_.after_look = nullptr;
      set("late", Milliseconds(100));
    };
    EXPECT_FALSE(timers_.work());
    EXPECT_LE(timers_.next(), clock_.now() + Milliseconds(100));
    clock_.advance(Milliseconds(100));
    EXPECT_TRUE(timers_.work());
    EXPECT_EQ(fired_, std::vector<std::string>{"late"});
  }
}

}  // namespace
}  // namespace fairlead::run
