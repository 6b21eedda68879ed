// Schema 6: the sealed values of `$secrets`.
//
// Few rows, found by name. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view secrets_sqlite = R"sql(
CREATE TABLE secrets (
  name TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);
)sql";

}  // namespace fairlead::store
