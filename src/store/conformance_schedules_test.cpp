// Conformance of every store: schedules, and that one moves on together with the run it starts.
#include <gtest/gtest.h>

#include "store/conformance_fixture.h"

namespace fairlead::store {
namespace {

class SchedulesConformance : public StoreConformance {
 protected:
  [[nodiscard]] ScheduleRecord row(std::string const& name) const {
    ScheduleRecord record;
    record.workflow_namespace = "ops";
    record.workflow_name = name;
    record.version = "1.0.0";
    record.plan = "every 1 min";
    record.anchor_at = at(0);
    record.next_at = at(60);
    record.decided_at = at(0);
    return record;
  }
  Result<void> put(ScheduleRecord record, std::int64_t expected) {
    Commit batch;
    batch.schedule = ScheduleChange{.expected_generation = expected, .row = std::move(record)};
    return commit_and_wait(store_->runs(), std::move(batch));
  }
  [[nodiscard]] static RunChange first_change(std::string const& id) {
    RunChange change;
    change.run.id = RunId(id);
    change.run.status = "running";
    change.run.last_seq = 1;
    change.journal.push_back({.seq = 1, .kind = "started", .task = "", .payload = {}});
    return change;
  }
};
INSTANTIATE_FOR_EVERY_STORE(SchedulesConformance);

TEST_P(SchedulesConformance, keeps_every_field) {
  auto record = row("nightly");
  record.last_at = at(1);
  record.last_run = RunId("r-1");
  record.skipped = 3;
  record.skipped_at = at(2);
  record.skipped_why = "the run before had not ended";
  EXPECT_OK(put(record, 0));
  auto const found = store_->schedules().find("ops", "nightly");
  ASSERT_TRUE(found.ok() && *found);
  auto const& read = **found;
  EXPECT_EQ(read.version, "1.0.0");
  EXPECT_EQ(read.plan, "every 1 min");
  EXPECT_EQ(read.anchor_at, at(0));
  EXPECT_EQ(read.next_at, at(60));
  EXPECT_EQ(read.last_at, at(1));
  EXPECT_EQ(read.last_run.text, "r-1");
  EXPECT_EQ(read.decided_at, at(0));
  EXPECT_EQ(read.skipped, 3);
  EXPECT_EQ(read.skipped_at, at(2));
  EXPECT_EQ(read.skipped_why, "the run before had not ended");
  EXPECT_EQ(read.generation, 1);
  record.next_at.reset();
  EXPECT_OK(put(record, 1));
  EXPECT_FALSE((**store_->schedules().find("ops", "nightly")).next_at.has_value());
  EXPECT_FALSE(store_->schedules().find("ops", "other")->has_value());
}

TEST_P(SchedulesConformance, changes_by_compare_and_swap) {
  EXPECT_OK(put(row("a"), 0));
  EXPECT_ERROR(ErrorKind::conflict, put(row("a"), 0));
  EXPECT_OK(put(row("a"), 1));
  EXPECT_ERROR(ErrorKind::conflict, put(row("a"), 1));
  EXPECT_ERROR(ErrorKind::conflict, put(row("b"), 1));
  EXPECT_OK(put(row("b"), 0));
  auto const all = store_->schedules().list();
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->at(0).workflow_name, "a");
  EXPECT_EQ(all->at(0).generation, 2);
  EXPECT_EQ(all->at(1).workflow_name, "b");
}

TEST_P(SchedulesConformance, removes_a_row_once) {
  EXPECT_OK(put(row("a"), 0));
  Commit batch;
  batch.schedule = ScheduleChange{
      .expected_generation = 1, .row = row("a"), .kind = ScheduleChange::Kind::remove};
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  EXPECT_TRUE(store_->schedules().list()->empty());
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), batch));
}

TEST_P(SchedulesConformance, moves_on_together_with_its_run_or_not_at_all) {
  EXPECT_OK(put(row("a"), 0));
  Commit start;
  start.runs.push_back(first_change("r-1"));
  start.schedule = ScheduleChange{.expected_generation = 1, .row = row("a")};
  start.schedule->row.last_run = RunId("r-1");
  EXPECT_OK(commit_and_wait(store_->runs(), start));
  EXPECT_TRUE(store_->runs().get(RunId("r-1")).ok());
  EXPECT_EQ((**store_->schedules().find("ops", "a")).last_run.text, "r-1");
  // The schedule has moved on: no second run.
  Commit again;
  again.runs.push_back(first_change("r-2"));
  again.schedule = ScheduleChange{.expected_generation = 1, .row = row("a")};
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), again));
  EXPECT_ERROR(ErrorKind::not_found, store_->runs().get(RunId("r-2")));
  // The run exists: the schedule stays where it is.
  Commit taken;
  taken.runs.push_back(first_change("r-1"));
  taken.schedule = ScheduleChange{.expected_generation = 2, .row = row("a")};
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), taken));
  EXPECT_EQ((**store_->schedules().find("ops", "a")).generation, 2);
}

}  // namespace
}  // namespace fairlead::store
