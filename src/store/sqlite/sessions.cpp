#include "store/rules.h"
#include "store/sqlite/people.h"

namespace fairlead::store {
namespace {

using std::string_view;

#define SESSION_COLUMNS \
  "id, token_hash, user_id, way, from_address, agent, created_at, seen_at, expires_at"

SessionRecord read_session(Query& row, std::optional<Error>&) {
  SessionRecord session;
  session.id = row.text(0);
  session.token_hash = row.text(1);
  session.user = UserId(row.text(2));
  session.way = row.text(3);
  session.from = row.text(4);
  session.agent = row.text(5);
  session.created_at = row.time(6);
  session.seen_at = row.time(7);
  session.expires_at = row.time(8);
  return session;
}

class SqliteSessions final : public SessionStore {
 public:
  explicit SqliteSessions(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> insert(SessionRecord const& s) override {
    return writer_.write([&](Database& database) {
      Query query =
          database.query("INSERT INTO sessions (" SESSION_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?)");
      query.bind(string_view(s.id), string_view(s.token_hash), string_view(s.user.text),
                 string_view(s.way), string_view(s.from), string_view(s.agent), s.created_at,
                 s.seen_at, s.expires_at);
      return query.run();
    });
  }

  Result<std::optional<SessionRecord>> find(string_view token_hash) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " SESSION_COLUMNS " FROM sessions WHERE token_hash = ?");
      query.bind(token_hash);
      return read_row(query, read_session);
    });
  }

  Result<void> touch(string_view token_hash, Time seen_at) override {
    return writer_.write([&](Database& database) {
      Query query = database.query("UPDATE sessions SET seen_at = ? WHERE token_hash = ?");
      return query.bind(seen_at).bind(token_hash).run();
    });
  }

  Result<std::vector<SessionRecord>> list(UserId const& user) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " SESSION_COLUMNS
                                   " FROM sessions WHERE user_id = ? ORDER BY created_at DESC, id");
      query.bind(string_view(user.text));
      return read_rows(query, read_session);
    });
  }

  Result<void> remove(UserId const& user, string_view id) override {
    return writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM sessions WHERE user_id = ? AND id = ?");
      FAIRLEAD_CHECK(query.bind(string_view(user.text)).bind(id).run());
      return database.changes() == 0 ? no_such("session", id) : Result<void>();
    });
  }

  Result<int> remove_others(UserId const& user, string_view token_hash) override {
    int removed = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?");
      FAIRLEAD_CHECK(query.bind(string_view(user.text)).bind(token_hash).run());
      removed = static_cast<int>(database.changes());
      return {};
    }));
    return removed;
  }

  Result<int> remove_over(Time now, Time idle_since) override {
    int removed = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM sessions WHERE expires_at <= ? OR seen_at < ?");
      FAIRLEAD_CHECK(query.bind(now, idle_since).run());
      removed = static_cast<int>(database.changes());
      return {};
    }));
    return removed;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<SessionStore> make_sqlite_sessions(SqliteParts parts) {
  return std::make_unique<SqliteSessions>(parts);
}

}  // namespace fairlead::store
