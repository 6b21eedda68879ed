// One finding about a workflow document, in a form for terminals, editors and the API alike.
//
// Made by the readers of this layer; shown by `fairlead workflow validate`, the API and the
// builder. Value type.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::workflow {

struct Problem {
  enum class Severity { error, warning } severity{Severity::error};
  // yaml, unknown-key, missing-key, wrong-type, wrong-value, duplicate, unknown-name, refused,
  // not-yet, expression, action-input, missing-secret, schema, style, connection.
  std::string code;
  int line{0};
  int column{0};
  std::string pointer;    // "/do/1/repair/try/0/start"; "" is the whole document
  std::string message;    // what is wrong and what to write instead
  std::string wrong_key;  // the word that is wrong, if it is one word
  std::string nearest;    // the right one nearest to it, if any
};

// {severity, code, line, column, pointer, message, wrongKey?, nearest?}
Json to_json(Problem const& problem);
// "line 7, column 5: message"
std::string describe(Problem const& problem);
// The first error, with all problems in `details.problems`. Asserts that there is an error.
Error to_error(std::vector<Problem> const& problems);
bool has_error(std::vector<Problem> const& problems);

}  // namespace fairlead::workflow
