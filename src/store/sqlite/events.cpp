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
    return readers_.with([&](Database& database) {
      // By the index of times: by number, the whole inbox before `since` would be read first.
      Query query = database.query("SELECT " EVENT_COLUMNS
                                   " FROM events INDEXED BY events_received WHERE received_at >= ? "
                                   "AND seq > ? ORDER BY seq LIMIT ?");
      query.bind(since, after_seq, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_event);
    });
  }

  Result<std::vector<EventRecord>> of_types(std::vector<std::string> const& types, Time after,
                                            std::int64_t after_seq, int limit) override {
    if (types.empty()) return since(after, after_seq, limit);
    Json names = Json::array();
    for (auto const& type : types)
      names.push_back(type);
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " EVENT_COLUMNS
                                   " FROM events INDEXED BY events_type WHERE type IN (SELECT "
                                   "value FROM json_each(?)) AND received_at >= ? AND seq > ? "
                                   "ORDER BY seq LIMIT ?");
      query.bind(names, after, after_seq, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_event);
    });
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
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<EventStore> make_sqlite_events(SqliteParts parts) {
  return std::make_unique<SqliteEvents>(parts);
}

}  // namespace fairlead::store
