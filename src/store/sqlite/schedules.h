// Schedules in SQLite: the rows, and the change of one inside a commit of runs.
//
// Inside of the store: runs.cpp calls write_schedule() in its transaction. Any thread that holds
// the database.
#pragma once

#include <memory>

#include "store/schedules.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {

// conflict: the row's generation is another one.
Result<void> write_schedule(Database& database, ScheduleChange const& change);
std::unique_ptr<ScheduleStore> make_sqlite_schedules(SqliteParts parts);

}  // namespace fairlead::store
