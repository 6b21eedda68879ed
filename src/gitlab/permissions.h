// What each action needs of a connection, and whether this one has it: the permissions page.
//
// Per action the scope and the project or group role, the narrower scope that other products'
// documents name for it, and the truth about that one beside it. Pure; any thread.
// Source: https://docs.gitlab.com/integration/oauth_provider/,
// https://docs.gitlab.com/user/permissions/ (checked on 19.5).
#pragma once

#include <string>
#include <vector>

#include "action/catalogue.h"

namespace fairlead::gitlab {

struct ScopeUse {
  std::string scope;
  std::string why;
  bool granted{false};
};

struct Permission {
  std::string id;
  std::string title;
  action::Scope scope{action::Scope::none};
  action::Role role{action::Role::none};
  std::string narrower;  // a scope smaller than api that is named for it; "" if none
  enum class Truth { covers, falls_short } truth{Truth::covers};
  std::string note;  // the truth in words
  enum class Allowed { yes, no, reads_only } allowed{Allowed::yes};
  std::string reason;  // why not
};

struct Grant {
  std::string scopes;  // space-separated; "": unknown
  enum class Kept { read_only, open } kept{Kept::open};
};

std::vector<ScopeUse> scope_uses(Grant const& grant);
// Of the actions that call GitLab, in the catalogue's order.
std::vector<Permission> permissions_of(action::Catalogue const& catalogue, Grant const& grant);

}  // namespace fairlead::gitlab
