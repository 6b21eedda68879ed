// Users by name: from a user name or an e-mail address to the id that GitLab's calls want.
//
// Exact matches only; none or several is an error that says so. GitLab finds a private e-mail
// address for administrators, and for others only when the whole address is given (17.x and newer);
// otherwise it looks as if there were nobody.
// Source: https://docs.gitlab.com/api/users/#list-users (19.5). Blocking; thread-safe.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "action/define.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {

// The user {id, username, name, ...}, or nothing. invalid_input if an address fits several.
Result<std::optional<Json>> find_user(action::Api& api, UserRef const& user,
                                      std::string_view where);
// Sets the id. Without an api it stays open. Errors: not_found and those of find_user, with
// `where`.
Result<void> resolve(action::Lookup const& lookup, UserRef& user, std::string_view where);
Result<void> resolve(action::Lookup const& lookup, std::vector<UserRef>& users,
                     std::string_view where);

}  // namespace fairlead::gitlab
