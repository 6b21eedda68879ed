// What is known of a run before it runs: input and context, with gaps where only a run can tell.
//
// For the dry run of a workflow. A gap is a text no person writes; an expression that reaches one
// gives no value, or a value with the gap in it. Decided by what an expression names, so it may say
// "not known" of what jq would have found out; never the other way. One thread; blocks on the
// evaluator.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "expression/evaluator.h"

namespace fairlead::api {

// In the place of a value that `what` ("createIssue") gives when it runs.
Json gap(std::string_view what);
bool has_gap(Json const& value);

class KnownValues {
 public:
  KnownValues(expression::Evaluator& evaluator, Json workflow_input);

  // Nothing: only a run knows. Expressions that fail give an error.
  Result<std::optional<Json>> value(Json const& written) const;
  // As value(), but what is not known stays as it is written.
  Json with_gaps_written(Json const& written) const;
  // Whether a condition ("" or none: true) holds.
  std::optional<bool> holds(std::string_view program) const;
  // What a task's output.as or export.as makes of `from`; gaps are carried along.
  Json transformed(Json const& written, Json const& from, std::string_view what) const;

  Json input;                       // "."
  Json task_input;                  // $input: what the task around was given
  Json context = Json::object();    // $context
  Json variables = Json::object();  // of loops and handlers

 private:
  [[nodiscard]] bool is_decidable(std::string_view program) const;
  [[nodiscard]] bool names_gap(std::string_view program, std::string_view name) const;
  [[nodiscard]] Json all_variables() const;

  expression::Evaluator* evaluator_;
  Json workflow_input_;
};

}  // namespace fairlead::api
