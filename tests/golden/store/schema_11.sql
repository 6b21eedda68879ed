-- A database as schema 11 left it. Frozen with its release: never edited.
PRAGMA application_id=1179403588;
PRAGMA user_version=11;
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
CREATE TABLE schedules (
  workflow_namespace TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  version TEXT NOT NULL,
  plan TEXT NOT NULL,
  anchor_at INTEGER NOT NULL,
  next_at INTEGER,
  last_at INTEGER,
  last_run TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  skipped_at INTEGER,
  skipped_why TEXT NOT NULL,
  generation INTEGER NOT NULL,
  UNIQUE (workflow_namespace, workflow_name)
);
INSERT INTO meta VALUES ('instance', CAST('abc' AS BLOB));
INSERT INTO connections VALUES ('c-1', 'company', 'gitlab', 'https://gitlab.test', 'oauth', 'active', 1, 'client', x'01', x'02', x'03', 'api', 1795348800000, 4, '{"id":7,"username":"ada"}', '{"readOnly":false}', x'', NULL, 1795348800000, 1795348800000);
INSERT INTO sign_ins VALUES ('state', 'c-1', '', x'04', 'https://fairlead.test/callback', 1795348800000);
INSERT INTO workflows VALUES ('ops', 'incident', '1.2.0', 'published', 'hash', 1795348800000, 'document: {}');
INSERT INTO events VALUES (1, '//monitor', 'INC-42', 'com.example.incident.opened', 1795348800000, 0, '{"id":"INC-42"}');
INSERT INTO runs VALUES (1, 'run-1', 'ops', 'incident', '1.2.0', 'waiting', 'a timer', 'event INC-42', 1, 2, 1795348800000, NULL, NULL, '{"a":1}', NULL);
INSERT INTO journal VALUES (1, 1, 'started', '', 1795348800000, '{"a":1}');
INSERT INTO journal VALUES (1, 2, 'decided', '/do/0', 1795348800000, NULL);
INSERT INTO timers VALUES (1, 'wait', 1795348800000);
INSERT INTO api_tokens VALUES ('hash', 'ci', 'operator', 1795348800000, NULL);
INSERT INTO schedules VALUES ('ops', 'incident', '1.2.0', 'every 1 h', 1795348800000, 1795352400000, NULL, '', 1795348800000, 0, NULL, '', 1);

CREATE TABLE listeners (
  row INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  key TEXT NOT NULL,
  event_type TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  since INTEGER NOT NULL,
  filter TEXT,
  expected TEXT,
  variables TEXT
);
CREATE UNIQUE INDEX listeners_run ON listeners (run, key);

CREATE TABLE partial_matches (
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  state TEXT
);
CREATE INDEX partial_matches_workflow ON partial_matches (workflow, began_at);
CREATE INDEX partial_matches_began ON partial_matches (began_at);

CREATE INDEX events_type ON events (type);
INSERT INTO listeners VALUES (1, 1, '3:0', 'com.example.paid', 0, 1795348800000, '{"with":{"type":"com.example.paid"}}', '{"order":"42"}', NULL);
INSERT INTO partial_matches VALUES ('1', 'ops/x/1.0.0', 1795348800000, '{}');

ALTER TABLE runs ADD COLUMN replay_of TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_ended ON runs (workflow_namespace, workflow_name, ended_at)
  WHERE ended_at IS NOT NULL;

CREATE TABLE nodes (
  epoch INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  until INTEGER NOT NULL
);

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
  is_signed INTEGER NOT NULL DEFAULT 0,
  path TEXT NOT NULL DEFAULT '',
  kinds TEXT NOT NULL DEFAULT '',
  keep TEXT NOT NULL DEFAULT '',
  kept_by TEXT NOT NULL DEFAULT '',
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
INSERT INTO timers VALUES (1, 'call:7', 1795352400000, 'gitlab:c1:project:12:pipeline:345', 0);
INSERT INTO webhooks VALUES ('hook-1', 'c1', 'project:12', 77, 'active', '', 1795348800000, 1795348800000, 1795348800000, NULL, x'01', x'02', 1, 'ops/runbooks', 'push', 'by-hand', 'ada');
INSERT INTO approvals VALUES (1, 'approval-1', 'run-1', 'open', 1795348800000, 1795352400000, NULL, '{"question":"Go?"}', '[]');

CREATE TABLE secrets (
  name TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);
INSERT INTO secrets VALUES ('apiKey', X'0102', 'ada', 1795348800000);

ALTER TABLE runs ADD COLUMN parent_run TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN parent_task TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_parent ON runs (parent_run) WHERE parent_run <> '';

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

INSERT INTO users VALUES ('user-1', 'ada', 'Ada', 'ada@example.com', 'org-admin', '$argon2id$x', '', '', 0, 1, 1795348800000, 1795348800000, NULL);
INSERT INTO sessions VALUES ('session-1', 'h2', 'user-1', 'password', '127.0.0.1', 'Browser', 1795348800000, 1795348800000, 1796348800000);
INSERT INTO one_time_links VALUES ('h3', 'user-1', NULL);
CREATE TABLE answers (
  name TEXT NOT NULL UNIQUE,
  body_hash TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX answers_begun ON answers (begun_at, bytes);

INSERT INTO answers VALUES ('h4', 'h5', 1795348800000, 0, x'');
INSERT INTO answers VALUES ('h6', 'h7', 1795348800000, 1, x'01');
