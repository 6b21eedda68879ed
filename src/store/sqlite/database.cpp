#include "store/sqlite/database.h"

#include <sqlite3.h>

#include <limits>

namespace fairlead::store {
namespace {

struct Outcome {
  ErrorKind kind;
  char const* what;
  char const* remedy;
};

// https://www.sqlite.org/rescode.html (checked on 3.40)
Outcome outcome_of(int primary_code) {
  switch (primary_code) {
    case SQLITE_FULL:
      return {ErrorKind::unavailable, "the disk is full",
              "free some space on the data folder's disk"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return {ErrorKind::unavailable, "the database cannot be opened or written",
              "check owner, rights and mount options of the data folder"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::unavailable, "another program holds the database",
              "close other programs that use the data folder"};
    case SQLITE_IOERR:
      return {ErrorKind::unavailable, "the disk reports an error",
              "look at the system log for disk errors"};
    case SQLITE_NOMEM:
      return {ErrorKind::unavailable, "not enough memory", "give the server more memory"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::corrupt, "the database file is damaged", "restore the latest backup"};
    case SQLITE_CONSTRAINT:
      return {ErrorKind::conflict, "another row has this key already", ""};
    case SQLITE_TOOBIG:
      return {ErrorKind::invalid_input, "a value is too large to be stored", ""};
    default:
      return {ErrorKind::internal, "the database refused a statement", ""};
  }
}

Error error_of(sqlite3* handle, int code) {
  Outcome const outcome = outcome_of(code & 0xFF);
  Error error = make_error(outcome.kind, outcome.what);
  // SQLite's words name tables and columns, never values.
  error.cause = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  error.remedy = outcome.remedy;
  return error;
}

bool deeper_than(Json const& json, std::size_t levels) {
  if (!json.is_array() && !json.is_object()) return false;
  if (levels == 0) return true;
  for (Json const& item : json.items()) {
    if (deeper_than(item, levels - 1)) return true;
  }
  for (auto const& [name, value] : json.members()) {
    if (deeper_than(value, levels - 1)) return true;
  }
  return false;
}

// FULL: a commit is on the disk when it returns. Temporary journals of savepoints stay in memory.
constexpr char write_pragmas[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; PRAGMA trusted_schema=OFF;";
constexpr char read_pragmas[] =
    "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;";
constexpr int busy_timeout_ms = 5'000;

}  // namespace

Query::Query(sqlite3* database, sqlite3_stmt* statement, std::optional<Error> failure)
    : database_(database), statement_(statement), failure_(std::move(failure)) {}

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, next_parameter_++, value);
  return *this;
}

Query& Query::bind(std::string_view value) {
  // A null pointer would be SQL NULL; an empty text is not.
  char const* text = value.data() != nullptr ? value.data() : "";
  sqlite3_bind_text64(statement_, next_parameter_++, text, value.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

Query& Query::bind(Blob value) {
  char const* bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
  sqlite3_bind_blob64(statement_, next_parameter_++, bytes, value.bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Query& Query::bind(std::optional<Time> value) {
  if (value) return bind(*value);
  sqlite3_bind_null(statement_, next_parameter_++);
  return *this;
}

Query& Query::bind(Json const& value) {
  if (deeper_than(value, stored_json_depth_max)) {
    failure_ = make_error(ErrorKind::invalid_input, "a value is nested deeper than " +
                                                        std::to_string(stored_json_depth_max) +
                                                        " levels and cannot be stored");
  }
  if (!value.is_null() && !failure_) return bind(std::string_view(value.dump()));
  sqlite3_bind_null(statement_, next_parameter_++);
  return *this;
}

Result<bool> Query::step() {
  if (failure_) return *failure_;
  int const code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(database_, code);
}

Result<void> Query::run() {
  FAIRLEAD_TRY(bool const row, step());
  FAIRLEAD_ASSERT(!row, "a statement that is run gives no rows");
  return {};
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Query::text(int column) const {
  auto const* bytes = static_cast<char const*>(sqlite3_column_blob(statement_, column));
  auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

std::optional<Time> Query::optional_time(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return time(column);
}

Json Query::json(int column, std::optional<Error>& damage) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return {};
  auto parsed = Json::parse(text(column), stored_json_depth_max);
  if (parsed.ok()) return std::move(parsed).value();
  damage = make_error(ErrorKind::corrupt, "the database holds a value that is not JSON (column " +
                                              std::string(sqlite3_column_name(statement_, column)) +
                                              ")");
  damage->remedy = "restore the latest backup";
  return {};
}

Result<std::unique_ptr<Database>> Database::open(std::filesystem::path const& file, Access access) {
  bool const writes = access == Access::read_write;
  int const flags = (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
  sqlite3* handle = nullptr;
  int const code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  auto database = std::make_unique<Database>(handle);
  Result<void> ready = code == SQLITE_OK ? Result<void>() : error_of(handle, code);
  if (ready.ok()) {
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    ready = database->execute(writes ? write_pragmas : read_pragmas);
  }
  if (ready.ok()) return database;
  ready.error().where = file.string();
  return ready.error();
}

Database::~Database() {
  for (auto const& [sql, statement] : statements_)
    sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Query Database::query(char const* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr) {
    int const code =
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return Query(handle_, nullptr, error_of(handle_, code));
  }
  return Query(handle_, statement, std::nullopt);
}

Result<void> Database::execute(std::string const& sql) {
  int const code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return error_of(handle_, code);
}

Result<std::int64_t> Database::integer(char const* sql) {
  Query query = this->query(sql);
  FAIRLEAD_TRY(bool const row, query.step());
  if (!row) return make_error(ErrorKind::corrupt, "the database gave no answer");
  return query.integer(0);
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace fairlead::store
