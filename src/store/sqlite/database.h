// Database and Query: one SQLite connection, its prepared statements, and rows decoded into our
// types.
//
// The only place that calls the SQLite C API. Errors of SQLite become our kinds here: full disk,
// read-only, locked and I/O errors are `unavailable`, a damaged file is `corrupt`, a broken
// constraint is `conflict`. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fairlead::store {

// Values nested deeper cannot be stored: what is written can always be read back.
inline constexpr std::size_t stored_json_depth_max = 1'000;

// Text that may hold any byte: sealed values.
struct Blob {
  std::string_view bytes;
};

// One use of a prepared statement; reset when it dies. Parameters are bound in order, columns count
// from 0.
class Query {
 public:
  Query(sqlite3* database, sqlite3_stmt* statement, std::optional<Error> failure);
  Query(Query const&) = delete;
  Query& operator=(Query const&) = delete;
  ~Query();

  Query& bind(std::int64_t value);
  Query& bind(std::string_view value);
  Query& bind(Blob value);
  Query& bind(Time value) { return bind(to_epoch_ms(value)); }
  Query& bind(std::optional<Time> value);
  // As text; null as SQL NULL. Deeper than stored_json_depth_max: the query fails with
  // invalid_input.
  Query& bind(Json const& value);
  template <class First, class... Rest>
  requires(sizeof...(Rest) > 0) Query& bind(First const& first, Rest const&... rest) {
    bind(first);
    return bind(rest...);
  }

  // True: there is a row to read. False: done.
  Result<bool> step();
  // For statements without rows.
  Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const;
  // Text or bytes; "" for NULL.
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Time time(int column) const { return from_epoch_ms(integer(column)); }
  [[nodiscard]] std::optional<Time> optional_time(int column) const;
  // Null for NULL. Text that is not JSON makes `damage` an Error corrupt and gives null.
  Json json(int column, std::optional<Error>& damage) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  std::optional<Error> failure_;
  int next_parameter_{1};
};

class Database {
 public:
  enum class Access { read_write, read_only };

  // Opens an existing file and sets the pragmas. Errors as above.
  static Result<std::unique_ptr<Database>> open(std::filesystem::path const& file, Access access);
  // Takes the open handle over; use open().
  explicit Database(sqlite3* handle) : handle_(handle) {}
  Database(Database const&) = delete;
  Database& operator=(Database const&) = delete;
  ~Database();

  // Prepares once for each text; `sql` must be a literal (its address is the cache's key).
  Query query(char const* sql);
  // Runs one or more statements that give no rows, without the cache.
  Result<void> execute(std::string const& sql);
  // The first column of the first row.
  Result<std::int64_t> integer(char const* sql);
  // Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] bool in_transaction() const;

 private:
  sqlite3* handle_;
  std::unordered_map<char const*, sqlite3_stmt*> statements_;
};

}  // namespace fairlead::store
