// The projects and groups that an event filter names literally.
//
// Of a subject ("ops/web!3", "^ops/web#", "^ops/": all of the group ops), of data as an object
// (project.path_with_namespace, project.id, project_id), or of comparisons in an expression on data
// (`.project.path_with_namespace == "ops/web"`, `.project.id == 12`, `.project_id == 12`,
// `.project.path_with_namespace | startswith("ops/")`). An expression with `not` is not guessed.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "workflow/document.h"

namespace fairlead::gitlab {

// As WebhookRecord::target; each once. Empty: none is named.
std::vector<std::string> named_places(workflow::EventFilter const& filter);

}  // namespace fairlead::gitlab
