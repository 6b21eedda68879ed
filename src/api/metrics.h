// GET /metrics: figures for Prometheus, in its text format 0.0.4.
//
// Requests by route (never by address: ids would make endless series) with their durations, states
// of connections and their rate budgets, webhook deliveries, history. Asks for a viewer's token, as
// names of connections are in it. Source:
// https://prometheus.io/docs/instrumenting/exposition_formats/ (read 2026-11). Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "api/connection_insight.h"
#include "api/open_streams.h"
#include "api/run_control.h"
#include "api/webhooks.h"
#include "base/metric_text.h"

namespace fairlead::api {

// What the routes did since the start. Bounded by the routes and the statuses there are.
class RequestMeter final {
 public:
  // Upper bounds in seconds.
  static constexpr std::array<double, 8> buckets{0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30};

  struct Served {
    std::string method;
    std::string route;  // the pattern
    int status{0};
  };
  void count(Served const& served, Milliseconds took);
  // "# HELP ..." and the lines.
  [[nodiscard]] std::string text() const;

 private:
  struct Timing {
    std::array<std::int64_t, buckets.size()> within{};
    std::int64_t count{0};
    Milliseconds sum{0};
  };
  mutable std::mutex mutex_;
  std::map<std::array<std::string, 3>, std::int64_t> counts_;  // method, route, status
  std::map<std::array<std::string, 2>, Timing> timings_;       // method, route
};

struct MetricsParts {
  ConnectionInsightParts connections;
  WebhookRoutesParts webhooks;
  RunControlParts control;
  RequestMeter& meter;
  OpenStreams const& streams;
  std::string version;
  Time started_at{};
  std::function<void(MetricText&)> figures;  // of those who count beneath the API; may be empty
};

std::vector<Endpoint> metrics_endpoints(MetricsParts const& parts);

// Escapes backslash, quote and line break of a label's value.
std::string label_value(std::string_view text);

}  // namespace fairlead::api
