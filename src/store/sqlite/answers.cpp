#include "store/sqlite/answers.h"

namespace fairlead::store {
namespace {

using std::string_view;

AnswerRecord read_answer(Query& row, std::optional<Error>&) {
  return {.name = row.text(0),
          .body_hash = row.text(1),
          .begun_at = row.time(2),
          .sealed = row.text(3)};
}

Result<std::optional<AnswerRecord>> find_in(Database& database, string_view name) {
  Query query =
      database.query("SELECT name, body_hash, begun_at, sealed FROM answers WHERE name = ?");
  query.bind(name);
  return read_row(query, read_answer);
}

Result<void> make_room(Database& database, AnswerRoom const& room) {
  Query old = database.query("DELETE FROM answers WHERE begun_at <= ?");
  FAIRLEAD_CHECK(old.bind(room.begun_after).run());
  Query sums = database.query("SELECT count(*), coalesce(sum(bytes), 0) FROM answers");
  FAIRLEAD_CHECK(sums.step());
  std::int64_t count = sums.integer(0);
  std::int64_t bytes = sums.integer(1);
  while (count >= room.count_max || bytes > room.bytes_max) {
    std::int64_t row = 0;
    {
      Query oldest = database.query(
          "SELECT rowid, bytes FROM answers WHERE bytes > 0 ORDER BY begun_at, rowid LIMIT 1");
      FAIRLEAD_TRY(bool const found, oldest.step());
      if (!found) return {};
      row = oldest.integer(0);
      --count;
      bytes -= oldest.integer(1);
    }
    Query gone = database.query("DELETE FROM answers WHERE rowid = ?");
    FAIRLEAD_CHECK(gone.bind(row).run());
  }
  return {};
}

class SqliteAnswers final : public AnswerStore {
 public:
  explicit SqliteAnswers(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<std::optional<AnswerRecord>> begin(AnswerRecord const& fresh,
                                            AnswerRoom const& room) override {
    std::optional<AnswerRecord> known;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_CHECK(make_room(database, room));
      FAIRLEAD_TRY(known, find_in(database, fresh.name));
      if (known) return {};
      Query query = database.query(
          "INSERT INTO answers (name, body_hash, begun_at, bytes, sealed) "
          "VALUES (?, ?, ?, 0, x'')");
      query.bind(string_view(fresh.name), string_view(fresh.body_hash), fresh.begun_at);
      return query.run();
    }));
    return known;
  }

  Result<bool> answer(string_view name, string_view sealed) override {
    return set_sealed([&](Database& database) {
      Query query =
          database.query("UPDATE answers SET sealed = ?, bytes = ? WHERE name = ? AND bytes = 0");
      return query.bind(Blob{sealed}, static_cast<std::int64_t>(sealed.size()), name).run();
    });
  }

  Result<void> forget(string_view name) override {
    return writer_.write([&](Database& database) {
      return database.query("DELETE FROM answers WHERE name = ?").bind(name).run();
    });
  }

  Result<std::optional<AnswerRecord>> find(string_view name) override {
    return readers_.with([&](Database& database) { return find_in(database, name); });
  }

  Result<std::vector<AnswerRecord>> list() override {
    return readers_.with([](Database& database) {
      Query query = database.query(
          "SELECT name, body_hash, begun_at, substr(sealed, 1, ?) FROM answers WHERE bytes > 0 "
          "ORDER BY name");
      query.bind(static_cast<std::int64_t>(head_bytes));
      return read_rows(query, read_answer);
    });
  }

  Result<bool> reseal(string_view name, string_view former, string_view sealed) override {
    return set_sealed([&](Database& database) {
      Query query =
          database.query("UPDATE answers SET sealed = ?, bytes = ? WHERE name = ? AND sealed = ?");
      return query.bind(Blob{sealed}, static_cast<std::int64_t>(sealed.size()), name, Blob{former})
          .run();
    });
  }

 private:
  // Whether the statement found its row.
  template <class Update>
  Result<bool> set_sealed(Update update) {
    bool done = false;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_CHECK(update(database));
      done = database.changes() == 1;
      return {};
    }));
    return done;
  }

  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<AnswerStore> make_sqlite_answers(SqliteParts parts) {
  return std::make_unique<SqliteAnswers>(parts);
}

}  // namespace fairlead::store
