// Lists of projects: filters, orders and pages shared by /projects, /groups/:id/projects and
// /users/:id/projects.
//
// Hold World::mutex; part of a request.
#pragma once

#include <vector>

#include "sandbox/call.h"

namespace fairlead::sandbox {

struct ProjectScope {
  std::vector<Number> namespaces;  // empty: all
};

Result<Reply> list_projects_of(Call& call, ProjectScope const& scope);

}  // namespace fairlead::sandbox
