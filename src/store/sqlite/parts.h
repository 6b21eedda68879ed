// The parts of the SQLite store, one class a file; only sqlite_store.cpp puts them together.
//
// Each reads through `readers` and changes through `writer`; SQL is spelled out where it is used.
// Thread-safe.
#pragma once

#include "store/approvals.h"
#include "store/history.h"
#include "store/leases.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/writer.h"
#include "store/store.h"
#include "store/subscriptions.h"
#include "store/wakes.h"
#include "store/webhooks.h"

namespace fairlead::store {

struct SqliteParts {
  Readers& readers;
  Writer& writer;
  RecentWakes& recent_wakes;
};

std::unique_ptr<ConnectionStore> make_sqlite_connections(SqliteParts parts);
std::unique_ptr<WorkflowStore> make_sqlite_workflows(SqliteParts parts);
std::unique_ptr<EventStore> make_sqlite_events(SqliteParts parts);
std::unique_ptr<RunStore> make_sqlite_runs(SqliteParts parts);
std::unique_ptr<SubscriptionStore> make_sqlite_subscriptions(SqliteParts parts);
std::unique_ptr<AccessStore> make_sqlite_access(SqliteParts parts);
std::unique_ptr<MetaStore> make_sqlite_meta(SqliteParts parts);
std::unique_ptr<LeaseStore> make_sqlite_leases(SqliteParts parts);
std::unique_ptr<HistoryStore> make_sqlite_history(SqliteParts parts);
std::unique_ptr<WakeStore> make_sqlite_wakes(SqliteParts parts);
std::unique_ptr<WebhookStore> make_sqlite_webhooks(SqliteParts parts);
std::unique_ptr<ApprovalStore> make_sqlite_approvals(SqliteParts parts);

// Within a transaction of the writer: parts of a commit that lie in other files.
Result<AppendedEvent> append_event(Database& database, EventRecord const& event);
Result<void> write_listeners(Database& database, std::int64_t run_row, RunChange const& change);
Result<void> write_partials(Database& database, Commit const& batch);

// All rows of a query, decoded by `read(Query&, std::optional<Error>& damage)`.
template <class Read>
auto read_rows(Query& query, Read read)
    -> Result<std::vector<std::invoke_result_t<Read, Query&, std::optional<Error>&>>> {
  std::vector<std::invoke_result_t<Read, Query&, std::optional<Error>&>> rows;
  std::optional<Error> damage;
  for (;;) {
    FAIRLEAD_TRY(bool const row, query.step());
    if (!row) return rows;
    rows.push_back(read(query, damage));
    if (damage) return *damage;
  }
}

// The first row, if any.
template <class Read>
auto read_row(Query& query, Read read)
    -> Result<std::optional<std::invoke_result_t<Read, Query&, std::optional<Error>&>>> {
  using Record = std::invoke_result_t<Read, Query&, std::optional<Error>&>;
  std::optional<Error> damage;
  FAIRLEAD_TRY(bool const row, query.step());
  if (!row) return std::optional<Record>();
  std::optional<Record> record(read(query, damage));
  if (damage) return *damage;
  return record;
}

}  // namespace fairlead::store
