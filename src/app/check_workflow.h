// The check behind `fairlead workflow validate` where no server is: in the CI of a repository, say.
//
// The same validator, actions and jq as the server's; what only a server knows (its connections,
// its secrets, which versions are published) is taken to be there. Blocking.
#pragma once

#include "base/clock.h"
#include "cli/cli.h"

namespace fairlead::app {

// Starts nothing before it is first called. Its answer is that of POST /api/v1/workflows/validate.
cli::WorkflowCheck make_workflow_check(Clock const& clock);

}  // namespace fairlead::app
