// Terminal: where a command writes, and how: tables and colours for people, JSON for programs.
//
// Results go to `out`, everything said on the way goes to `err`. Colours only on a terminal and
// without NO_COLOR. Used by one thread.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace fairlead::cli {

enum class Output { table, json };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  Output output{Output::table};
  enum class Colours { on, off } colours{Colours::off};
  int width{100};  // columns of the terminal
};

enum class Tone { plain, good, bad, warn, dim, strong };
std::string toned(Terminal const& terminal, Tone tone, std::string_view text);
// The tone of a status word: completed, faulted, running, active, needs-sign-in, ...
Tone tone_of_status(std::string_view status);

// Without control characters and marks that turn the direction of writing: what comes from outside
// must not steer the terminal. Newlines and tabs become blanks.
std::string harmless(std::string_view text);

// Left-aligned columns under a dim heading. To fit the width, cells are cut or wrapped, but never
// those of the first column (names and ids are there to be copied); if that is not enough, columns
// are left out from the right, which is said on `err`. No rows: `when_empty`.
struct Table {
  std::vector<std::string> heading;
  std::vector<std::vector<std::string>> rows;
  std::string when_empty;
  enum class Overflow { cut, wrap } overflow{Overflow::cut};
};
void print(Terminal& terminal, Table const& table);
// "name   value" lines; empty values are left out.
void print_pairs(Terminal& terminal, std::vector<std::pair<std::string, std::string>> const& pairs);
// Compact on one line if not for a terminal, else indented.
void print_json(Terminal& terminal, Json const& json);

// Title, what happened, why, what to do: on `err`; with --output json as one JSON object {"error":
// ...} there.
void print_error(Terminal& terminal, Error const& error);

// The exit code of an error; 0 is success, 2 wrong usage (docs/cli.md).
int exit_code(ErrorKind kind);

}  // namespace fairlead::cli
