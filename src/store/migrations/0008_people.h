// Schema 8: users, their sessions and one-time links, tokens that belong to users, the audit chain.
//
// The audit's head is a row of its own, so that entries cut off at the end are missed. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view people_sqlite = R"sql(
CREATE TABLE users (
  id TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  signed_in_at INTEGER
);
CREATE UNIQUE INDEX users_identity ON users (issuer, subject) WHERE subject <> '';
CREATE TABLE sessions (
  id TEXT NOT NULL UNIQUE,
  token_hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  way TEXT NOT NULL,
  from_address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE one_time_links (
  token_hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL UNIQUE,
  expires_at INTEGER
);
ALTER TABLE api_tokens ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE api_tokens ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  from_address TEXT NOT NULL,
  detail TEXT,
  hash TEXT NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE TABLE audit_head (
  only_row INTEGER NOT NULL UNIQUE CHECK (only_row = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO audit_head (only_row, seq, hash) VALUES (1, 0, '');
)sql";

}  // namespace fairlead::store
