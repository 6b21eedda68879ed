#include "store/sqlite/migrate.h"

namespace fairlead::store {
namespace {

// "FLED": tells our files from those of other programs (PRAGMA application_id).
constexpr std::int64_t application_id = 0x464C4544;

Error newer(std::int64_t theirs, std::int64_t ours) {
  Error error = make_error(ErrorKind::conflict,
                           "the database has schema " + std::to_string(theirs) +
                               ", and this program knows schemas up to " + std::to_string(ours));
  error.title = "Database of a newer Fairlead";
  error.cause = "a newer version of Fairlead has used this data folder";
  error.remedy = "start that version or a newer one, or restore a backup made with this one";
  return error;
}

Result<void> check_owner(Database& database) {
  FAIRLEAD_TRY(auto const owner, database.integer("PRAGMA application_id"));
  FAIRLEAD_TRY(auto const objects, database.integer("SELECT count(*) FROM sqlite_schema"));
  if (owner == application_id || (owner == 0 && objects == 0)) return {};
  Error error = make_error(ErrorKind::conflict, "the database file belongs to another program");
  error.remedy = "give Fairlead a data folder of its own";
  return error;
}

Result<void> apply(Database& database, Migration const& step) {
  std::string const sql = "BEGIN IMMEDIATE;" + std::string(step.sqlite) +
                          "PRAGMA application_id=" + std::to_string(application_id) +
                          ";PRAGMA user_version=" + std::to_string(step.version) + ";COMMIT;";
  Result<void> done = database.execute(sql);
  if (done.ok()) return done;
  if (database.in_transaction()) FAIRLEAD_CHECK(database.execute("ROLLBACK"));
  done.error().message = "migration " + std::to_string(step.version) + " (" +
                         std::string(step.name) + ") failed: " + done.error().message;
  return done;
}

}  // namespace

Result<void> migrate(Database& database, std::span<Migration const> steps) {
  FAIRLEAD_CHECK(check_owner(database));
  FAIRLEAD_TRY(std::int64_t present, database.integer("PRAGMA user_version"));
  if (present > steps.back().version) return newer(present, steps.back().version);
  for (Migration const& step : steps) {
    if (step.version <= present) continue;
    FAIRLEAD_ASSERT(step.version == present + 1, "migrations are numbered without gaps");
    FAIRLEAD_CHECK(apply(database, step));
    present = step.version;
  }
  return {};
}

}  // namespace fairlead::store
