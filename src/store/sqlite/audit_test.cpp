// The audit log under the hands of somebody with the database file and an SQL shell.
#include <gtest/gtest.h>

#include "store/audit.h"
#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/files.h"
#include "testing/virtual_clock.h"

namespace fairlead::store {
namespace {

struct Forgery {
  char const* name;
  char const* sql;
  std::int64_t found_at;  // 0: nothing is wrong
};

class AuditForgery : public ::testing::TestWithParam<Forgery> {
 protected:
  std::unique_ptr<Store> open() {
    auto opened = open_sqlite_store({.folder = folder_.path() / "data"}, clock_);
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }
  testing::VirtualClock clock_;
  testing::TemporaryFolder folder_;
};

TEST_P(AuditForgery, is_found_by_the_check) {
  {
    auto const store = open();
    for (auto const* action : {"users.create", "users.change", "runs.cancel", "secrets.set"}) {
      AuditEntry entry;
      entry.at = clock_.now();
      entry.actor_kind = "user";
      entry.actor = "ada";
      entry.action = action;
      entry.outcome = "ok";
      entry.detail = Json::object({{"b", 1}, {"a", "x"}});
      ASSERT_TRUE(store->audit().append(entry).ok());
    }
  }
  {
    auto database =
        Database::open(folder_.path() / "data" / sqlite_file_name, Database::Access::read_write);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->execute(GetParam().sql).ok());
  }
  auto const store = open();
  auto const check = check_chain(store->audit());
  ASSERT_TRUE(check.ok());
  EXPECT_EQ(check->broken_at.value_or(0), GetParam().found_at);
}

INSTANTIATE_TEST_SUITE_P(
    Forgeries, AuditForgery,
    ::testing::Values(
        Forgery{"none", "SELECT 1", 0},
        Forgery{"other_actor", "UPDATE audit SET actor = 'bob' WHERE seq = 2", 2},
        Forgery{"other_time", "UPDATE audit SET at = at + 1 WHERE seq = 1", 1},
        Forgery{"other_detail", "UPDATE audit SET detail = '{\"a\":\"x\",\"b\":2}' WHERE seq = 3",
                3},
        Forgery{"same_detail", "UPDATE audit SET detail = '{\"a\":\"x\",\"b\":1}' WHERE seq = 3",
                0},
        Forgery{"removed", "DELETE FROM audit WHERE seq = 2", 2},
        Forgery{"removed_first", "DELETE FROM audit WHERE seq = 1", 1},
        Forgery{"removed_last", "DELETE FROM audit WHERE seq = 4", 4},
        Forgery{"removed_all", "DELETE FROM audit", 1},
        Forgery{"renumbered",
                "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2;"
                "UPDATE audit_head SET seq = 3",
                2},
        Forgery{"inserted",
                "UPDATE audit_head SET seq = 5; INSERT INTO audit SELECT 5, at, actor_kind, actor,"
                "action, target, outcome, from_address, detail, hash FROM audit WHERE seq = 4",
                5}),
    [](auto const& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace fairlead::store
