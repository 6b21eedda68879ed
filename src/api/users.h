// Routes for people: /api/v1/users, and under /api/v1/users/me one's own password and sessions.
//
// Org admins manage users; everybody manages themselves. A user made without a password gets a
// one-time link. Never a password or its hash in an answer.
#pragma once

#include <vector>

#include "api/session.h"

namespace fairlead::api {

struct UserRoutesParts {
  Guard guard;
  access::People& people;
};

std::vector<Endpoint> user_endpoints(UserRoutesParts const& parts);

// What we show of a user.
Json to_json(store::UserRecord const& user);

}  // namespace fairlead::api
