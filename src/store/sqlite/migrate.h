// Brings a database file to the schema of this program, step by step.
//
// Called once at open, before any other statement. A file of a newer program is refused, not
// guessed at.
#pragma once

#include <span>

#include "store/migrations/migrations.h"
#include "store/sqlite/database.h"

namespace fairlead::store {

// Idempotent. conflict: written by a newer Fairlead, or by another program.
Result<void> migrate(Database& database, std::span<Migration const> steps);

}  // namespace fairlead::store
