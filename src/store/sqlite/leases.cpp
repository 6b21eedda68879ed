#include "store/leases.h"

#include <algorithm>

#include "store/rules.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/run_rows.h"

namespace fairlead::store {
namespace {

Result<void> bury(Database& database, Time now) {
  Query query = database.query("DELETE FROM nodes WHERE until <= ?");
  return query.bind(now).run();
}

Result<bool> known(Database& database, std::int64_t epoch) {
  Query query = database.query("SELECT 1 FROM nodes WHERE epoch = ?");
  return query.bind(epoch).step();
}

Result<std::vector<RunRecord>> take(Database& database, Claim const& claim) {
  Query query = database.query(
      "UPDATE runs SET lease = ?1 WHERE row IN (SELECT row FROM runs WHERE ended_at IS NULL AND "
      "status IN ('pending', 'running') AND lease NOT IN (SELECT epoch FROM nodes) "
      "ORDER BY id LIMIT ?2) RETURNING " RUN_COLUMNS);
  query.bind(claim.epoch, std::int64_t{clamp_rows(claim.limit)});
  return read_rows(query, read_run);
}

class SqliteLeases final : public LeaseStore {
 public:
  explicit SqliteLeases(SqliteParts parts) : writer_(parts.writer) {}

  Result<std::int64_t> join(std::string_view node, LeaseTerm term) override {
    std::int64_t epoch = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query earlier = database.query("DELETE FROM nodes WHERE name = ?");
      FAIRLEAD_CHECK(earlier.bind(node).run());
      Query insert = database.query("INSERT INTO nodes (name, until) VALUES (?, ?)");
      FAIRLEAD_CHECK(insert.bind(node, term.until).run());
      FAIRLEAD_TRY(epoch, database.integer("SELECT max(epoch) FROM nodes"));
      return {};
    }));
    return epoch;
  }

  Result<int> renew(std::int64_t epoch, LeaseTerm term) override {
    std::int64_t over = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("UPDATE nodes SET until = ? WHERE epoch = ?");
      FAIRLEAD_CHECK(query.bind(term.until, epoch).run());
      if (database.changes() == 0) return lease_lost("what this node held");
      Query others = database.query("SELECT count(*) FROM nodes WHERE until <= ?");
      FAIRLEAD_TRY(bool const row, others.bind(term.now).step());
      over = row ? others.integer(0) : 0;
      return {};
    }));
    return static_cast<int>(over);
  }

  Result<void> leave(std::int64_t epoch) override {
    return writer_.write([&](Database& database) {
      Query query = database.query("UPDATE nodes SET until = 0 WHERE epoch = ?");
      return query.bind(epoch).run();
    });
  }

  Result<std::vector<RunRecord>> claim(Claim const& claim) override {
    std::vector<RunRecord> taken;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_CHECK(bury(database, claim.now));
      FAIRLEAD_TRY(bool const alive, known(database, claim.epoch));
      if (!alive) return lease_lost("what this node held");
      FAIRLEAD_TRY(taken, take(database, claim));
      return {};
    }));
    std::sort(taken.begin(), taken.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    return taken;
  }

 private:
  Writer& writer_;
};

}  // namespace

std::unique_ptr<LeaseStore> make_sqlite_leases(SqliteParts parts) {
  return std::make_unique<SqliteLeases>(parts);
}

}  // namespace fairlead::store
