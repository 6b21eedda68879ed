// Routes for workflows kept as files: plan, apply, export.
//
// A plan says what applying a folder would change, task by task, and has a digest of the server's
// and the folder's state; applying with that digest does exactly what the plan said, or nothing.
// All in one commit; nothing is ever removed, and only with `prune` is what has no file disabled.
#pragma once

#include <vector>

#include "api/workflows.h"

namespace fairlead::api {

// Files in one folder.
inline constexpr std::size_t folder_files_max = 1'000;

std::vector<Endpoint> workflow_folder_endpoints(WorkflowRoutesParts parts);

}  // namespace fairlead::api
