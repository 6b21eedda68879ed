#include "store/wakes.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

// Above every character of a key: keys are ASCII.
constexpr std::string_view end_of_prefix = "\x7f";

class SqliteWakes final : public WakeStore {
 public:
  explicit SqliteWakes(SqliteParts parts)
      : readers_(parts.readers), writer_(parts.writer), recent_(parts.recent_wakes) {}

  Result<std::int64_t> wake(std::string const& key, Time now) override {
    std::int64_t woken = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      // On the writer's thread: before or after any commit that sets a timer, never in the middle.
      recent_.remember(key, now);
      Query query = database.query(
          "UPDATE timers SET due_at = min(due_at, ?1), woken = 1 WHERE wake_key = ?2 AND "
          "wake_key <> '' RETURNING run");
      query.bind(now, std::string_view(key));
      woken = 0;
      for (;;) {
        FAIRLEAD_TRY(bool const row, query.step());
        if (!row) return {};
        ++woken;
      }
    }));
    return woken;
  }

  Result<std::vector<std::string>> keys(WakeKeysAsk const& ask) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT DISTINCT wake_key FROM timers WHERE wake_key <> '' AND wake_key >= ?1 AND "
          "wake_key < ?2 AND wake_key > ?3 ORDER BY wake_key LIMIT ?4");
      std::string const end = ask.prefix + std::string(end_of_prefix);
      query.bind(std::string_view(ask.prefix), std::string_view(end), std::string_view(ask.after),
                 std::int64_t{ask.limit});
      return read_rows(query, [](Query& row, std::optional<Error>&) { return row.text(0); });
    });
  }

  Result<std::vector<WakeWait>> waits(WakeKeysAsk const& ask) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT DISTINCT wake_key, runs.id FROM timers JOIN runs ON runs.row = timers.run WHERE "
          "wake_key <> '' AND wake_key >= ?1 AND wake_key < ?2 AND wake_key > ?3 "
          "ORDER BY wake_key, runs.id LIMIT ?4");
      std::string const end = ask.prefix + std::string(end_of_prefix);
      query.bind(std::string_view(ask.prefix), std::string_view(end), std::string_view(ask.after),
                 std::int64_t{ask.limit});
      return read_rows(query, [](Query& row, std::optional<Error>&) {
        return WakeWait{.key = row.text(0), .run = RunId(row.text(1))};
      });
    });
  }

  [[nodiscard]] std::int64_t newest() const override { return recent_.newest(); }

 private:
  Readers& readers_;
  Writer& writer_;
  RecentWakes& recent_;
};

}  // namespace

std::unique_ptr<WakeStore> make_sqlite_wakes(SqliteParts parts) {
  return std::make_unique<SqliteWakes>(parts);
}

}  // namespace fairlead::store
