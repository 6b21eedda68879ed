// Roles: what a person or a token may do in Fairlead.
//
// Each role may do all that the ones before it may: viewer < operator < author < org admin. Pure;
// any thread.
#pragma once

#include <optional>
#include <string_view>

namespace fairlead::access {

enum class Role {
  viewer,     // sees workflows, runs, connections (never secrets)
  operator_,  // also starts, cancels and replays runs, sends events, runs actions
  author,     // also changes and publishes workflows
  org_admin,  // also connects apps and makes tokens
};

// "viewer", "operator", "author", "org-admin"
std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view name);
inline bool allows(Role has, Role needed) {
  return static_cast<int>(has) >= static_cast<int>(needed);
}

}  // namespace fairlead::access
