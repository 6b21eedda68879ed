// A run on a terminal: journal entries as lines that a person follows, statuses as words.
//
// Used by `run logs`, `run show`, `event send --follow` and the demo. Only what is worth reading
// becomes a line.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/session.h"

namespace fairlead::cli {

// "17:03:04  createIssue  done: ops/incidents#42"; nothing for entries only the engine needs.
std::optional<std::string> journal_line(Terminal const& terminal, Json const& entry);

// In one phrase: what a task gave (a link if there is one), an error, "for x" or "until 17:00".
std::string phrase(Json const& value);
std::string error_phrase(Json const& error);
std::string waiting_words(std::string const& what);

// Prints entries as they are committed until the run has ended; gives the run as it is then. A
// stream that breaks off is taken up again where it ended.
Result<Json> follow_run(Session& session, std::string const& id);

// "2026-11-23 17:03:04" of a time of the API.
std::string when(Json const& time);

// "2 min 3 s" between two times of the API; up to now if `end` is empty.
std::string span_of(Session const& session, std::string const& begin, std::string const& end);

}  // namespace fairlead::cli
