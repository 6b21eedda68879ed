// Routes for connections: /api/v1/connections, and the two pages of the sign-in under /oauth.
//
// GET lists and shows (never secrets), POST connects, tests, starts a sign-in; DELETE disconnects.
// The pages bind the sign-in to one browser by a cookie and take GitLab's redirect.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "base/random.h"
#include "connection/connections.h"

namespace fairlead::api {

struct ConnectionRoutesParts {
  connection::Connections& connections;
  Random& random;
  std::function<void(std::string const& name)> signed_in;  // runs that wait for it may go on
  std::string public_url;  // "https://fairlead.example.com", what browsers and GitLab reach us by
};

std::vector<Endpoint> connection_endpoints(ConnectionRoutesParts parts);

// What we show of a connection.
Json to_json(store::ConnectionRecord const& record, Time now);
// The same with what only this process knows of it: the calls that failed.
Json shown_connection(connection::Connections& connections, store::ConnectionRecord const& record);

}  // namespace fairlead::api
