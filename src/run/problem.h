// Problems: errors as workflows see them, RFC 7807 objects {type, status, title, detail, instance,
// ...}.
//
// Made from our Error by kind, unless its details name a type of their own
// (".../errors/gitlab/pipeline-failed", 424). `instance` is the JSON pointer of the task that
// raised it. Pure; any thread. Source: Open Workflow DSL 1.0.3, "Error" and "Standard Error Types".
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "workflow/document.h"

namespace fairlead::run {

inline constexpr std::string_view error_base =
    "https://open-workflow-specification.org/spec/1.0.0/errors/";

struct ProblemText {
  std::string_view kind;  // last segment of a standard type: "communication", "timeout", ...
  int status{0};
  std::string_view title;
  std::string detail;
};
Json make_problem(ProblemText const& text, std::string_view instance);

// Of a failed call or event. Extension members: details, cause, remedy, requestId (if there are
// any).
Json problem_from(Error const& error, std::string_view instance);
// Of an expression that does not compile or fails; a helper that could not work at all stays what
// it is.
Json expression_problem(Error const& error, std::string_view instance);

// For the eight standard types under one of the known bases only the last segment counts.
[[nodiscard]] bool same_type(std::string_view a, std::string_view b);
// All members the filter names are equal.
[[nodiscard]] bool matches(workflow::ErrorFilter const& filter, Json const& problem);

}  // namespace fairlead::run
