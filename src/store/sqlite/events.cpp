#include <algorithm>
#include <iterator>
#include <set>

#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define EVENT_COLUMNS "seq, source, id, type, received_at, dispatched, envelope"

EventRecord read_event(Query& row, std::optional<Error>& damage) {
  EventRecord record;
  record.seq = row.integer(0);
  record.source = row.text(1);
  record.id = row.text(2);
  record.type = row.text(3);
  record.received_at = row.time(4);
  record.dispatched = row.integer(5) != 0;
  record.envelope = row.json(6, damage);
  return record;
}

}  // namespace

Result<AppendedEvent> append_event(Database& database, EventRecord const& event) {
  Query known = database.query("SELECT seq FROM events WHERE source = ? AND id = ?");
  FAIRLEAD_TRY(bool const duplicate,
               known.bind(std::string_view(event.source), std::string_view(event.id)).step());
  if (duplicate) return AppendedEvent{.seq = known.integer(0), .duplicate = true};
  Query query = database.query(
      "INSERT INTO events (source, id, type, received_at, dispatched, envelope) "
      "VALUES (?,?,?,?,?,?) RETURNING seq");
  query.bind(std::string_view(event.source), std::string_view(event.id),
             std::string_view(event.type), event.received_at, std::int64_t{event.dispatched},
             event.envelope);
  FAIRLEAD_TRY(bool const row, query.step());
  FAIRLEAD_ASSERT(row, "an inserted event has a number");
  AppendedEvent const appended{.seq = query.integer(0), .duplicate = false};
  FAIRLEAD_TRY(bool const more, query.step());
  FAIRLEAD_ASSERT(!more, "one event is inserted");
  return appended;
}

namespace {

class SqliteEvents final : public EventStore {
 public:
  explicit SqliteEvents(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<AppendedEvent> append(EventRecord const& event) override {
    AppendedEvent appended;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(appended, append_event(database, event));
      return {};
    }));
    return appended;
  }

  Result<std::vector<AppendedEvent>> append_all(std::vector<EventRecord> const& events) override {
    std::vector<AppendedEvent> all;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      for (EventRecord const& event : events) {
        FAIRLEAD_TRY(auto const appended, append_event(database, event));
        all.push_back(appended);
      }
      return {};
    }));
    return all;
  }

  Result<std::vector<EventRecord>> pending(int limit) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " EVENT_COLUMNS
                                   " FROM events WHERE dispatched = 0 ORDER BY seq LIMIT ?");
      query.bind(std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_event);
    });
  }

  Result<EventBacklog> backlog() override {
    return readers_.with([&](Database& database) -> Result<EventBacklog> {
      Query query = database.query(
          "SELECT (SELECT COUNT(*) FROM events WHERE dispatched = 0), "
          "(SELECT received_at FROM events WHERE dispatched = 0 ORDER BY seq LIMIT 1)");
      FAIRLEAD_TRY(bool const row, query.step());
      FAIRLEAD_ASSERT(row, "a count always has a row");
      return EventBacklog{.count = query.integer(0), .oldest = query.optional_time(1)};
    });
  }

  Result<EventRecord> get(std::int64_t seq) override {
    FAIRLEAD_TRY(auto record, readers_.with([&](Database& database) {
      Query query = database.query("SELECT " EVENT_COLUMNS " FROM events WHERE seq = ?");
      query.bind(seq);
      return read_row(query, read_event);
    }));
    if (!record) return no_such("event", std::to_string(seq));
    return std::move(*record);
  }

  Result<std::vector<EventRecord>> since(Time since, std::int64_t after_seq, int limit) override {
    // A first page by the index of times: by number, the whole inbox before `since` would be read.
    // Those after it by number, which stop at the limit: by time, all that came since would be read
    // and sorted for every page. The time is asked all the same: the clock may have been set back.
    bool const by_time = after_seq == 0 && since != Time{};
    return readers_.with([&](Database& database) {
      Query query =
          by_time ? database.query("SELECT " EVENT_COLUMNS
                                   " FROM events INDEXED BY events_received WHERE received_at >= ? "
                                   "AND seq > ? ORDER BY seq LIMIT ?")
                  : database.query("SELECT " EVENT_COLUMNS
                                   " FROM events NOT INDEXED WHERE received_at >= ? AND seq > ? "
                                   "ORDER BY seq LIMIT ?");
      query.bind(since, after_seq, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_event);
    });
  }

  Result<std::vector<EventRecord>> of_types(std::vector<std::string> const& types, Time after,
                                            std::int64_t after_seq, int limit) override {
    if (types.empty()) return since(after, after_seq, limit);
    auto const rows = static_cast<std::size_t>(clamp_rows(limit));
    std::vector<EventRecord> all;
    // One type at a time: the index has them in order, so each stops at the limit. Together they
    // would be read whole and sorted.
    for (auto const& type : std::set<std::string>(types.begin(), types.end())) {
      FAIRLEAD_TRY(auto some, of_type(type, after, after_seq, limit));
      auto const middle = static_cast<std::ptrdiff_t>(all.size());
      std::move(some.begin(), some.end(), std::back_inserter(all));
      std::inplace_merge(all.begin(), all.begin() + middle, all.end(),
                         [](EventRecord const& a, EventRecord const& b) { return a.seq < b.seq; });
      if (all.size() > rows) all.resize(rows);
    }
    return all;
  }

  Result<int> remove_dispatched(Time before, int limit) override {
    int removed = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      removed = 0;
      Query query = database.query(
          "DELETE FROM events WHERE seq IN (SELECT seq FROM events INDEXED BY events_received "
          "WHERE received_at < ? AND dispatched = 1 LIMIT ?) RETURNING seq");
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
  Result<std::vector<EventRecord>> of_type(std::string const& type, Time after,
                                           std::int64_t after_seq, int limit) {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " EVENT_COLUMNS
                                   " FROM events INDEXED BY events_type WHERE type = ? AND "
                                   "received_at >= ? AND seq > ? ORDER BY seq LIMIT ?");
      query.bind(std::string_view(type), after, after_seq, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_event);
    });
  }

  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<EventStore> make_sqlite_events(SqliteParts parts) {
  return std::make_unique<SqliteEvents>(parts);
}

}  // namespace fairlead::store
