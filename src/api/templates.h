// Routes for templates: what there is to start from, with its questions, and a workflow made of
// one.
//
// Nothing is stored: POST /templates/{id}/instantiate answers a text, which is then saved as a
// draft or published like any other. Pure; any thread.
#pragma once

#include <vector>

#include "api/endpoint.h"

namespace fairlead::api {

std::vector<Endpoint> template_endpoints();

}  // namespace fairlead::api
