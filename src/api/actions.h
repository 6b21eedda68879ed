// Routes for actions: list and show the catalogue, run one, or dry-run it.
//
// POST /api/v1/actions/{id}/run takes {input, connection?, dryRun?}. With "Accept:
// application/x-ndjson" a listing is streamed: one JSON item a line, then one line {"summary": ...}
// (or {"problem": ...}); memory stays flat on both sides.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"
#include "base/log.h"

namespace fairlead::api {

struct ActionRoutesParts {
  action::Catalogue const& catalogue;
  action::Invoker& invoker;
  action::ApiProvider& apis;
};

std::vector<Endpoint> action_endpoints(ActionRoutesParts parts);

}  // namespace fairlead::api
