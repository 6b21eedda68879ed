// How a row of the table `runs` becomes a RunRecord: for runs.cpp and leases.cpp alike.
//
// Internal to store/sqlite. RUN_COLUMNS is a macro because query() wants literals. Any thread that
// has the query.
#pragma once

#include <optional>

#include "store/records.h"
#include "store/sqlite/database.h"

namespace fairlead::store {

#define RUN_COLUMNS                                                                               \
  "id, workflow_namespace, workflow_name, workflow_version, status, waiting_for, cause, "         \
  "event_seq, replay_of, parent_run, parent_task, last_seq, started_at, ended_at, error, input, " \
  "output"
// The place of what a query asks for after RUN_COLUMNS.
inline constexpr int run_columns = 17;

RunRecord read_run(Query& row, std::optional<Error>& damage);

}  // namespace fairlead::store
