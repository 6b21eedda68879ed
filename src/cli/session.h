// Session: what a command works with - a terminal, the server's API, and a way to wait.
//
// Made by cli.cpp from the global options; commands are functions in files of their own
// (connection.cpp, action.cpp, ...).
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/pause.h"
#include "cli/server_client.h"
#include "cli/terminal.h"

namespace fairlead::cli {

struct Session {
  Terminal terminal;
  ServerClient server;
  Pause& pause;
  Clock const& clock;
  std::istream& in;
  // A workflow's problems as POST /workflows/validate gives them, without a server.
  std::function<Result<Json>(std::string const& source)> check_workflow{};
  // assumed: none was named and none has left its address; `server` points to where one would be.
  enum class ServerIs { found, assumed } server_is{ServerIs::found};
  int exit_code{0};  // of a command that did its work: `workflow plan` says what it found
};

// "path", "-" (standard input) or "@path". Errors: not_found, unavailable, invalid_input (over 16
// MiB).
Result<std::string> read_text(Session& session, std::string const& name);
// Text as JSON, "@file" or "-" to read it from there.
Result<Json> read_json(Session& session, std::string const& text);
// One path segment of our API.
std::string segment(std::string_view text);

}  // namespace fairlead::cli
