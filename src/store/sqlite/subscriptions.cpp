#include "store/subscriptions.h"

#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define LISTENER_COLUMNS                                                                          \
  "runs.id, listeners.key, listeners.event_type, listeners.after_seq, listeners.since, "          \
  "listeners.filter, listeners.expected, listeners.variables, listeners.row FROM listeners JOIN " \
  "runs ON runs.row = listeners.run"

struct NumberedListener {
  ListenerRecord listener;
  std::int64_t row{0};
};

NumberedListener read_listener(Query& row, std::optional<Error>& damage) {
  NumberedListener read;
  ListenerRecord& record = read.listener;
  record.run = RunId(row.text(0));
  record.key = row.text(1);
  record.event_type = row.text(2);
  record.after_seq = row.integer(3);
  record.since = row.time(4);
  record.filter = row.json(5, damage);
  record.expected = row.json(6, damage);
  record.variables = row.json(7, damage);
  read.row = row.integer(8);
  return read;
}

PartialMatchRecord read_partial(Query& row, std::optional<Error>& damage) {
  PartialMatchRecord record;
  record.id = row.text(0);
  record.workflow = row.text(1);
  record.began_at = row.time(2);
  record.state = row.json(3, damage);
  return record;
}

class SqliteSubscriptions final : public SubscriptionStore {
 public:
  explicit SqliteSubscriptions(SqliteParts parts)
      : readers_(parts.readers), writer_(parts.writer) {}

  Result<Page<ListenerRecord>> listeners(std::string const& cursor, int limit) override {
    FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
    int const rows = clamp_rows(limit);
    FAIRLEAD_TRY(auto found, readers_.with([&](Database& database) {
      Query query = database.query("SELECT " LISTENER_COLUMNS
                                   " WHERE listeners.row < ? ORDER BY listeners.row DESC LIMIT ?");
      query.bind(below_row, std::int64_t{rows} + 1);
      return read_rows(query, read_listener);
    }));
    Page<ListenerRecord> page;
    if (found.size() > static_cast<std::size_t>(rows)) {
      found.pop_back();
      page.next_cursor = cursor_from_row(found.back().row);
    }
    for (auto& each : found)
      page.items.push_back(std::move(each.listener));
    return page;
  }

  Result<std::optional<ListenerRecord>> listener(RunId const& run, std::string_view key) override {
    FAIRLEAD_TRY(auto found, readers_.with([&](Database& database) {
      Query query =
          database.query("SELECT " LISTENER_COLUMNS " WHERE runs.id = ? AND listeners.key = ?");
      query.bind(std::string_view(run.text), key);
      return read_row(query, read_listener);
    }));
    if (!found) return std::optional<ListenerRecord>();
    return std::optional(std::move(found->listener));
  }

  Result<std::vector<PartialMatchRecord>> partials(std::string_view workflow, int limit) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT id, workflow, began_at, state FROM partial_matches WHERE workflow = ? "
          "ORDER BY began_at, rowid LIMIT ?");
      query.bind(workflow, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_partial);
    });
  }

  Result<int> remove_partials(Time before, int limit) override {
    int removed = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      removed = 0;
      Query query = database.query(
          "DELETE FROM partial_matches WHERE rowid IN (SELECT rowid FROM partial_matches "
          "INDEXED BY partial_matches_began WHERE began_at < ? LIMIT ?) RETURNING id");
      query.bind(before, std::int64_t{clamp_rows(limit)});
      for (;;) {
        FAIRLEAD_TRY(bool const row, query.step());
        if (!row) return {};
        ++removed;
      }
    }));
    return removed;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

Result<void> write_listeners(Database& database, std::int64_t run_row, RunChange const& change) {
  for (std::string const& key : change.listeners_cleared) {
    Query query = database.query("DELETE FROM listeners WHERE run = ? AND key = ?");
    FAIRLEAD_CHECK(query.bind(run_row, std::string_view(key)).run());
  }
  for (ListenerRecord const& listener : change.listeners_set) {
    Query query = database.query(
        "INSERT INTO listeners (run, key, event_type, after_seq, since, filter, expected, "
        "variables) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (run, key) DO UPDATE SET "
        "expected = excluded.expected");
    query.bind(run_row, std::string_view(listener.key), std::string_view(listener.event_type),
               listener.after_seq, listener.since, listener.filter, listener.expected,
               listener.variables);
    FAIRLEAD_CHECK(query.run());
  }
  return {};
}

Result<void> write_partials(Database& database, Commit const& batch) {
  for (std::string const& id : batch.partials_cleared) {
    Query query = database.query("DELETE FROM partial_matches WHERE id = ?");
    FAIRLEAD_CHECK(query.bind(std::string_view(id)).run());
  }
  for (PartialMatchRecord const& partial : batch.partials_set) {
    Query query = database.query(
        "INSERT INTO partial_matches (id, workflow, began_at, state) VALUES (?,?,?,?) "
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state");
    query.bind(std::string_view(partial.id), std::string_view(partial.workflow), partial.began_at,
               partial.state);
    FAIRLEAD_CHECK(query.run());
  }
  return {};
}

std::unique_ptr<SubscriptionStore> make_sqlite_subscriptions(SqliteParts parts) {
  return std::make_unique<SqliteSubscriptions>(parts);
}

}  // namespace fairlead::store
