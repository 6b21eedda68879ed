// What GitLab would refuse a workflow as things are: asked before it is published.
//
// For calls whose connection, project or group is literal: can the connection be used, has its user
// the role the action needs there, may it run pipelines on a protected branch. And: does a step
// cause the very GitLab event that starts the workflow. All are warnings: what is refused today may
// be allowed when it runs. Blocking, at most lookups_max requests, each place once; thread-safe.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "workflow/document.h"
#include "workflow/problem.h"

namespace fairlead::gitlab {

// Requests of one check; calls beyond it are not looked at, which a warning says.
inline constexpr int lookups_max = 20;

// Codes: connection, role, protected-branch, own-event, not-checked.
std::vector<workflow::Problem> publish_problems(workflow::Document const& document,
                                                action::Catalogue const& catalogue,
                                                action::ApiProvider& apis);

}  // namespace fairlead::gitlab
