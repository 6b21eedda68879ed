#include "store/sqlite/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "testing/files.h"
#include "testing/virtual_clock.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using testing::TemporaryFolder;
using testing::VirtualClock;

class WriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_file(file_, "");
    auto database = Database::open(file_, Database::Access::read_write);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->execute("CREATE TABLE t (n INTEGER UNIQUE)").ok());
    writer_ = std::make_unique<Writer>(std::move(database).value(), clock_);
  }
  static Writer::Apply insert(std::int64_t n) {
    return [n](Database& database) {
      return database.query("INSERT INTO t VALUES (?)").bind(n).run();
    };
  }
  std::int64_t read(char const* sql) {
    auto database = Database::open(file_, Database::Access::read_only);
    return *(*database)->integer(sql);
  }

  VirtualClock clock_;
  TemporaryFolder folder_;
  std::filesystem::path file_{folder_.path() / "t.db"};
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, commits_what_waits_as_one_group) {
  // Held inside a change, so that all that follows is in the queue when the writer comes back.
  std::latch hold(1);
  std::vector<std::int64_t> seen;
  writer_->submit(
      [&](Database&) {
        hold.wait();
        return Result<void>();
      },
      [](Result<void>) {});
  for (int n = 0; n < 3; ++n) {
    writer_->submit(insert(n), [&, n](Result<void>) {
      // All of a group are durable before the first of them is told.
      seen.push_back(n * 10 + read("SELECT count(*) FROM t"));
    });
  }
  hold.count_down();
  writer_.reset();
  EXPECT_THAT(seen, ElementsAre(3, 13, 23));
}

TEST_F(WriterTest, rolls_back_a_failing_change_alone) {
  std::latch hold(1);
  std::vector<std::string> kinds;
  auto const note = [&](Result<void> done) {
    kinds.emplace_back(done.ok() ? "ok" : to_string(done.error().kind));
  };
  writer_->submit(
      [&](Database&) {
        hold.wait();
        return Result<void>();
      },
      note);
  writer_->submit(insert(1), note);
  writer_->submit(
      [](Database& database) -> Result<void> {
        FAIRLEAD_CHECK(database.query("INSERT INTO t VALUES (?)").bind(std::int64_t{50}).run());
        return database.query("INSERT INTO t VALUES (?)").bind(std::int64_t{1}).run();
      },
      note);
  writer_->submit(insert(2), note);
  hold.count_down();
  writer_.reset();
  EXPECT_THAT(kinds, ElementsAre("ok", "ok", "conflict", "ok"));
  EXPECT_EQ(read("SELECT sum(n) FROM t"), 3);
}

TEST_F(WriterTest, counts_changes_and_the_transactions_they_share) {
  std::latch entered(1);
  std::latch hold(1);
  writer_->submit(
      [&](Database&) {
        entered.count_down();
        clock_.advance(Milliseconds(7));
        hold.wait();
        return Result<void>();
      },
      [](Result<void>) {});
  entered.wait();
  std::promise<void> told;
  for (int n = 0; n < 3; ++n)
    writer_->submit(insert(n), [&, n](Result<void>) {
      if (n == 2) told.set_value();
    });
  hold.count_down();
  told.get_future().wait();
  auto const figures = writer_->figures();
  EXPECT_EQ(figures.changes, 4);
  EXPECT_EQ(figures.failed, 0);
  EXPECT_EQ(figures.durations.count, 2);
  EXPECT_EQ(figures.durations.sum, Milliseconds(7));
}

TEST_F(WriterTest, counts_a_transaction_that_fails_as_a_whole) {
  auto const ended = [](Database& database) { return database.query("ROLLBACK").run(); };
  EXPECT_TRUE(writer_->write(insert(1)).ok());
  EXPECT_FALSE(writer_
                   ->write([&](Database& database) -> Result<void> {
                     FAIRLEAD_CHECK(ended(database));
                     return make_error(ErrorKind::unavailable, "disk full");
                   })
                   .ok());
  EXPECT_EQ(writer_->figures().failed, 1);
  EXPECT_EQ(writer_->figures().changes, 2);
}

TEST_F(WriterTest, ends_a_group_when_its_time_is_up) {
  std::latch hold(1);
  std::vector<std::int64_t> seen;
  writer_->submit(
      [&](Database&) {
        hold.wait();
        return Result<void>();
      },
      [](Result<void>) {});
  for (int n = 0; n < 4; ++n) {
    writer_->submit(
        [this, n](Database& database) {
          clock_.advance(Milliseconds(5));
          return insert(n)(database);
        },
        [&](Result<void>) { seen.push_back(read("SELECT count(*) FROM t")); });
  }
  hold.count_down();
  writer_.reset();
  // The first group ends with its second change: ten milliseconds have passed.
  EXPECT_THAT(seen, ElementsAre(2, 2, 4, 4));
}

TEST_F(WriterTest, refuses_more_than_the_queue_holds) {
  std::latch hold(1);
  std::latch held(1);
  writer_->submit(
      [&](Database&) {
        held.count_down();
        hold.wait();
        return Result<void>();
      },
      [](Result<void>) {});
  held.wait();
  auto const nothing = [](Database&) { return Result<void>(); };
  std::latch drained(static_cast<std::ptrdiff_t>(changes_queued_max));
  for (std::size_t i = 0; i < changes_queued_max; ++i) {
    writer_->submit(nothing, [&](Result<void> done) {
      EXPECT_TRUE(done.ok());
      drained.count_down();
    });
  }
  bool refused = false;
  writer_->submit(nothing, [&](Result<void> done) {
    refused = !done.ok() && done.error().kind == ErrorKind::unavailable;
  });
  EXPECT_TRUE(refused);
  hold.count_down();
  drained.wait();  // until then there may be no room
  EXPECT_TRUE(writer_->write(nothing).ok());
}

}  // namespace
}  // namespace fairlead::store
