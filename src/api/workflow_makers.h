// Who made a workflow what it is: who published a version, who saved or published last.
//
// The audit log knows; this reads its newest entries about workflows, so that the list and the
// page of a workflow can name a person. What is older than those entries has no name. Stateless;
// blocks; any thread.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "store/audit.h"

namespace fairlead::api {

struct WorkflowMakers {
  std::map<std::string, std::string, std::less<>> workflows;  // by "ops/x": who changed it last
  std::map<std::string, std::string, std::less<>> versions;   // by "ops/x:1.0.0": who published it
};

Result<WorkflowMakers> workflow_makers(store::AuditStore& audit);

}  // namespace fairlead::api
