#include "store/leases.h"
#include "store/rules.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/run_rows.h"
#include "store/sqlite/schedules.h"

namespace fairlead::store {

RunRecord read_run(Query& row, std::optional<Error>& damage) {
  RunRecord record;
  int column = 0;
  record.id = RunId(row.text(column++));
  record.workflow_namespace = row.text(column++);
  record.workflow_name = row.text(column++);
  record.workflow_version = row.text(column++);
  record.status = row.text(column++);
  record.waiting_for = row.text(column++);
  record.cause = row.text(column++);
  record.event_seq = row.integer(column++);
  record.replay_of = RunId(row.text(column++));
  record.parent_run = RunId(row.text(column++));
  record.parent_task = row.text(column++);
  record.last_seq = row.integer(column++);
  record.started_at = row.time(column++);
  record.ended_at = row.optional_time(column++);
  record.error = row.json(column++, damage);
  record.input = row.json(column++, damage);
  record.output = row.json(column++, damage);
  return record;
}

namespace {

struct NumberedRun {
  RunRecord run;
  std::int64_t row;
};

NumberedRun read_numbered_run(Query& row, std::optional<Error>& damage) {
  return {.run = read_run(row, damage), .row = row.integer(run_columns)};
}

JournalEntry read_entry(Query& row, std::optional<Error>& damage) {
  JournalEntry entry;
  entry.seq = row.integer(0);
  entry.kind = row.text(1);
  entry.task = row.text(2);
  entry.at = row.time(3);
  entry.payload = row.json(4, damage);
  return entry;
}

TimerRecord read_timer(Query& row, std::optional<Error>&) {
  return {.run = RunId(row.text(0)),
          .key = row.text(1),
          .due_at = row.time(2),
          .wake_key = row.text(3),
          .woken = row.integer(4) != 0};
}

struct RunPlace {
  std::int64_t row{0};
  std::int64_t last_seq{0};
  std::int64_t lease{0};
};

Result<std::optional<RunPlace>> place_of(Database& database, RunId const& id) {
  Query query = database.query("SELECT row, last_seq, lease FROM runs WHERE id = ?");
  FAIRLEAD_TRY(bool const found, query.bind(std::string_view(id.text)).step());
  if (!found) return std::optional<RunPlace>();
  return std::optional(
      RunPlace{.row = query.integer(0), .last_seq = query.integer(1), .lease = query.integer(2)});
}

Result<std::int64_t> insert_run(Database& database, RunRecord const& r, std::int64_t epoch) {
  Query query =
      database.query("INSERT INTO runs (" RUN_COLUMNS
                     ", lease) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING row");
  query.bind(std::string_view(r.id.text), std::string_view(r.workflow_namespace),
             std::string_view(r.workflow_name), std::string_view(r.workflow_version),
             std::string_view(r.status), std::string_view(r.waiting_for),
             std::string_view(r.cause));
  query.bind(r.event_seq, std::string_view(r.replay_of.text), std::string_view(r.parent_run.text),
             std::string_view(r.parent_task), r.last_seq, r.started_at, r.ended_at, r.error,
             r.input, r.output, epoch);
  FAIRLEAD_TRY(bool const row, query.step());
  FAIRLEAD_ASSERT(row, "an inserted run has a row");
  std::int64_t const number = query.integer(0);
  FAIRLEAD_TRY(bool const more, query.step());
  FAIRLEAD_ASSERT(!more, "one run is inserted");
  return number;
}

Result<void> update_run(Database& database, std::int64_t row, RunRecord const& r) {
  Query query = database.query(
      "UPDATE runs SET status = ?, waiting_for = ?, last_seq = ?, error = ?, output = ? "
      "WHERE row = ?");
  query.bind(std::string_view(r.status), std::string_view(r.waiting_for), r.last_seq, r.error,
             r.output, row);
  FAIRLEAD_CHECK(query.run());
  if (!r.ended_at) return {};
  // Apart from the above: ended_at is in an index, which the many steps before the last leave
  // alone.
  Query end = database.query("UPDATE runs SET ended_at = ? WHERE row = ?");
  return end.bind(r.ended_at, row).run();
}

// Of a run that nobody alive holds; the one who takes it must be alive, too.
Result<void> take_lease(Database& database, RunPlace const& place, RunId const& id,
                        Commit const& batch) {
  Query known = database.query(
      "SELECT max(epoch = ?1), max(epoch = ?2 AND until > ?3) FROM nodes WHERE epoch IN (?1, ?2)");
  FAIRLEAD_TRY(bool const row, known.bind(batch.epoch, place.lease, batch.at).step());
  FAIRLEAD_ASSERT(row, "an aggregate has a row");
  if (known.integer(0) == 0 || known.integer(1) != 0) return lease_lost("run " + id.text);
  Query take = database.query("UPDATE runs SET lease = ? WHERE row = ?");
  return take.bind(batch.epoch, place.row).run();
}

Result<std::int64_t> write_run(Database& database, RunChange const& change, Commit const& batch) {
  FAIRLEAD_CHECK(check_change(change));
  FAIRLEAD_TRY(auto const place, place_of(database, change.run.id));
  if (change.expected_seq == 0 && !place) return insert_run(database, change.run, batch.epoch);
  if (change.expected_seq == 0) return run_exists(change.run.id);
  if (!place) return no_such("run", change.run.id.text);
  if (place->last_seq != change.expected_seq) {
    return run_moved_on(change.run.id, change.expected_seq, place->last_seq);
  }
  if (batch.epoch != 0 && place->lease != batch.epoch) {
    FAIRLEAD_CHECK(take_lease(database, *place, change.run.id, batch));
  }
  FAIRLEAD_CHECK(update_run(database, place->row, change.run));
  return place->row;
}

Result<void> write_journal(Database& database, std::int64_t row, JournalEntry const& entry) {
  Query query = database.query(
      "INSERT INTO journal (run, seq, kind, task, at, payload) VALUES (?,?,?,?,?,?)");
  query.bind(row, entry.seq, std::string_view(entry.kind), std::string_view(entry.task), entry.at,
             entry.payload);
  return query.run();
}

Result<void> write_timer(Database& database, std::int64_t row, TimerRecord const& timer,
                         RecentWakes const& recent) {
  Query query = database.query(
      "INSERT INTO timers (run, key, due_at, wake_key, woken) VALUES (?,?,?,?,?) "
      "ON CONFLICT (run, key) DO UPDATE SET due_at = excluded.due_at, "
      "wake_key = excluded.wake_key, woken = excluded.woken");
  auto const wake = timer.wake_key.empty() ? RecentWakes::Wake{}
                                           : recent.later_than(timer.wake_key, timer.wakes_seen);
  bool const woken = wake.number != 0;
  query.bind(row, std::string_view(timer.key),
             woken ? std::min(timer.due_at, wake.at) : timer.due_at,
             std::string_view(timer.wake_key), std::int64_t{woken});
  return query.run();
}

Result<void> write_timers(Database& database, std::int64_t row, RunChange const& change,
                          RecentWakes const& recent) {
  for (std::string const& key : change.timers_cleared) {
    Query query = database.query("DELETE FROM timers WHERE run = ? AND key = ?");
    FAIRLEAD_CHECK(query.bind(row, std::string_view(key)).run());
  }
  for (TimerRecord const& timer : change.timers_set) {
    std::int64_t of = row;
    if (!timer.run.empty() && timer.run != change.run.id) {
      FAIRLEAD_TRY(auto const other, place_of(database, timer.run));
      if (!other) continue;
      of = other->row;
    }
    FAIRLEAD_CHECK(write_timer(database, of, timer, recent));
  }
  return {};
}

Result<void> mark_dispatched(Database& database, std::int64_t seq) {
  Query known = database.query("SELECT dispatched FROM events WHERE seq = ?");
  FAIRLEAD_TRY(bool const found, known.bind(seq).step());
  if (!found) return no_such("event", std::to_string(seq));
  if (known.integer(0) != 0) return event_dispatched_already(seq);
  Query query = database.query("UPDATE events SET dispatched = 1 WHERE seq = ?");
  return query.bind(seq).run();
}

Result<void> write_commit(Database& database, Commit const& batch, RecentWakes const& recent) {
  if (batch.dispatched_event != 0) {
    FAIRLEAD_CHECK(mark_dispatched(database, batch.dispatched_event));
  }
  if (batch.schedule) FAIRLEAD_CHECK(write_schedule(database, *batch.schedule));
  for (RunChange const& change : batch.runs) {
    FAIRLEAD_TRY(std::int64_t const row, write_run(database, change, batch));
    for (JournalEntry const& entry : change.journal) {
      FAIRLEAD_CHECK(write_journal(database, row, entry));
    }
    FAIRLEAD_CHECK(write_listeners(database, row, change));
    for (EventRecord const& event : change.events) {
      FAIRLEAD_CHECK(append_event(database, event));
    }
    FAIRLEAD_CHECK(write_timers(database, row, change, recent));
  }
  return write_partials(database, batch);
}

Json statuses_as_json(RunFilter const& filter) {
  Json statuses = Json::array();
  for (std::string const& status : filter.statuses)
    statuses.push_back(status);
  return statuses;
}

Result<std::vector<NumberedRun>> select_runs(Database& database, RunFilter const& filter,
                                             std::int64_t below_row, int limit) {
  // Three texts: only one that says event_seq <> 0 or parent_run <> '' can use that partial index.
#define RUN_FILTER(more)                                                                          \
  "SELECT " RUN_COLUMNS                                                                           \
  ", row FROM runs WHERE row < ?1 AND (?2 = '[]' OR status IN (SELECT value FROM json_each(?2)))" \
  " AND (?3 = '' OR workflow_namespace = ?3) AND (?4 = '' OR workflow_name = ?4)" more            \
  " AND started_at >= ?7 AND started_at < ?8 ORDER BY row DESC LIMIT ?6"
  Query query =
      filter.event_seq != 0
          ? database.query(RUN_FILTER(
                " AND event_seq = ?5 AND event_seq <> 0 AND (?9 = '' OR parent_run = ?9)"))
      : !filter.parent_run.empty()
          ? database.query(RUN_FILTER(" AND ?5 = 0 AND parent_run = ?9 AND parent_run <> ''"))
          : database.query(RUN_FILTER(" AND ?5 = 0 AND ?9 = ''"));
#undef RUN_FILTER
  query.bind(below_row, statuses_as_json(filter), std::string_view(filter.workflow_namespace),
             std::string_view(filter.workflow_name), filter.event_seq, std::int64_t{limit},
             filter.started_from ? to_epoch_ms(*filter.started_from) : INT64_MIN,
             filter.started_before ? to_epoch_ms(*filter.started_before) : INT64_MAX,
             std::string_view(filter.parent_run.text));
  return read_rows(query, read_numbered_run);
}

class SqliteRuns final : public RunStore {
 public:
  explicit SqliteRuns(SqliteParts parts)
      : readers_(parts.readers), writer_(parts.writer), recent_(parts.recent_wakes) {}

  void commit(Commit batch, Done done) override {
    // Shared, because a std::function must be copyable; nobody changes it. Not `this`: the writer
    // goes on writing what it was given when this part of the store is gone.
    auto const shared = std::make_shared<Commit const>(std::move(batch));
    writer_.submit([&recent = recent_,
                    shared](Database& database) { return write_commit(database, *shared, recent); },
                   std::move(done));
  }

  Result<RunRecord> get(RunId const& id) override {
    FAIRLEAD_TRY(auto record, readers_.with([&](Database& database) {
      Query query = database.query("SELECT " RUN_COLUMNS " FROM runs WHERE id = ?");
      query.bind(std::string_view(id.text));
      return read_row(query, read_run);
    }));
    if (!record) return no_such("run", id.text);
    return std::move(*record);
  }

  Result<Page<RunRecord>> list(RunFilter const& filter, std::string const& cursor,
                               int limit) override {
    FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
    int const rows = clamp_rows(limit);
    // One more than asked for tells whether there is a next page.
    FAIRLEAD_TRY(auto found, readers_.with([&](Database& database) {
      return select_runs(database, filter, below_row, rows + 1);
    }));
    Page<RunRecord> page;
    if (found.size() > static_cast<std::size_t>(rows)) {
      found.pop_back();
      page.next_cursor = cursor_from_row(found.back().row);
    }
    for (NumberedRun& numbered : found)
      page.items.push_back(std::move(numbered.run));
    return page;
  }

  Result<std::vector<JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                            int limit) override {
    return readers_.with([&](Database& database) -> Result<std::vector<JournalEntry>> {
      FAIRLEAD_TRY(auto const place, place_of(database, id));
      if (!place) return no_such("run", id.text);
      Query query = database.query(
          "SELECT seq, kind, task, at, payload FROM journal WHERE run = ? AND seq > ? "
          "ORDER BY seq LIMIT ?");
      query.bind(place->row, after_seq, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_entry);
    });
  }

  Result<std::vector<RunRecord>> unfinished(RunId const& after, int limit) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " RUN_COLUMNS
                                   " FROM runs WHERE ended_at IS NULL AND id > ? "
                                   "ORDER BY id LIMIT ?");
      query.bind(std::string_view(after.text), std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_run);
    });
  }

  Result<std::vector<TimerRecord>> due_timers(Time now, int limit) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT runs.id, timers.key, timers.due_at, timers.wake_key, timers.woken FROM timers "
          "JOIN runs ON runs.row = "
          "timers.run WHERE due_at <= ? ORDER BY due_at, timers.run, timers.key LIMIT ?");
      query.bind(now, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_timer);
    });
  }

  Result<std::optional<Time>> next_timer() override {
    return readers_.with([](Database& database) -> Result<std::optional<Time>> {
      Query query = database.query("SELECT min(due_at) FROM timers");
      FAIRLEAD_TRY(bool const row, query.step());
      return row ? query.optional_time(0) : std::nullopt;
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
  RecentWakes const& recent_;
};

}  // namespace

std::unique_ptr<RunStore> make_sqlite_runs(SqliteParts parts) {
  return std::make_unique<SqliteRuns>(parts);
}

}  // namespace fairlead::store
