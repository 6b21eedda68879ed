// Masking: secrets that GitLab puts into its answers never reach outputs, journals or logs.
//
// Project answers hold runners_token, hooks and members hold tokens, URLs may hold credentials, job
// logs hold what careless scripts print. Applied to every output and error in this layer. Pure; any
// thread.
// Source: gitlab.md section 1; token prefixes:
// https://docs.gitlab.com/security/tokens/#token-prefixes (checked on 19.5)
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace fairlead::action {

// Whether a member of that name holds a secret: token, password, ..., or anything ending in _token,
// _password, _secret, _private_key. Letter case does not matter.
bool is_secret_name(std::string_view name);

// Replaces, deep: texts of secret members, values of variables whose key names a secret ({key:
// "DB_PASSWORD", value}), and credentials in URLs.
void mask_secrets(Json& json);

// Replaces GitLab tokens (glpat-..., also of other kinds), bearer and private-token headers, and
// credentials in URLs.
std::string mask_text(std::string_view text);

}  // namespace fairlead::action
