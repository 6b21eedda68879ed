// The SQLite side of SecretStore.
//
// Beside parts.h, so that what does not deal in secrets is not compiled again for them.
// Thread-safe.
#pragma once

#include <memory>

#include "store/secrets.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {

std::unique_ptr<SecretStore> make_sqlite_secrets(SqliteParts parts);

}  // namespace fairlead::store
