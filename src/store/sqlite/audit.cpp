#include "store/rules.h"
#include "store/sqlite/people.h"

namespace fairlead::store {
namespace {

using std::string_view;

#define AUDIT_COLUMNS \
  "seq, at, actor_kind, actor, action, target, outcome, from_address, detail, hash"

AuditEntry read_entry(Query& row, std::optional<Error>& damage) {
  AuditEntry entry;
  entry.seq = row.integer(0);
  entry.at = row.time(1);
  entry.actor_kind = row.text(2);
  entry.actor = row.text(3);
  entry.action = row.text(4);
  entry.target = row.text(5);
  entry.outcome = row.text(6);
  entry.from = row.text(7);
  entry.detail = row.json(8, damage);
  entry.hash = row.text(9);
  return entry;
}

Result<AuditHead> read_head(Database& database) {
  Query query = database.query("SELECT seq, hash FROM audit_head");
  FAIRLEAD_TRY(bool const row, query.step());
  if (!row) return make_error(ErrorKind::corrupt, "the head of the audit log is missing");
  return AuditHead{.seq = query.integer(0), .hash = query.text(1)};
}

Result<void> append_entry(Database& database, AuditEntry& e) {
  FAIRLEAD_TRY(auto const head, read_head(database));
  e.seq = head.seq + 1;
  e.hash = chain_hash(head.hash, e);
  Query insert =
      database.query("INSERT INTO audit (" AUDIT_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?)");
  insert.bind(e.seq, e.at, string_view(e.actor_kind), string_view(e.actor), string_view(e.action),
              string_view(e.target), string_view(e.outcome), string_view(e.from), e.detail,
              string_view(e.hash));
  FAIRLEAD_CHECK(insert.run());
  Query move = database.query("UPDATE audit_head SET seq = ?, hash = ?");
  return move.bind(e.seq).bind(string_view(e.hash)).run();
}

class SqliteAudit final : public AuditStore {
 public:
  explicit SqliteAudit(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<AuditEntry> append(AuditEntry const& entry) override {
    AuditEntry kept = entry;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) { return append_entry(database, kept); }));
    return kept;
  }

  Result<std::vector<AuditEntry>> list(AuditFilter const& f, std::int64_t below,
                                       int limit) override {
    return readers_.with([&](Database& database) {
      Query query = database.query(
          "SELECT " AUDIT_COLUMNS
          " FROM audit WHERE seq < ? AND (? = '' OR actor = ?) AND "
          "(? = '' OR action = ? OR substr(action, 1, length(?) + 1) = ? || '.') AND "
          "at >= ? AND at < ? ORDER BY seq DESC LIMIT ?");
      string_view const actor = f.actor;
      string_view const action = f.action;
      query.bind(below == 0 ? INT64_MAX : below)
          .bind(actor, actor, action, action, action, action)
          .bind(f.from ? to_epoch_ms(*f.from) : INT64_MIN)
          .bind(f.before ? to_epoch_ms(*f.before) : INT64_MAX)
          .bind(std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_entry);
    });
  }

  Result<std::vector<AuditEntry>> after(std::int64_t after, int limit) override {
    return readers_.with([&](Database& database) {
      Query query =
          database.query("SELECT " AUDIT_COLUMNS " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?");
      query.bind(after, std::int64_t{clamp_rows(limit)});
      return read_rows(query, read_entry);
    });
  }

  Result<AuditHead> head() override {
    return readers_.with([](Database& database) { return read_head(database); });
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<AuditStore> make_sqlite_audit(SqliteParts parts) {
  return std::make_unique<SqliteAudit>(parts);
}

}  // namespace fairlead::store
