// Routes that help to build a workflow: an expression on sample data, one step tried alone, an
// action as a command for a terminal.
//
// Nothing here is kept, and nothing is written at GitLab unless a step is tried with dryRun: false.
// Blocking, on the server's workers.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/actions.h"
#include "api/endpoint.h"
#include "expression/evaluator.h"

namespace fairlead::api {

struct BuilderRoutesParts {
  ActionRoutesParts actions;
  expression::Evaluator& evaluator;
};

std::vector<Endpoint> builder_endpoints(BuilderRoutesParts parts);

// The call of a request as one line for a shell; the token stands as $GITLAB_TOKEN.
enum class CommandStyle { curl, glab };
std::string command_of(action::Request const& request, std::string_view base_url,
                       CommandStyle style);

}  // namespace fairlead::api
