// GET /metrics: figures for Prometheus, in its text format 0.0.4.
//
// Requests by route (never by address: ids would make endless series) with their durations, states
// of connections and their rate budgets, webhook deliveries, history. Asks for a viewer's token, as
// names of connections are in it. Source:
// https://prometheus.io/docs/instrumenting/exposition_formats/ (read 2026-11). Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/connection_insight.h"
#include "api/open_streams.h"
#include "api/run_control.h"
#include "api/webhooks.h"
#include "base/metric_text.h"

namespace fairlead::api {

// What the routes did since the start. A route asks for its series once; counting is atomics only.
class RequestMeter final {
 public:
  class Series final {
   public:
    void count(int status, Milliseconds took);

   private:
    friend class RequestMeter;
    // Those our routes answer with; another one is counted as "other".
    static constexpr std::array statuses{200, 201, 202, 204, 206, 301, 302, 303, 304, 307,
                                         308, 400, 401, 403, 404, 405, 406, 408, 409, 410,
                                         411, 412, 413, 414, 415, 421, 422, 423, 424, 428,
                                         429, 431, 500, 501, 502, 503, 504};
    std::array<std::atomic<std::int64_t>, statuses.size() + 1> counts_{};
    TimedCounts timing_;
  };

  // `route`: the pattern. The same series for the same route; lives as long as the meter.
  Series& series(std::string_view method, std::string_view route);
  void write(MetricText& text) const;

 private:
  mutable std::mutex mutex_;  // of the map; what is counted needs none
  std::map<std::pair<std::string, std::string>, Series, std::less<>> series_;
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

}  // namespace fairlead::api
