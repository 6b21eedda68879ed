#include "workflow/problem.h"

#include <algorithm>

namespace fairlead::workflow {

Json to_json(Problem const& problem) {
  auto json = Json::object(
      {{"severity", problem.severity == Problem::Severity::error ? "error" : "warning"},
       {"code", problem.code},
       {"line", problem.line},
       {"column", problem.column},
       {"pointer", problem.pointer},
       {"message", problem.message}});
  if (!problem.wrong_key.empty()) json.set("wrongKey", problem.wrong_key);
  if (!problem.nearest.empty()) json.set("nearest", problem.nearest);
  return json;
}

std::string describe(Problem const& problem) {
  return "line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) +
         ": " + problem.message;
}

bool has_error(std::vector<Problem> const& problems) {
  return std::any_of(problems.begin(), problems.end(), [](Problem const& problem) {
    return problem.severity == Problem::Severity::error;
  });
}

Error to_error(std::vector<Problem> const& problems) {
  auto const first = std::find_if(problems.begin(), problems.end(), [](Problem const& problem) {
    return problem.severity == Problem::Severity::error;
  });
  FAIRLEAD_ASSERT(first != problems.end(), "to_error needs an error");
  auto error = invalid_input(
      "line " + std::to_string(first->line) + ", column " + std::to_string(first->column),
      first->message);
  auto list = Json::array();
  for (auto const& problem : problems)
    list.push_back(to_json(problem));
  error.details = Json::object({{"pointer", first->pointer}, {"problems", std::move(list)}});
  return error;
}

}  // namespace fairlead::workflow
