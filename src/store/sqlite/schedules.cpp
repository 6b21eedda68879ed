#include "store/sqlite/schedules.h"

#include "store/rules.h"

namespace fairlead::store {
namespace {

#define SCHEDULE_COLUMNS                                                                 \
  "workflow_namespace, workflow_name, version, plan, last_run, skipped_why, anchor_at, " \
  "next_at, last_at, decided_at, skipped, skipped_at, generation"

ScheduleRecord read_schedule(Query& row, std::optional<Error>&) {
  ScheduleRecord record;
  int column = 0;
  record.workflow_namespace = row.text(column++);
  record.workflow_name = row.text(column++);
  record.version = row.text(column++);
  record.plan = row.text(column++);
  record.last_run = RunId(row.text(column++));
  record.skipped_why = row.text(column++);
  record.anchor_at = row.time(column++);
  record.next_at = row.optional_time(column++);
  record.last_at = row.optional_time(column++);
  record.decided_at = row.time(column++);
  record.skipped = row.integer(column++);
  record.skipped_at = row.optional_time(column++);
  record.generation = row.integer(column++);
  return record;
}

Result<std::optional<ScheduleRecord>> find_schedule(Database& database, std::string_view space,
                                                    std::string_view name) {
  Query query =
      database.query("SELECT " SCHEDULE_COLUMNS
                     " FROM schedules WHERE workflow_namespace = ? AND workflow_name = ?");
  query.bind(space, name);
  return read_row(query, read_schedule);
}

Result<void> put_schedule(Database& database, ScheduleRecord const& r, std::int64_t generation) {
  Query query = database.query("INSERT OR REPLACE INTO schedules (" SCHEDULE_COLUMNS
                               ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  query.bind(std::string_view(r.workflow_namespace), std::string_view(r.workflow_name),
             std::string_view(r.version), std::string_view(r.plan),
             std::string_view(r.last_run.text), std::string_view(r.skipped_why));
  query.bind(r.anchor_at, r.next_at, r.last_at, r.decided_at, r.skipped, r.skipped_at, generation);
  return query.run();
}

class SqliteSchedules final : public ScheduleStore {
 public:
  explicit SqliteSchedules(SqliteParts parts) : readers_(parts.readers) {}

  Result<std::vector<ScheduleRecord>> list() override {
    return readers_.with([](Database& database) {
      Query query = database.query("SELECT " SCHEDULE_COLUMNS
                                   " FROM schedules ORDER BY workflow_namespace, workflow_name");
      return read_rows(query, read_schedule);
    });
  }

  Result<std::optional<ScheduleRecord>> find(std::string_view workflow_namespace,
                                             std::string_view name) override {
    return readers_.with(
        [&](Database& database) { return find_schedule(database, workflow_namespace, name); });
  }

 private:
  Readers& readers_;
};

}  // namespace

Result<void> write_schedule(Database& database, ScheduleChange const& change) {
  auto const& row = change.row;
  FAIRLEAD_TRY(auto const stored,
               find_schedule(database, row.workflow_namespace, row.workflow_name));
  FAIRLEAD_CHECK(check_schedule_change(stored ? &*stored : nullptr, change));
  if (change.kind == ScheduleChange::Kind::put) {
    return put_schedule(database, row, change.expected_generation + 1);
  }
  Query query =
      database.query("DELETE FROM schedules WHERE workflow_namespace = ? AND workflow_name = ?");
  query.bind(std::string_view(row.workflow_namespace), std::string_view(row.workflow_name));
  return query.run();
}

std::unique_ptr<ScheduleStore> make_sqlite_schedules(SqliteParts parts) {
  return std::make_unique<SqliteSchedules>(parts);
}

}  // namespace fairlead::store
