#include "run/problem.h"

#include <algorithm>
#include <array>

namespace fairlead::run {
namespace {

constexpr std::array<std::string_view, 8> standard_kinds{
    "configuration", "validation", "expression",    "authentication",
    "authorization", "timeout",    "communication", "runtime"};

// As the texts, scenarios and samples of the specification spell them, before and after its
// renaming.
constexpr std::array<std::string_view, 4> known_bases{
    error_base, "https://open-workflow-specification.org/dsl/errors/types/",
    "https://serverlessworkflow.io/spec/1.0.0/errors/",
    "https://serverlessworkflow.io/dsl/errors/types/"};

// "timeout" of a standard type; empty for any other type.
std::string_view standard_kind(std::string_view type) {
  for (auto base : known_bases) {
    if (!type.starts_with(base)) continue;
    auto kind = type.substr(base.size());
    if (std::ranges::find(standard_kinds, kind) != standard_kinds.end()) return kind;
  }
  return {};
}

struct Standard {
  std::string_view kind;
  int status;
  std::string_view title;
};

Standard standard_for(Error const& error) {
  switch (error.kind) {
    case ErrorKind::denied:
      if (error.status == 403) return {"authorization", 403, "Not allowed"};
      return {"authentication", 401, "Not signed in"};
    case ErrorKind::timed_out:
      return {"timeout", 408, "Timed out"};
    case ErrorKind::invalid_input:
      if (error.status == 0) return {"validation", 400, "Invalid input"};
      return {"communication", error.status, "Refused as invalid"};
    case ErrorKind::not_found:
      return {"communication", 404, "Not found"};
    case ErrorKind::conflict:
      return {"communication", 409, "Conflict"};
    case ErrorKind::rate_limited:
      return {"communication", 429, "Rate limited"};
    case ErrorKind::unavailable:
      return {"communication", 503, "Unavailable"};
    case ErrorKind::uncertain:
      return {"communication", 502, "Outcome unknown"};
    case ErrorKind::cancelled:
      return {"runtime", 499, "Cancelled"};
    case ErrorKind::corrupt:
      return {"communication", 502, "Unusable answer"};
    case ErrorKind::internal:
      break;
  }
  return {"runtime", 500, "Internal error"};
}

void add_extras(Json& problem, Error const& error) {
  Json details = error.details;
  details.erase("type");
  details.erase("status");
  if (!details.empty()) problem.set("details", std::move(details));
  if (!error.cause.empty()) problem.set("cause", error.cause);
  if (!error.remedy.empty()) problem.set("remedy", error.remedy);
  if (!error.request_id.empty()) problem.set("requestId", error.request_id);
}

bool same_text(std::optional<std::string> const& wanted, Json const& value) {
  return !wanted || (value.is_string() && value.as_string() == *wanted);
}

}  // namespace

Json make_problem(ProblemText const& text, std::string_view instance) {
  Json problem = Json::object({{"type", std::string(error_base) + std::string(text.kind)},
                               {"status", text.status},
                               {"title", std::string(text.title)}});
  if (!text.detail.empty()) problem.set("detail", text.detail);
  problem.set("instance", std::string(instance));
  return problem;
}

Json problem_from(Error const& error, std::string_view instance) {
  Standard const standard = standard_for(error);
  int const status = error.status > 0 ? error.status : standard.status;
  Json problem = make_problem({.kind = standard.kind,
                               .status = status,
                               .title = error.title.empty() ? standard.title : error.title,
                               .detail = error.message},
                              instance);
  if (error.details["type"].is_string()) problem.set("type", error.details["type"]);
  if (error.details["status"].is_integer()) problem.set("status", error.details["status"]);
  add_extras(problem, error);
  return problem;
}

Json expression_problem(Error const& error, std::string_view instance) {
  // One that names its own type, or says that the helper could not work, stays what it is.
  if (error.kind == ErrorKind::internal || error.details["type"].is_string())
    return problem_from(error, instance);
  std::string detail = error.message;
  if (!error.where.empty()) detail += " (in: " + error.where + ")";
  return make_problem({.kind = "expression",
                       .status = 400,
                       .title = "Expression failed",
                       .detail = std::move(detail)},
                      instance);
}

bool same_type(std::string_view a, std::string_view b) {
  if (a == b) return true;
  auto const kind = standard_kind(a);
  return !kind.empty() && kind == standard_kind(b);
}

bool matches(workflow::ErrorFilter const& filter, Json const& problem) {
  if (filter.type && !same_type(*filter.type, problem["type"].as_string())) return false;
  if (filter.status && problem["status"].as_integer() != *filter.status) return false;
  return same_text(filter.title, problem["title"]) && same_text(filter.detail, problem["detail"]) &&
         same_text(filter.instance, problem["instance"]);
}

}  // namespace fairlead::run
