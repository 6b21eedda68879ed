// The SQLite sides of UserStore, SessionStore and AuditStore.
//
// Beside parts.h, so that what does not deal with people is not compiled again for them.
// Thread-safe.
#pragma once

#include <memory>

#include "store/audit.h"
#include "store/people.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {

std::unique_ptr<UserStore> make_sqlite_users(SqliteParts parts);
std::unique_ptr<SessionStore> make_sqlite_sessions(SqliteParts parts);
std::unique_ptr<AuditStore> make_sqlite_audit(SqliteParts parts);

}  // namespace fairlead::store
