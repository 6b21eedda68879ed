// Schema 1: connections, workflows, events, runs with journal and timers, API tokens, meta.
//
// Times are milliseconds since 1970 in UTC. Append-only tables are rowid tables with plain indexes;
// what a step of a run updates is in no index. Runs are numbered (`row`), so that the journal's
// index holds small integers and "newest first" is the primary key. Large columns come last:
// filters on the others do not read them.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view foundation_sqlite = R"sql(
CREATE TABLE meta (
  key TEXT NOT NULL UNIQUE,
  value BLOB NOT NULL
);

CREATE TABLE connections (
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  app TEXT NOT NULL,
  base_url TEXT NOT NULL,
  auth_kind TEXT NOT NULL,
  status TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  client_id TEXT NOT NULL,
  sealed_client_secret BLOB NOT NULL,
  sealed_access_token BLOB NOT NULL,
  sealed_refresh_token BLOB NOT NULL,
  scopes TEXT NOT NULL,
  token_expires_at INTEGER,
  generation INTEGER NOT NULL,
  account TEXT,
  settings TEXT,
  sealed_client_key BLOB NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE sign_ins (
  state_hash TEXT NOT NULL UNIQUE,
  connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  browser_hash TEXT NOT NULL,
  sealed_verifier BLOB NOT NULL,
  redirect_uri TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX sign_ins_connection ON sign_ins (connection_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

CREATE TABLE workflows (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (namespace, name, version)
);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  dispatched INTEGER NOT NULL,
  envelope TEXT,
  UNIQUE (source, id)
);
CREATE INDEX events_received ON events (received_at);
CREATE INDEX events_pending ON events (seq) WHERE dispatched = 0;

CREATE TABLE runs (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workflow_namespace TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  status TEXT NOT NULL,
  waiting_for TEXT NOT NULL,
  cause TEXT NOT NULL,
  event_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  error TEXT,
  input TEXT,
  output TEXT
);
CREATE INDEX runs_event ON runs (event_seq) WHERE event_seq <> 0;
CREATE INDEX runs_unfinished ON runs (id) WHERE ended_at IS NULL;

CREATE TABLE journal (
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  task TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload TEXT
);
CREATE UNIQUE INDEX journal_run ON journal (run, seq);

CREATE TABLE timers (
  run INTEGER NOT NULL,
  key TEXT NOT NULL,
  due_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX timers_run ON timers (run, key);
CREATE INDEX timers_due ON timers (due_at);

CREATE TABLE api_tokens (
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
);
)sql";

}  // namespace fairlead::store
