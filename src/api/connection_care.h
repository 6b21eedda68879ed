// Routes that look after connections: look at a server before connecting, test one, change one.
//
// Beside api/connections.h, which makes, shows and removes them and signs in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "connection/doctor.h"

namespace fairlead::api {

struct ConnectionCareParts {
  connection::Connections& connections;
  connection::Doctor& doctor;
};

std::vector<Endpoint> connection_care_endpoints(ConnectionCareParts parts);

}  // namespace fairlead::api
