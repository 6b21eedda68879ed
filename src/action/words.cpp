#include "action/action.h"

namespace fairlead::action {

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::reads:
      return "reads";
    case Effect::creates:
      return "creates";
    case Effect::changes:
      return "changes";
    case Effect::deletes:
      return "deletes";
  }
  return "";
}

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::none:
      return "none";
    case Scope::read_user:
      return "read_user";
    case Scope::read_api:
      return "read_api";
    case Scope::api:
      return "api";
  }
  return "";
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::none:
      return "none";
    case Role::guest:
      return "guest";
    case Role::planner:
      return "planner";
    case Role::reporter:
      return "reporter";
    case Role::developer:
      return "developer";
    case Role::maintainer:
      return "maintainer";
    case Role::owner:
      return "owner";
    case Role::admin:
      return "admin";
  }
  return "";
}

}  // namespace fairlead::action
