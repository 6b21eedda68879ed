// Schema 5: what wakes a waiting run: keys of timers, webhooks at GitLab, approvals by people.
//
// The index of timers holds only those with a key: most have none and their updates cost nothing
// more. webhooks: one a project or group of a connection. approvals: `request` and `decisions` are
// JSON. Released steps are never edited.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view waiting_sqlite = R"sql(
ALTER TABLE timers ADD COLUMN wake_key TEXT NOT NULL DEFAULT '';
ALTER TABLE timers ADD COLUMN woken INTEGER NOT NULL DEFAULT 0;
CREATE INDEX timers_wake ON timers (wake_key) WHERE wake_key <> '';

CREATE TABLE webhooks (
  id TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  target TEXT NOT NULL,
  remote_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  checked_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  delivered_at INTEGER,
  sealed_token BLOB NOT NULL,
  sealed_signing_token BLOB NOT NULL,
  UNIQUE (connection, target)
);

CREATE TABLE approvals (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  closed_at INTEGER,
  request TEXT,
  decisions TEXT
);
CREATE INDEX approvals_open ON approvals (row) WHERE status = 'open';
CREATE INDEX approvals_run ON approvals (run);
)sql";

}  // namespace fairlead::store
