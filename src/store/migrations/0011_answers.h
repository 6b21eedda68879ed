// Schema 11: POSTs with an Idempotency-Key and their answers; `bytes` is the answer's, 0: none yet.
//
// Released steps are never edited. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view answers_sqlite = R"sql(
CREATE TABLE answers (
  name TEXT NOT NULL UNIQUE,
  body_hash TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX answers_begun ON answers (begun_at, bytes);
)sql";

}  // namespace fairlead::store
