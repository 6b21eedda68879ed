#include "access/role.h"

#include <array>
#include <utility>

namespace fairlead::access {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 4> names{{{Role::viewer, "viewer"},
                                                                  {Role::operator_, "operator"},
                                                                  {Role::author, "author"},
                                                                  {Role::org_admin, "org-admin"}}};

}  // namespace

std::string_view to_string(Role role) {
  for (auto const& [value, name] : names)
    if (value == role) return name;
  return "viewer";
}

std::optional<Role> role_from(std::string_view name) {
  for (auto const& [value, text] : names)
    if (text == name) return value;
  return std::nullopt;
}

}  // namespace fairlead::access
