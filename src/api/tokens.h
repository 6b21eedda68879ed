// Routes for API tokens: /api/v1/tokens.
//
// Everybody lists, makes and revokes their own; org admins see and revoke all. A token may never do
// more than who made it. Its text is in the answer to POST and nowhere else.
#pragma once

#include <vector>

#include "access/people.h"
#include "api/guard.h"

namespace fairlead::api {

struct TokenRoutesParts {
  access::ApiTokens& tokens;
  access::People& people;
};

std::vector<Endpoint> token_endpoints(TokenRoutesParts const& parts);

}  // namespace fairlead::api
