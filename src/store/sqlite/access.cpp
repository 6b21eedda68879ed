#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define TOKEN_COLUMNS "token_hash, name, role, created_at, expires_at, id, user_id"

ApiTokenRecord read_token(Query& row, std::optional<Error>&) {
  ApiTokenRecord record;
  record.token_hash = row.text(0);
  record.name = row.text(1);
  record.role = row.text(2);
  record.created_at = row.time(3);
  record.expires_at = row.optional_time(4);
  record.id = row.text(5);
  record.user = UserId(row.text(6));
  return record;
}

class SqliteAccess final : public AccessStore {
 public:
  explicit SqliteAccess(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> insert_token(ApiTokenRecord const& r) override {
    return writer_.write([&](Database& database) {
      Query query =
          database.query("INSERT INTO api_tokens (" TOKEN_COLUMNS ") VALUES (?,?,?,?,?,?,?)");
      query.bind(std::string_view(r.token_hash), std::string_view(r.name), std::string_view(r.role),
                 r.created_at, r.expires_at, std::string_view(r.id), std::string_view(r.user.text));
      return query.run();
    });
  }

  Result<std::optional<ApiTokenRecord>> find_token(std::string_view token_hash) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT " TOKEN_COLUMNS " FROM api_tokens WHERE token_hash = ?");
      query.bind(token_hash);
      return read_row(query, read_token);
    });
  }

  Result<std::vector<ApiTokenRecord>> list_tokens() override {
    return readers_.with([](Database& database) {
      Query query =
          database.query("SELECT " TOKEN_COLUMNS " FROM api_tokens ORDER BY name, created_at");
      return read_rows(query, read_token);
    });
  }

  Result<void> remove_token(std::string_view token_hash) override {
    return writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM api_tokens WHERE token_hash = ?");
      FAIRLEAD_CHECK(query.bind(token_hash).run());
      return database.changes() == 0 ? no_such("API token", "like this") : Result<void>();
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<AccessStore> make_sqlite_access(SqliteParts parts) {
  return std::make_unique<SqliteAccess>(parts);
}

}  // namespace fairlead::store
