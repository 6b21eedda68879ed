// The gate in front of connections that are for some roles only (`minimumRole`).
//
// Set around the routes: whoever sees or uses such a connection, publishes a workflow that calls
// GitLab by it, or starts or replays one by hand, needs that role. Workflows that are started by an
// event or the time run as they were published. A connection whose name is computed by an
// expression could be any, so it needs the highest of the roles. Any thread; blocks on the store.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "run/library.h"
#include "store/store.h"

namespace fairlead::api {

// Workflows that one starts through others and that are looked at.
inline constexpr std::size_t gate_workflows_max = 100;

struct ConnectionGateParts {
  store::ConnectionStore& connections;
  store::WorkflowStore& workflows;
  store::RunStore& runs;
  run::WorkflowLibrary& library;
};

// The same endpoints, those that use connections behind the gate: 403 with the role that is needed.
std::vector<Endpoint> gated(std::vector<Endpoint> endpoints, ConnectionGateParts const& parts);

// Whether a role may see and use this connection.
[[nodiscard]] bool may_use(access::Role role, store::ConnectionRecord const& record);

// What a workflow's calls name: connections ("" is the default one), `computed` if an expression
// does, and the workflows it runs ("namespace/name/version"). Pure.
struct ConnectionUses {
  std::set<std::string> names;
  enum class Named { plainly, computed } named{Named::plainly};
  std::set<std::string> workflows;
};
ConnectionUses connection_uses(Json const& definition);

}  // namespace fairlead::api
