#include "sandbox/call.h"

#include <charconv>

#include "base/text.h"
#include "sandbox/access.h"

namespace fairlead::sandbox {
namespace {

std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// GET: 301 to the same place below the numeric id; others: 405 (lib/api/helpers.rb, find_project!).
Error moved_answer(Call& call, Number project_id) {
  if (call.method != net::Method::get && call.method != net::Method::head) {
    return refuse_message(405, "Non GET methods are not allowed for moved projects");
  }
  std::string_view rest = call.target;
  for (int slash = 0; slash < 5 && !rest.empty(); ++slash) {  // "/api/v4/projects/<ref>/rest"
    std::size_t const next = rest.find('/', 1);
    if (slash == 3) {
      std::size_t const query = rest.find('?');
      rest = next != std::string_view::npos && next < query ? rest.substr(next)
             : query == std::string_view::npos              ? std::string_view{}
                                                            : rest.substr(query);
      break;
    }
    rest = next == std::string_view::npos ? std::string_view{} : rest.substr(next);
  }
  std::string const location =
      call.world.api_url("/projects/" + std::to_string(project_id)) + std::string(rest);
  Error error = refuse(301, Json());
  error.details = Json::object({{"location", location}});
  return error;
}

}  // namespace

Result<Number> Call::number_argument(std::size_t index, std::string_view name) const {
  if (auto const number = whole_number(arguments.at(index))) return *number;
  return bad_parameters(std::string(name) + " is invalid");
}

Result<Project*> find_project(Call& call, std::string const& reference) {
  auto const id = whole_number(reference);
  Project* project = id ? call.world.project(*id) : call.world.project_at(reference);
  if (project == nullptr) {
    auto const moved = call.world.state.moved_paths.find(to_lower_ascii(reference));
    if (moved != call.world.state.moved_paths.end()) {
      Project* target = call.world.project(moved->second);
      if (target != nullptr && may_see(call.world, *target, call.user())) {
        return moved_answer(call, target->id);
      }
    }
  }
  if (project == nullptr || !may_see(call.world, *project, call.user())) return no_such("Project");
  return project;
}

Result<Project*> find_project_for(Call& call, Ability ability) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments.at(0)));
  if (call.user() == nullptr) return unauthorized();
  if (!ability(level_in(call.world, *project, call.user()))) return forbidden();
  return project;
}

Result<Group*> find_group(Call& call, std::string const& reference) {
  auto const id = whole_number(reference);
  Group* group = id ? call.world.group(*id) : call.world.group_at(reference);
  if (group == nullptr || !may_see(call.world, *group, call.user())) return no_such("Group");
  return group;
}

// 15 (Planner) may plan but not develop; 25 (Security Manager) reads like a Reporter.
bool at_least_planner(Number access_level) { return access_level >= level::planner; }
bool at_least_reporter(Number access_level) { return access_level >= level::reporter; }
bool at_least_developer(Number access_level) { return access_level >= level::developer; }
bool at_least_maintainer(Number access_level) { return access_level >= level::maintainer; }
bool is_owner(Number access_level) { return access_level >= level::owner; }

}  // namespace fairlead::sandbox
