// Dry runs: what an action would send, said literally, with the scope and role it needs. Nothing is
// written.
//
// dry_run() is declared in action/catalogue.h; here is how its result is shown. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "action/catalogue.h"

namespace fairlead::action {

// {action, effect, scope, role, requests: [{method, url, headers?, body?}]}; URLs are below
// `base_url`.
Json to_json(DryRun const& run, ActionInfo const& info, std::string_view base_url);

// The same for people:
//   gitlab.create-issue creates something; nothing was sent.
//   POST https://gitlab.example.com/api/v4/projects/7/issues
//   { "title": "..." }
//   Needs the scope api and at least the role reporter in the project or group.
std::string to_text(DryRun const& run, ActionInfo const& info, std::string_view base_url);

}  // namespace fairlead::action
