// /api/v1/secrets: names of secrets, setting and removing them. No route ever gives a value.
//
// For org admins. Secrets from the operator's folder, environment or command are listed, not
// changed here.
#pragma once

#include <vector>

#include "access/stored_secrets.h"
#include "api/endpoint.h"

namespace fairlead::api {

struct SecretRoutesParts {
  access::StoredSecrets& stored;
  access::SecretSource& all;  // for the list
};

std::vector<Endpoint> secret_endpoints(SecretRoutesParts const& parts);

}  // namespace fairlead::api
