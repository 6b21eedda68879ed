// What went wrong, in a form that a person can act on and the engine can decide by.
//
// Every expected failure in Fairlead is one `Error`. Its `kind` decides what happens next (retry,
// stop, ask a person) and is journalled; the texts are for people and follow one shape: what
// happened, why, what to do. An Error never holds a secret. Value type; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace fairlead {

enum class ErrorKind {
  invalid_input,  // the caller's input is wrong; `where` names the field. Repeating it changes
                  // nothing.
  not_found,      // the thing named does not exist, or may not be seen.
  denied,         // signed in wrongly, or not allowed. Never retried by itself.
  conflict,      // the present state forbids it (taken name, already a member, changed underneath).
  rate_limited,  // the other side asked us to wait; see `retry_after`.
  unavailable,   // it surely did NOT reach the other side, or the other side refused to work on it
                 // now.
  timed_out,     // our own deadline passed and nothing was changed by us.
  cancelled,     // somebody asked to stop.
  uncertain,     // it may have taken effect: look before repeating.
  corrupt,       // data at rest or an answer that cannot be right.
  internal,      // a bug of ours.
};

// "invalid_input", ... as spelled in journals and the API.
std::string_view to_string(ErrorKind kind);
// Inverse of to_string; empty if unknown.
std::optional<ErrorKind> error_kind_from(std::string_view name);

struct Error {
  ErrorKind kind{ErrorKind::internal};
  std::string title;  // short name where one is fixed ("Failed to exchange token"); may be empty
  std::string
      message;  // what was attempted, on what, what came back (with the other side's own words)
  std::string cause;   // why, if known
  std::string remedy;  // what to do, and who can do it
  std::string
      where;      // a field ("assignees[2]"), a JSON pointer, or "line 3, column 7"; may be empty
  int status{0};  // HTTP status of the other side's answer; 0 if there was none
  std::string request_id;  // the other side's correlation id (X-Request-Id); may be empty
  std::optional<std::chrono::milliseconds> retry_after;
  Json details;  // structured extras (failed jobs, field messages); null if none
};

// {kind, title?, message, cause?, remedy?, where?, status?, requestId?, retryAfterMs?, details?};
// empty ones left out.
Json to_json(Error const& error);
// Lenient inverse, for errors read back from the journal or our own API.
Error error_from_json(Json const& json);
// One paragraph for terminals and logs: "title: message. Why: cause. What to do: remedy. (request
// id ...)".
std::string describe(Error const& error);

// Shorthands: `return invalid_input("title", "is missing")`.
Error make_error(ErrorKind kind, std::string message);
Error invalid_input(std::string where, std::string message);

}  // namespace fairlead
