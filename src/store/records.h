// What is kept: plain records, one struct a table row. No rules of the engine, no SQL.
//
// Times are wall time in UTC. Fields named sealed_* hold bytes made by vault::Vault; nothing here
// is a plain secret. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/json.h"

namespace fairlead::store {

// ---- connections ----

struct ConnectionRecord {
  ConnectionId id;
  std::string name;  // unique, what workflows say: "default", "company"
  std::string app{"gitlab"};
  std::string base_url;   // instance root with port and sub-path, no trailing slash
  std::string auth_kind;  // "oauth" or "token"
  std::string status;     // "pending", "active", "refreshing", "uncertain", "needs-sign-in"
  bool is_default{false};
  std::string client_id;  // OAuth application id
  std::string sealed_client_secret;
  std::string sealed_access_token;
  std::string sealed_refresh_token;
  std::string scopes;                    // as granted, space-separated
  std::optional<Time> token_expires_at;  // nothing: does not expire or unknown
  std::int64_t generation{0};            // grows with every stored token pair: compare-and-swap
  Json account;   // {id, username, name, webUrl} of the signed-in GitLab user, or null
  Json settings;  // {redirectUri, caPem, clientCertPem, proxy, readOnly, ...}: no secrets
  std::string sealed_client_key;  // PEM of the TLS client key, if any
  Json last_error;                // to_json(Error) of the last failure, or null
  Time created_at{};
  Time updated_at{};
};

// One authorization request under way; consumed once.
struct SignInRecord {
  std::string state_hash;  // SHA-256 hex of `state`
  ConnectionId connection;
  std::string browser_hash;  // SHA-256 hex of the cookie that binds it to one browser; "" before it
                             // was opened
  std::string sealed_verifier;  // PKCE code_verifier
  std::string redirect_uri;
  Time expires_at{};
};

// ---- workflows ----

struct WorkflowRecord {
  std::string workflow_namespace;
  std::string name;
  std::string version;       // semantic version
  std::string status;        // "published", "draft", "disabled"
  std::string source;        // the YAML text as written
  std::string content_hash;  // SHA-256 hex of source
  Time created_at{};
};

// ---- events ----

// A CloudEvent in the inbox.
struct EventRecord {
  std::int64_t seq{0};  // given by the store, grows
  std::string source;   // CloudEvents source; (source, id) is unique: the de-duplication key
  std::string id;
  std::string type;
  Json envelope;  // the whole CloudEvent in JSON format, data included
  Time received_at{};
  bool dispatched{false};  // runs it starts or wakes are committed
};

struct AppendedEvent {
  std::int64_t seq{0};
  bool duplicate{false};  // it was there already: seq is the earlier one
};

// ---- runs ----

// Fixed when the run is new: id, workflow_*, cause, event_seq, replay_of, parent_*, input,
// started_at. ended_at is set once.
struct RunRecord {
  RunId id;
  std::string workflow_namespace;
  std::string workflow_name;
  std::string workflow_version;
  std::string
      status;  // "pending", "running", "waiting", "suspended", "cancelled", "faulted", "completed"
  std::string waiting_for;    // in words, "" if not waiting: "pipeline 8123 of ops/runbooks"
  std::string cause;          // in words: "event com.example.incident.opened INC-42"
  std::int64_t event_seq{0};  // the event that started it, 0 if none
  RunId replay_of;            // the run it repeats, which may be removed by now; empty if none
  RunId parent_run;           // the run whose task started it, empty if none
  std::string parent_task;    // JSON pointer of that task
  std::int64_t last_seq{0};   // seq of the newest journal entry
  Json input;
  Json output;  // null until completed
  Json error;   // null unless faulted
  Time started_at{};
  std::optional<Time> ended_at;
};

// One line of a run's journal: what was decided or what came back. Append-only.
struct JournalEntry {
  std::int64_t seq{0};  // 1, 2, ... within the run
  std::string kind;     // see run/journal.h
  std::string task;     // JSON pointer of the task, "" for the run itself
  Json payload;
  Time at{};
};

struct TimerRecord {
  RunId run;
  std::string key;  // unique within the run
  Time due_at{};
  std::string wake_key;        // "": none; see wakes.h
  std::int64_t wakes_seen{0};  // only when set: the newest wake before the look that led to it
  bool woken{false};           // only when read: a wake made it due
};

// One event filter of a run that listens, so that an event finds the run without reading it. What
// passes it is a pre-selection: the run has the last word.
struct ListenerRecord {
  RunId run;
  std::string key;         // "<frame>:<filter>", unique within the run
  std::string event_type;  // "": any
  Json filter;             // {with, correlate} as in the document
  Json expected;           // correlation key -> value, an object, of those that are known
  Json variables;          // what the filter's expressions see, or null if they see nothing
  // Events from before the run's start are not heard: seq > after_seq and received at `since` or
  // later.
  std::int64_t after_seq{0};
  Time since{};
};

// Events of one `schedule.on: all` that have come so far; the last one starts a run.
struct PartialMatchRecord {
  std::string id;        // unique
  std::string workflow;  // "namespace/name/version"
  Json state;            // of trigger/on_all.h
  Time began_at{};
};

// All that one transition of one run changes; committed as a whole or not at all.
struct RunChange {
  std::int64_t expected_seq{
      0};         // last_seq before: else Error conflict and nothing is changed; 0: a new run
  RunRecord run;  // the row after the change; run.last_seq = expected_seq + journal.size()
  std::vector<JournalEntry> journal;  // seq = expected_seq + 1, ...
  // Each replaces a timer of the same key. Of this run, or of another one that is to be told
  // something: nothing happens if that does not exist.
  std::vector<TimerRecord> timers_set;
  std::vector<std::string> timers_cleared;
  std::vector<ListenerRecord> listeners_set;  // replaces a listener of the same key
  std::vector<std::string> listeners_cleared;
  std::vector<EventRecord> events;  // into the inbox, those whose (source, id) is not there yet
};

struct RunFilter {
  std::vector<std::string> statuses;  // empty: any
  std::string workflow_namespace;     // empty: any
  std::string workflow_name;
  std::int64_t event_seq{0};  // 0: any
  std::optional<Time> started_from;
  std::optional<Time> started_before;
  RunId parent_run;  // empty: any
};

// ---- access ----

struct ApiTokenRecord {
  std::string token_hash;  // SHA-256 hex
  std::string name;
  std::string role;  // "org-admin", "author", "operator", "viewer"
  Time created_at{};
  std::optional<Time> expires_at;
  std::string id;  // to name it by; opens nothing
  UserId user;     // whose it is; empty: nobody's, as the org admin's of the first start
};

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  // opaque; "" at the end
};

}  // namespace fairlead::store
