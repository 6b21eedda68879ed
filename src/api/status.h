// GET /api/v1/status: how this server is doing, in one look, for the status page and for people.
//
// What is in memory and in queues, what waits longest, connections with their rate budgets, the
// size on disk. Reads the store; nothing here is kept. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "api/connection_insight.h"
#include "api/webhooks.h"
#include "run/engine.h"

namespace fairlead::api {

struct StatusParts {
  ConnectionInsightParts connections;
  WebhookRoutesParts webhooks;
  run::Engine& engine;
  std::function<std::uintmax_t()> store_bytes;  // on disk; 0: not known
  std::string version;
  Time started_at{};
};

std::vector<Endpoint> status_endpoints(StatusParts const& parts);

}  // namespace fairlead::api
