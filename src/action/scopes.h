// Which of GitLab's scopes covers which: api includes read_api, which includes read_user.
//
// For publish checks, the permissions page and read-only connections. Pure; any thread.
// Source: https://docs.gitlab.com/integration/oauth_provider/ (checked on 19.5).
#pragma once

#include <string>
#include <string_view>

#include "action/action.h"

namespace fairlead::action {

// `granted` is space-separated, as GitLab writes it. "" means unknown: everything.
bool grants(std::string_view granted, Scope needed);

// What these literal requests need at least: read_api if none of them writes, else `declared`.
Scope needed_by(std::vector<Request> const& requests, Scope declared);
// True if there is one and none of them writes.
bool only_reads(std::vector<Request> const& requests);

}  // namespace fairlead::action
