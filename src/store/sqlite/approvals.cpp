#include "store/approvals.h"

#include "store/rules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

#define APPROVAL_COLUMNS "id, run, status, created_at, expires_at, closed_at, request, decisions"

ApprovalRecord read_approval(Query& row, std::optional<Error>& damage) {
  ApprovalRecord record;
  int column = 0;
  record.id = row.text(column++);
  record.run = RunId(row.text(column++));
  record.status = row.text(column++);
  record.created_at = row.time(column++);
  record.expires_at = row.optional_time(column++);
  record.closed_at = row.optional_time(column++);
  record.request = row.json(column++, damage);
  record.decisions = row.json(column++, damage);
  return record;
}

struct NumberedApproval {
  ApprovalRecord approval;
  std::int64_t row;
};

NumberedApproval read_numbered(Query& row, std::optional<Error>& damage) {
  return {.approval = read_approval(row, damage), .row = row.integer(8)};
}

Result<std::optional<ApprovalRecord>> find(Database& database, std::string_view id) {
  Query query = database.query("SELECT " APPROVAL_COLUMNS " FROM approvals WHERE id = ?");
  query.bind(id);
  return read_row(query, read_approval);
}

Result<std::int64_t> insert_approval(Database& database, ApprovalRecord const& r,
                                     EventRecord const& event) {
  FAIRLEAD_TRY(auto const known, find(database, r.id));
  if (known) return std::int64_t{0};
  Query query =
      database.query("INSERT INTO approvals (" APPROVAL_COLUMNS ") VALUES (?,?,?,?,?,?,?,?)");
  query.bind(std::string_view(r.id), std::string_view(r.run.text), std::string_view(r.status),
             r.created_at, r.expires_at, r.closed_at, r.request, r.decisions);
  FAIRLEAD_CHECK(query.run());
  FAIRLEAD_TRY(auto const appended, append_event(database, event));
  return appended.seq;
}

Result<std::int64_t> update_approval(Database& database, ApprovalRecord const& r,
                                     std::size_t decisions_before,
                                     std::optional<EventRecord> const& event) {
  FAIRLEAD_TRY(auto const known, find(database, r.id));
  if (!known) return no_such("approval", r.id);
  FAIRLEAD_CHECK(check_approval(*known, decisions_before));
  Query query =
      database.query("UPDATE approvals SET status = ?, closed_at = ?, decisions = ? WHERE id = ?");
  query.bind(std::string_view(r.status), r.closed_at, r.decisions, std::string_view(r.id));
  FAIRLEAD_CHECK(query.run());
  if (!event) return std::int64_t{0};
  FAIRLEAD_TRY(auto const appended, append_event(database, *event));
  return appended.seq;
}

Result<std::vector<NumberedApproval>> select(Database& database, ApprovalFilter const& filter,
                                             std::int64_t below_row, int limit) {
  // Said in so many words, "open" is what the index of the few open ones is found by.
  if (filter.status == "open" && filter.run.empty()) {
    Query open = database.query("SELECT " APPROVAL_COLUMNS
                                ", row FROM approvals WHERE row < ? AND status = 'open' "
                                "ORDER BY row DESC LIMIT ?");
    open.bind(below_row, std::int64_t{limit});
    return read_rows(open, read_numbered);
  }
  Query query = database.query("SELECT " APPROVAL_COLUMNS
                               ", row FROM approvals WHERE row < ?1 AND (?2 = '' OR status = ?2) "
                               "AND (?3 = '' OR run = ?3) ORDER BY row DESC LIMIT ?4");
  query.bind(below_row, std::string_view(filter.status), std::string_view(filter.run.text),
             std::int64_t{limit});
  return read_rows(query, read_numbered);
}

class SqliteApprovals final : public ApprovalStore {
 public:
  explicit SqliteApprovals(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<std::int64_t> insert(ApprovalRecord const& record, EventRecord const& event) override {
    std::int64_t seq = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(seq, insert_approval(database, record, event));
      return {};
    }));
    return seq;
  }

  Result<std::int64_t> update(ApprovalRecord const& record, std::size_t decisions_before,
                              std::optional<EventRecord> const& event) override {
    std::int64_t seq = 0;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(seq, update_approval(database, record, decisions_before, event));
      return {};
    }));
    return seq;
  }

  Result<ApprovalRecord> get(std::string_view id) override {
    FAIRLEAD_TRY(auto found, readers_.with([&](Database& database) { return find(database, id); }));
    if (!found) return no_such("approval", id);
    return std::move(*found);
  }

  Result<Page<ApprovalRecord>> list(ApprovalFilter const& filter, std::string const& cursor,
                                    int limit) override {
    FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
    int const rows = clamp_rows(limit);
    FAIRLEAD_TRY(auto found, readers_.with([&](Database& database) {
      return select(database, filter, below_row, rows + 1);
    }));
    Page<ApprovalRecord> page;
    if (found.size() > static_cast<std::size_t>(rows)) {
      found.pop_back();
      page.next_cursor = cursor_from_row(found.back().row);
    }
    for (auto& numbered : found)
      page.items.push_back(std::move(numbered.approval));
    return page;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<ApprovalStore> make_sqlite_approvals(SqliteParts parts) {
  return std::make_unique<SqliteApprovals>(parts);
}

}  // namespace fairlead::store
