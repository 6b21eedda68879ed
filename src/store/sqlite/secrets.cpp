#include "store/sqlite/secrets.h"
#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

class SqliteSecrets final : public SecretStore {
 public:
  explicit SqliteSecrets(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<void> put(SecretRecord const& r) override {
    return writer_.write([&](Database& database) {
      Query query = database.query(
          "INSERT INTO secrets (name, sealed, updated_by, updated_at) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, "
          "updated_by = excluded.updated_by, updated_at = excluded.updated_at");
      query.bind(std::string_view(r.name), Blob{r.sealed}, std::string_view(r.updated_by),
                 r.updated_at);
      return query.run();
    });
  }

  Result<bool> reseal(std::string_view name, std::string_view former,
                      std::string_view sealed) override {
    bool done = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("UPDATE secrets SET sealed = ? WHERE name = ? AND sealed = ?");
      FAIRLEAD_CHECK(query.bind(Blob{sealed}, name, Blob{former}).run());
      done = database.changes() == 1;
      return {};
    }));
    return done;
  }

  Result<std::optional<SecretRecord>> find(std::string_view name) override {
    return readers_.with([&](Database& database) {
      Query query =
          database.query("SELECT name, updated_by, updated_at, sealed FROM secrets WHERE name = ?");
      query.bind(name);
      return read_row(query, [](Query& row, std::optional<Error>&) {
        return SecretRecord{.name = row.text(0),
                            .sealed = row.text(3),
                            .updated_by = row.text(1),
                            .updated_at = row.time(2)};
      });
    });
  }

  Result<std::vector<SecretRecord>> list() override {
    return readers_.with([](Database& database) {
      Query query =
          database.query("SELECT name, updated_by, updated_at FROM secrets ORDER BY name");
      return read_rows(query, [](Query& row, std::optional<Error>&) {
        return SecretRecord{
            .name = row.text(0), .updated_by = row.text(1), .updated_at = row.time(2)};
      });
    });
  }

  Result<void> remove(std::string_view name) override {
    return writer_.write([&](Database& database) -> Result<void> {
      Query query = database.query("DELETE FROM secrets WHERE name = ?");
      FAIRLEAD_CHECK(query.bind(name).run());
      return database.changes() == 0 ? no_such("secret", name) : Result<void>();
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<SecretStore> make_sqlite_secrets(SqliteParts parts) {
  return std::make_unique<SqliteSecrets>(parts);
}

}  // namespace fairlead::store
