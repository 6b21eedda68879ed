#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define CONNECTION_COLUMNS                                                                     \
  "id, name, app, base_url, auth_kind, status, is_default, client_id, sealed_client_secret, "  \
  "sealed_access_token, sealed_refresh_token, scopes, token_expires_at, generation, account, " \
  "settings, sealed_client_key, last_error, created_at, updated_at"

ConnectionRecord read_connection(Query& row, std::optional<Error>& damage) {
  ConnectionRecord record;
  int column = 0;
  record.id = ConnectionId(row.text(column++));
  record.name = row.text(column++);
  record.app = row.text(column++);
  record.base_url = row.text(column++);
  record.auth_kind = row.text(column++);
  record.status = row.text(column++);
  record.is_default = row.integer(column++) != 0;
  record.client_id = row.text(column++);
  record.sealed_client_secret = row.text(column++);
  record.sealed_access_token = row.text(column++);
  record.sealed_refresh_token = row.text(column++);
  record.scopes = row.text(column++);
  record.token_expires_at = row.optional_time(column++);
  record.generation = row.integer(column++);
  record.account = row.json(column++, damage);
  record.settings = row.json(column++, damage);
  record.sealed_client_key = row.text(column++);
  record.last_error = row.json(column++, damage);
  record.created_at = row.time(column++);
  record.updated_at = row.time(column++);
  return record;
}

// In the order of CONNECTION_COLUMNS.
void bind_connection(Query& query, ConnectionRecord const& r) {
  query.bind(std::string_view(r.id.text), std::string_view(r.name), std::string_view(r.app),
             std::string_view(r.base_url), std::string_view(r.auth_kind),
             std::string_view(r.status), std::int64_t{r.is_default}, std::string_view(r.client_id));
  query.bind(Blob{r.sealed_client_secret}, Blob{r.sealed_access_token},
             Blob{r.sealed_refresh_token}, std::string_view(r.scopes), r.token_expires_at,
             r.generation, r.account, r.settings, Blob{r.sealed_client_key}, r.last_error,
             r.created_at, r.updated_at);
}

SignInRecord read_sign_in(Query& row, std::optional<Error>&) {
  SignInRecord record;
  record.state_hash = row.text(0);
  record.connection = ConnectionId(row.text(1));
  record.browser_hash = row.text(2);
  record.sealed_verifier = row.text(3);
  record.redirect_uri = row.text(4);
  record.expires_at = row.time(5);
  return record;
}

// The former default loses the mark to `record`.
Result<void> yield_default(Database& database, ConnectionRecord const& record) {
  if (!record.is_default) return {};
  Query query =
      database.query("UPDATE connections SET is_default = 0 WHERE is_default <> 0 AND id <> ?");
  return query.bind(std::string_view(record.id.text)).run();
}

Result<bool> name_taken(Database& database, ConnectionRecord const& record) {
  Query query = database.query("SELECT 1 FROM connections WHERE name = ? AND id <> ?");
  return query.bind(std::string_view(record.name), std::string_view(record.id.text)).step();
}

Result<std::optional<ConnectionRecord>> find_by_id(Database& database, ConnectionId const& id) {
  Query query = database.query("SELECT " CONNECTION_COLUMNS " FROM connections WHERE id = ?");
  query.bind(std::string_view(id.text));
  return read_row(query, read_connection);
}

Result<std::vector<ConnectionRecord>> all_by_name(Database& database) {
  Query query = database.query("SELECT " CONNECTION_COLUMNS " FROM connections ORDER BY name");
  return read_rows(query, read_connection);
}

Result<void> insert_connection(Database& database, ConnectionRecord const& record) {
  FAIRLEAD_TRY(bool const taken, name_taken(database, record));
  if (taken) return connection_name_taken(record.name);
  FAIRLEAD_CHECK(yield_default(database, record));
  Query query = database.query("INSERT INTO connections (" CONNECTION_COLUMNS
                               ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  bind_connection(query, record);
  return query.run();
}

Result<void> update_connection(Database& database, ConnectionRecord const& record,
                               std::int64_t expected_generation) {
  FAIRLEAD_TRY(auto const stored, find_by_id(database, record.id));
  if (!stored) return no_such("connection", record.id.text);
  if (stored->generation != expected_generation) return generation_changed(record.name);
  FAIRLEAD_TRY(bool const taken, name_taken(database, record));
  if (taken) return connection_name_taken(record.name);
  FAIRLEAD_CHECK(yield_default(database, record));
  Query query = database.query("UPDATE connections SET (" CONNECTION_COLUMNS
                               ") = (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,"
                               "?18,?19,?20) WHERE id = ?1");
  bind_connection(query, record);
  return query.run();
}

Result<std::optional<SignInRecord>> find_sign_in(Database& database, std::string_view state_hash) {
  Query select = database.query(
      "SELECT state_hash, connection_id, browser_hash, sealed_verifier, redirect_uri, expires_at "
      "FROM sign_ins WHERE state_hash = ?");
  select.bind(state_hash);
  return read_row(select, read_sign_in);
}

Result<SignInRecord> bind_sign_in_row(Database& database, std::string_view state_hash,
                                      std::string_view browser_hash, Time now) {
  FAIRLEAD_TRY(auto record, find_sign_in(database, state_hash));
  if (!record || record->expires_at <= now) return no_such_sign_in();
  if (!record->browser_hash.empty() && record->browser_hash != browser_hash) {
    return sign_in_bound();
  }
  Query query = database.query("UPDATE sign_ins SET browser_hash = ? WHERE state_hash = ?");
  FAIRLEAD_CHECK(query.bind(browser_hash, state_hash).run());
  record->browser_hash = browser_hash;
  return std::move(*record);
}

Result<SignInRecord> take_sign_in_row(Database& database, std::string_view state_hash, Time now) {
  Query expired = database.query("DELETE FROM sign_ins WHERE expires_at <= ?");
  FAIRLEAD_CHECK(expired.bind(now).run());
  FAIRLEAD_TRY(auto record, find_sign_in(database, state_hash));
  if (!record) return no_such_sign_in();
  Query remove = database.query("DELETE FROM sign_ins WHERE state_hash = ?");
  FAIRLEAD_CHECK(remove.bind(state_hash).run());
  return std::move(*record);
}

class SqliteConnections final : public ConnectionStore {
 public:
  explicit SqliteConnections(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> insert(ConnectionRecord const& record) override {
    return writer_.write([&](Database& database) { return insert_connection(database, record); });
  }

  Result<void> update(ConnectionRecord const& record, std::int64_t expected_generation) override {
    return writer_.write([&](Database& database) {
      return update_connection(database, record, expected_generation);
    });
  }

  Result<ConnectionRecord> get(ConnectionId const& id) override {
    FAIRLEAD_TRY(auto record,
                 readers_.with([&](Database& database) { return find_by_id(database, id); }));
    if (!record) return no_such("connection", id.text);
    return std::move(*record);
  }

  Result<ConnectionRecord> find(std::string_view name) override {
    FAIRLEAD_TRY(auto const all, list());
    return find_connection(all, name);
  }

  Result<std::vector<ConnectionRecord>> list() override { return readers_.with(all_by_name); }

  Result<void> remove(ConnectionId const& id) override {
    return writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM connections WHERE id = ?");
      FAIRLEAD_CHECK(query.bind(std::string_view(id.text)).run());
      return database.changes() == 0 ? no_such("connection", id.text) : Result<void>();
    });
  }

  Result<void> insert_sign_in(SignInRecord const& r) override {
    return writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(auto const connection, find_by_id(database, r.connection));
      if (!connection) return no_such("connection", r.connection.text);
      Query query = database.query(
          "INSERT INTO sign_ins (state_hash, connection_id, browser_hash, sealed_verifier, "
          "redirect_uri, expires_at) VALUES (?,?,?,?,?,?)");
      query.bind(std::string_view(r.state_hash), std::string_view(r.connection.text),
                 std::string_view(r.browser_hash), Blob{r.sealed_verifier},
                 std::string_view(r.redirect_uri), r.expires_at);
      return query.run();
    });
  }

  Result<SignInRecord> bind_sign_in(std::string_view state_hash, std::string_view browser_hash,
                                    Time now) override {
    Result<SignInRecord> bound = make_error(ErrorKind::internal, "not looked up");
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      bound = bind_sign_in_row(database, state_hash, browser_hash, now);
      return bound.ok() ? Result<void>() : bound.error();
    }));
    return bound;
  }

  Result<SignInRecord> take_sign_in(std::string_view state_hash, Time now) override {
    // Not found is no failure of the change: the removal of expired ones stays.
    Result<SignInRecord> taken = make_error(ErrorKind::internal, "not looked up");
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      taken = take_sign_in_row(database, state_hash, now);
      bool const missing = !taken.ok() && taken.error().kind == ErrorKind::not_found;
      return taken.ok() || missing ? Result<void>() : taken.error();
    }));
    return taken;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<ConnectionStore> make_sqlite_connections(SqliteParts parts) {
  return std::make_unique<SqliteConnections>(parts);
}

}  // namespace fairlead::store
