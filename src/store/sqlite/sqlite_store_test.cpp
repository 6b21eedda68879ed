// What only SQLite has to do right: files, locks, migrations, damage, full disks.
#include "store/sqlite/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "store/sqlite/database.h"
#include "store/sqlite/migrate.h"
#include "testing/files.h"
#include "testing/virtual_clock.h"

namespace fairlead::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::read_file;
using testing::TemporaryFolder;
using testing::VirtualClock;
using testing::write_file;

unsigned mode_of(fs::path const& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

class SqliteStoreTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open(std::int64_t pages_max = 0) {
    return open_sqlite_store({.folder = data_, .pages_max = pages_max}, clock_);
  }
  [[nodiscard]] fs::path file() const { return data_ / sqlite_file_name; }
  // Statements run by hand on the closed database.
  void tamper(std::string const& sql) {
    auto database = Database::open(file(), Database::Access::read_write);
    ASSERT_TRUE(database.ok()) << describe(database.error());
    auto const done = (*database)->execute(sql);
    ASSERT_TRUE(done.ok()) << describe(done.error());
  }

  VirtualClock clock_;
  TemporaryFolder folder_;
  fs::path data_{folder_.path() / "data"};
};

RunChange new_run(std::string const& id, std::size_t input_bytes = 1) {
  RunChange change;
  change.run.id = RunId(id);
  change.run.status = "running";
  change.run.input = std::string(input_bytes, 'x');
  return change;
}

Result<void> commit(Store& store, RunChange change) {
  Commit batch;
  batch.runs.push_back(std::move(change));
  return commit_and_wait(store.runs(), std::move(batch));
}

TEST_F(SqliteStoreTest, makes_folder_and_files_that_only_the_owner_can_read) {
  auto store = open();
  ASSERT_TRUE(store.ok()) << describe(store.error());
  ASSERT_TRUE((*store)->meta().set("k", "v").ok());
  EXPECT_EQ(mode_of(data_), 0700U);
  for (auto const& entry : fs::directory_iterator(data_)) {
    EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
  }
}

TEST_F(SqliteStoreTest, keeps_what_was_committed_over_a_restart) {
  { ASSERT_TRUE((*open())->meta().set("k", "v").ok()); }
  auto const again = open();
  ASSERT_TRUE(again.ok()) << describe(again.error());
  EXPECT_EQ(*(*again)->meta().get("k"), "v");
}

TEST_F(SqliteStoreTest, commits_everything_accepted_before_it_ends) {
  {
    auto store = open();
    for (int i = 0; i < 1'200; ++i) {
      Commit batch;
      batch.runs.push_back(new_run("r" + std::to_string(i)));
      (*store)->runs().commit(std::move(batch), [](Result<void> done) { EXPECT_TRUE(done.ok()); });
    }
  }
  auto const again = open();
  EXPECT_EQ((*again)->runs().unfinished(RunId(), 5'000)->size(), 1'200U);
}

TEST_F(SqliteStoreTest, survives_the_death_of_the_process) {
  ASSERT_TRUE(open().ok());
  pid_t const child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = open();
    bool const kept = store.ok() && commit(**store, new_run("r")).ok();
    ::_exit(kept ? 0 : 1);  // no destructor runs: as if killed
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  auto const store = open();
  ASSERT_TRUE(store.ok()) << describe(store.error());
  EXPECT_TRUE((*store)->runs().get(RunId("r")).ok());
}

TEST_F(SqliteStoreTest, leaves_one_file_when_it_is_closed) {
  {
    auto const store = open();
    ASSERT_TRUE(store.ok());
    ASSERT_TRUE(commit(**store, new_run("r")).ok());
    ASSERT_TRUE((*store)->runs().get(RunId("r")).ok());
  }
  auto const log = data_ / (std::string(sqlite_file_name) + "-wal");
  EXPECT_FALSE(std::filesystem::exists(log));
}

TEST_F(SqliteStoreTest, refuses_a_folder_that_another_server_uses) {
  auto const first = open();
  ASSERT_TRUE(first.ok());
  auto const second = open();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_EQ(second.error().title, "Data folder in use");
  EXPECT_THAT(describe(second.error()), HasSubstr("process " + std::to_string(::getpid())));
}

TEST_F(SqliteStoreTest, refuses_the_database_of_a_newer_program) {
  ASSERT_TRUE(open().ok());
  tamper("PRAGMA user_version=99");
  auto const store = open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, ErrorKind::conflict);
  EXPECT_THAT(describe(store.error()), HasSubstr("has schema 99"));
}

TEST_F(SqliteStoreTest, refuses_the_database_of_another_program) {
  fs::create_directories(data_);
  write_file(file(), "");
  tamper("CREATE TABLE theirs (x)");
  auto const store = open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, ErrorKind::conflict);
  EXPECT_THAT(describe(store.error()), HasSubstr("another program"));
}

TEST_F(SqliteStoreTest, reports_a_file_that_is_no_database_as_corrupt) {
  fs::create_directories(data_);
  write_file(file(), std::string(8'192, 'x'));
  auto const store = open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
  EXPECT_THAT(describe(store.error()), HasSubstr("restore the latest backup"));
}

TEST_F(SqliteStoreTest, reports_damaged_pages_as_corrupt) {
  {
    auto store = open();
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(commit(**store, new_run("r" + std::to_string(i), 1'000)).ok());
    }
  }
  auto const size = fs::file_size(file());
  {
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4'096);
    bytes << std::string(size - 4'096, '\xAA');
  }
  auto const store = open();
  auto const list = store.ok() ? (*store)->runs().list({}, "", 100) : store.error();
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().kind, ErrorKind::corrupt) << describe(list.error());
}

TEST_F(SqliteStoreTest, reports_stored_text_that_is_not_json_as_corrupt) {
  ASSERT_TRUE(commit(**open(), new_run("r")).ok());
  tamper("UPDATE runs SET input = '{'");
  auto const run = (*open())->runs().get(RunId("r"));
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().kind, ErrorKind::corrupt);
}

TEST_F(SqliteStoreTest, reports_a_full_disk_and_goes_on_when_there_is_room) {
  auto store = open(80);
  ASSERT_TRUE(store.ok()) << describe(store.error());
  ASSERT_TRUE(commit(**store, new_run("small")).ok());
  auto const refused = commit(**store, new_run("large", 1U << 20U));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(describe(refused.error()), HasSubstr("the disk is full"));
  EXPECT_FALSE((*store)->runs().get(RunId("large")).ok());
  EXPECT_TRUE(commit(**store, new_run("next")).ok());
  EXPECT_TRUE((*store)->runs().get(RunId("small")).ok());
}

TEST_F(SqliteStoreTest, reports_a_folder_that_cannot_be_written) {
  write_file(data_, "a file where the folder should be");
  auto const store = open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(describe(store.error()), HasSubstr("check owner, rights"));
}

TEST_F(SqliteStoreTest, backs_up_while_it_is_in_use) {
  auto store = open();
  ASSERT_TRUE(commit(**store, new_run("r")).ok());
  fs::path const copy = folder_.path() / "restored" / sqlite_file_name;
  fs::create_directories(copy.parent_path());
  auto const done = backup_sqlite(data_, copy);
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_EQ(mode_of(copy), 0600U);
  ASSERT_TRUE(commit(**store, new_run("later")).ok());
  auto const restored = open_sqlite_store({.folder = copy.parent_path()}, clock_);
  ASSERT_TRUE(restored.ok()) << describe(restored.error());
  EXPECT_TRUE((*restored)->runs().get(RunId("r")).ok());
  EXPECT_FALSE((*restored)->runs().get(RunId("later")).ok());
  EXPECT_EQ(backup_sqlite(data_, copy).error().kind, ErrorKind::conflict);
  EXPECT_EQ(backup_sqlite(folder_.path() / "none", copy).error().kind, ErrorKind::not_found);
}

TEST_F(SqliteStoreTest, restores_a_backup_into_an_empty_folder_only) {
  fs::path const copy = folder_.path() / "copy.db";
  {
    auto store = open();
    ASSERT_TRUE(commit(**store, new_run("r")).ok());
    ASSERT_TRUE(backup_sqlite(data_, copy).ok());
    EXPECT_EQ(restore_sqlite(copy, data_).error().kind, ErrorKind::conflict) << "in use";
  }
  EXPECT_EQ(restore_sqlite(copy, data_).error().kind, ErrorKind::conflict) << "has a database";
  fs::path const fresh = folder_.path() / "fresh" / "data";
  auto const done = restore_sqlite(copy, fresh);
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_EQ(mode_of(fresh / sqlite_file_name), 0600U);
  auto const restored = open_sqlite_store({.folder = fresh}, clock_);
  ASSERT_TRUE(restored.ok()) << describe(restored.error());
  EXPECT_TRUE((*restored)->runs().get(RunId("r")).ok());
}

TEST_F(SqliteStoreTest, restores_nothing_that_is_no_whole_backup) {
  fs::path const fresh = folder_.path() / "fresh";
  fs::path const copy = folder_.path() / "copy.db";
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(backup_sqlite(data_, copy).ok());
  fs::path const half = folder_.path() / "half.db";
  fs::copy_file(copy, half);
  fs::resize_file(half, fs::file_size(half) / 2);
  fs::path const text = folder_.path() / "text.db";
  std::ofstream(text) << "hello, this is no database";
  fs::path const empty = folder_.path() / "empty.db";
  std::ofstream(empty).flush();
  for (auto const& each : {half, text, empty, folder_.path() / "none.db"}) {
    auto const done = restore_sqlite(each, fresh);
    ASSERT_FALSE(done.ok()) << each;
    EXPECT_EQ(done.error().kind, ErrorKind::invalid_input) << describe(done.error());
    EXPECT_FALSE(fs::exists(fresh / sqlite_file_name)) << each;
    EXPECT_FALSE(fs::exists(fresh / "fairlead.db.restoring")) << each;
  }
}

// ---- migrations ----

Result<std::string> schema_of(Database& database) {
  Query query = database.query("SELECT group_concat(sql, ';') FROM sqlite_schema ORDER BY name");
  FAIRLEAD_TRY(bool const row, query.step());
  return row ? query.text(0) : "";
}

TEST_F(SqliteStoreTest, migrations_are_numbered_without_gaps) {
  std::int64_t expected = 0;
  for (Migration const& step : migrations())
    EXPECT_EQ(step.version, ++expected);
}

// tests/golden/store/schema_<n>.sql is the dump of a database as schema n left it, rows included.
TEST_F(SqliteStoreTest, migrates_from_every_schema_with_its_rows) {
  for (Migration const& step : migrations()) {
    SCOPED_TRACE(step.version);
    fs::remove_all(data_);
    fs::create_directories(data_);
    auto const dump = read_file(testing::repository_root() / "tests/golden/store" /
                                ("schema_" + std::to_string(step.version) + ".sql"));
    ASSERT_TRUE(dump.has_value());
    write_file(file(), "");
    tamper(*dump);
    auto const store = open();
    ASSERT_TRUE(store.ok()) << describe(store.error());
    EXPECT_EQ((*store)->connections().find("company")->account["username"], Json("ada"));
    EXPECT_EQ((*store)->workflows().latest()->front().version, "1.2.0");
    EXPECT_EQ((*store)->events().pending(10)->front().id, "INC-42");
    EXPECT_EQ((*store)->runs().journal(RunId("run-1"), 0, 10)->size(), 2U);
    EXPECT_EQ((*store)->runs().due_timers(clock_.now(), 10)->front().key, "wait");
    EXPECT_EQ((*store)->access().list_tokens()->front().name, "ci");
    EXPECT_EQ(*(*store)->meta().get("instance"), "abc");
  }
}

TEST_F(SqliteStoreTest, a_failing_migration_leaves_the_old_schema) {
  ASSERT_TRUE(open().ok());
  auto database = Database::open(file(), Database::Access::read_write);
  auto const before = schema_of(**database);
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  auto const next = static_cast<std::int64_t>(steps.size()) + 1;
  steps.push_back({next, "broken", "CREATE TABLE half (x); CREATE TABLE meta (x);"});
  auto const done = migrate(**database, steps);
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().message, HasSubstr("(broken) failed"));
  EXPECT_EQ(*schema_of(**database), *before);
  EXPECT_EQ(*(*database)->integer("PRAGMA user_version"), next - 1);
  steps.back().sqlite = "CREATE TABLE whole (x);";
  EXPECT_TRUE(migrate(**database, steps).ok());
  EXPECT_EQ(*(*database)->integer("PRAGMA user_version"), next);
}

// ---- plans: an index that is not used shows only under load ----

TEST_F(SqliteStoreTest, hot_queries_use_their_indexes) {
  ASSERT_TRUE(open().ok());
  auto database = Database::open(file(), Database::Access::read_only);
  struct Plan {
    char const* sql;
    char const* uses;
  };
  constexpr std::array<Plan, 9> plans{{
      {"EXPLAIN QUERY PLAN SELECT row FROM runs WHERE id = ?", "INDEX sqlite_autoindex_runs_1"},
      {"EXPLAIN QUERY PLAN SELECT * FROM runs WHERE ended_at IS NULL AND id > ? ORDER BY id",
       "INDEX runs_unfinished"},
      {"EXPLAIN QUERY PLAN SELECT * FROM runs WHERE row < ?1 AND event_seq = ?2 AND "
       "event_seq <> 0 ORDER BY row DESC",
       "INDEX runs_event"},
      {"EXPLAIN QUERY PLAN SELECT * FROM journal WHERE run = ? AND seq > ? ORDER BY seq",
       "INDEX journal_run"},
      {"EXPLAIN QUERY PLAN SELECT * FROM events WHERE dispatched = 0 ORDER BY seq",
       "INDEX events_pending"},
      {"EXPLAIN QUERY PLAN SELECT min(due_at) FROM timers", "INDEX timers_due"},
      {"EXPLAIN QUERY PLAN SELECT * FROM timers WHERE due_at <= ? ORDER BY due_at",
       "INDEX timers_due"},
      {"EXPLAIN QUERY PLAN SELECT run FROM timers WHERE wake_key = ? AND wake_key <> ''",
       "INDEX timers_wake (wake_key=?)"},
      {"EXPLAIN QUERY PLAN SELECT DISTINCT wake_key FROM timers WHERE wake_key <> '' AND "
       "wake_key >= ?1 AND wake_key < ?2 ORDER BY wake_key",
       "INDEX timers_wake (wake_key>? AND wake_key<?)"},
  }};
  for (Plan const& plan : plans) {
    Query query = (*database)->query(plan.sql);
    ASSERT_TRUE(*query.step()) << plan.sql;
    EXPECT_THAT(query.text(3), HasSubstr(plan.uses)) << plan.sql;
  }
}

}  // namespace
}  // namespace fairlead::store
