#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

class SqliteMeta final : public MetaStore {
 public:
  explicit SqliteMeta(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<std::optional<std::string>> get(std::string_view key) override {
    return readers_.with([&](Database& database) {
      Query query = database.query("SELECT value FROM meta WHERE key = ?");
      query.bind(key);
      return read_row(query, [](Query& row, std::optional<Error>&) { return row.text(0); });
    });
  }

  Result<void> set(std::string_view key, std::string_view value) override {
    return writer_.write([&](Database& database) {
      Query query = database.query(
          "INSERT INTO meta (key, value) VALUES (?, ?) "
          "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
      return query.bind(key, Blob{value}).run();
    });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<MetaStore> make_sqlite_meta(SqliteParts parts) {
  return std::make_unique<SqliteMeta>(parts);
}

}  // namespace fairlead::store
