#include "store/history.h"

#include <algorithm>
#include <compare>

#include "store/sqlite/parts.h"

namespace fairlead::store {
namespace {

// Ended runs up to this place, in the order (ended_at, row), are let go.
struct Edge {
  std::int64_t ended_at{INT64_MIN};
  std::int64_t row{INT64_MIN};
  friend auto operator<=>(Edge const&, Edge const&) = default;
};

// The newest of those that are too many: all before and including it go.
Result<Edge> edge_by_count(Database& database, HistoryRule const& rule) {
  if (!rule.keep_newest) return Edge{};
  Query query = database.query(
      "SELECT ended_at, row FROM runs WHERE workflow_namespace = ? AND workflow_name = ? AND "
      "ended_at IS NOT NULL ORDER BY ended_at DESC, row DESC LIMIT 1 OFFSET ?");
  query.bind(std::string_view(rule.workflow_namespace), std::string_view(rule.workflow_name),
             *rule.keep_newest);
  FAIRLEAD_TRY(bool const found, query.step());
  if (!found) return Edge{};
  return Edge{.ended_at = query.integer(0), .row = query.integer(1)};
}

// Both conditions let go the oldest part: the larger part it is.
Result<Edge> edge_of(Database& database, HistoryRule const& rule) {
  FAIRLEAD_TRY(Edge const by_count, edge_by_count(database, rule));
  if (!rule.ended_before) return by_count;
  Edge const by_age{.ended_at = to_epoch_ms(*rule.ended_before) - 1, .row = INT64_MAX};
  return std::max(by_count, by_age);
}

// `ended_at <= ?3` alone is what the index is searched by. An ended run with a timer has something
// to cancel outside.
#define LET_GO                                                                                \
  " FROM runs WHERE workflow_namespace = ?1 AND workflow_name = ?2 AND ended_at IS NOT NULL " \
  "AND ended_at <= ?3 AND (ended_at < ?3 OR row <= ?4) "                                      \
  "AND NOT EXISTS (SELECT 1 FROM timers WHERE timers.run = runs.row)"

void bind_rule(Query& query, HistoryRule const& rule, Edge const& edge) {
  query.bind(std::string_view(rule.workflow_namespace), std::string_view(rule.workflow_name),
             edge.ended_at, edge.row);
}

struct Ended {
  std::int64_t row{0};
  std::int64_t entries{0};
};

Result<std::vector<Ended>> oldest(Database& database, HistoryRule const& rule,
                                  HistoryPiece const& piece) {
  FAIRLEAD_TRY(Edge const edge, edge_of(database, rule));
  Query query = database.query("SELECT row, last_seq" LET_GO " ORDER BY ended_at, row LIMIT ?5");
  bind_rule(query, rule, edge);
  query.bind(std::int64_t{piece.runs_max});
  return read_rows(query, [](Query& row, std::optional<Error>&) {
    return Ended{.row = row.integer(0), .entries = row.integer(1)};
  });
}

Result<void> remove_one(Database& database, std::int64_t row) {
  Query journal = database.query("DELETE FROM journal WHERE run = ?");
  FAIRLEAD_CHECK(journal.bind(row).run());
  Query timers = database.query("DELETE FROM timers WHERE run = ?");
  FAIRLEAD_CHECK(timers.bind(row).run());
  Query listeners = database.query("DELETE FROM listeners WHERE run = ?");
  FAIRLEAD_CHECK(listeners.bind(row).run());
  Query approvals =
      database.query("DELETE FROM approvals WHERE run = (SELECT id FROM runs WHERE row = ?)");
  FAIRLEAD_CHECK(approvals.bind(row).run());
  Query run = database.query("DELETE FROM runs WHERE row = ? AND ended_at IS NOT NULL");
  return run.bind(row).run();
}

// By the index over the ended runs of a workflow.
Result<std::optional<RunOutcome>> last_end(Database& database, HistoryOwner const& workflow) {
  Query query = database.query(
      "SELECT id, status, started_at, ended_at FROM runs WHERE workflow_namespace = ? AND "
      "workflow_name = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC, row DESC LIMIT 1");
  query.bind(std::string_view(workflow.workflow_namespace),
             std::string_view(workflow.workflow_name));
  return read_row(query, [](Query& row, std::optional<Error>&) {
    return RunOutcome{.run = RunId(row.text(0)),
                      .status = row.text(1),
                      .started_at = row.time(2),
                      .ended_at = row.time(3)};
  });
}

Result<std::optional<Time>> written_at(Database& database, HistoryOwner const& workflow) {
  Query query = database.query(
      "SELECT name, created_at FROM workflows WHERE namespace = ? AND name = ? "
      "ORDER BY created_at DESC LIMIT 1");
  query.bind(std::string_view(workflow.workflow_namespace),
             std::string_view(workflow.workflow_name));
  return read_row(query, [](Query& row, std::optional<Error>&) { return row.time(1); });
}

class SqliteHistory final : public HistoryStore {
 public:
  explicit SqliteHistory(SqliteParts parts) : readers_(parts.readers), writer_(parts.writer) {}

  Result<std::vector<WorkflowTrace>> traces(std::vector<HistoryOwner> const& workflows) override {
    return readers_.with([&](Database& database) -> Result<std::vector<WorkflowTrace>> {
      std::vector<WorkflowTrace> traces;
      for (auto const& workflow : workflows) {
        WorkflowTrace& trace = traces.emplace_back();
        FAIRLEAD_TRY(trace.written_at, written_at(database, workflow));
        FAIRLEAD_TRY(trace.last_end, last_end(database, workflow));
      }
      return traces;
    });
  }

  Result<std::vector<HistoryOwner>> owners() override {
    return readers_.with([](Database& database) {
      Query query = database.query(
          "SELECT DISTINCT workflow_namespace, workflow_name FROM runs WHERE ended_at IS NOT NULL "
          "ORDER BY 1, 2");
      return read_rows(query, [](Query& row, std::optional<Error>&) {
        return HistoryOwner{.workflow_namespace = row.text(0), .workflow_name = row.text(1)};
      });
    });
  }

  Result<HistoryCount> count(HistoryRule const& rule) override {
    return readers_.with([&](Database& database) -> Result<HistoryCount> {
      FAIRLEAD_TRY(Edge const edge, edge_of(database, rule));
      Query query = database.query("SELECT count(*), total(last_seq)" LET_GO);
      bind_rule(query, rule, edge);
      FAIRLEAD_TRY(bool const row, query.step());
      FAIRLEAD_ASSERT(row, "an aggregate has a row");
      return HistoryCount{.runs = query.integer(0), .entries = query.integer(1)};
    });
  }

  Result<HistoryCount> remove(HistoryRule const& rule, HistoryPiece const& piece) override {
    HistoryCount removed;
    FAIRLEAD_CHECK(writer_.write([&](Database& database) -> Result<void> {
      FAIRLEAD_TRY(auto const runs, oldest(database, rule, piece));
      for (Ended const& run : runs) {
        if (removed.entries >= piece.entries_max) break;
        FAIRLEAD_CHECK(remove_one(database, run.row));
        ++removed.runs;
        removed.entries += run.entries;
      }
      return {};
    }));
    return removed;
  }

 private:
  Readers& readers_;
  Writer& writer_;
};

}  // namespace

std::unique_ptr<HistoryStore> make_sqlite_history(SqliteParts parts) {
  return std::make_unique<SqliteHistory>(parts);
}

}  // namespace fairlead::store
