// Routes for the master key: how its rotation stands, and starting one.
//
// Never the key itself. Only for org admins.
#pragma once

#include <vector>

#include "access/key_rotation.h"
#include "api/endpoint.h"

namespace fairlead::api {

struct KeyRoutesParts {
  access::KeyRotation& rotation;
};

std::vector<Endpoint> key_endpoints(KeyRoutesParts parts);

}  // namespace fairlead::api
