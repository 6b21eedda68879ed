// Evaluator: jq expressions, evaluated outside of this process.
//
// Runtime expressions of workflows are untrusted programs; libjq runs in helper processes
// (expression/helper_pool.h), plain paths are answered natively (expression/native.h) with the same
// results. Blocking, thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::expression {

// One jq program on one input. Variables are an object: {"context": ..., "input": ...} binds
// $context, $input.
struct Evaluation {
  std::string program;  // without ${ }
  Json input;
  Json variables;  // object
};

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  // The first value the program yields; none is null. Errors: invalid_input (does not compile, with
  // jq's words and the program in `where`; or a run-time error of the program), timed_out (over its
  // time), unavailable (over its memory, or the helper died: that evaluation only), internal.
  virtual Result<Json> evaluate(Evaluation const& evaluation) = 0;
  // Compiles only: for validation. `variables` are the names without $.
  virtual Result<void> check(std::string_view program,
                             std::vector<std::string> const& variables) = 0;
};

// "${ .a }" -> ".a"; nothing if the text is not wholly one expression. Blanks around are fine.
std::optional<std::string> expression_in(std::string_view text);

// Usable after a $ in jq: letters, digits and _, and none of jq's own words ("if", "end", "and",
// ...).
bool is_variable_name(std::string_view name);

// Replaces every string in `value` that is wholly "${ ... }" by its result, deep; keys stay. Errors
// carry the JSON pointer of the string in `where`.
Result<Json> evaluate_strings(Evaluator& evaluator, Json const& value, Json const& input,
                              Json const& variables);

}  // namespace fairlead::expression
