// What a form can choose from at the connected GitLab: groups, projects, branches, issues, people.
//
// GET /api/v1/connections/{name}/pick/{kind}?search=&parent=&page= asks GitLab for one page of it;
// `parent` is the project (or group) for kinds that belong to one: an id, a full path or a pasted
// URL. Nothing is kept. Blocking, on the server's workers.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"

namespace fairlead::api {

std::vector<Endpoint> pick_endpoints(action::ApiProvider& apis);

}  // namespace fairlead::api
