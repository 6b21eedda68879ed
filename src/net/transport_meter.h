// Counts what goes out over HTTP: by method and what came of it, with durations.
//
// An HttpTransport in front of the real one. No host, path or status but its class becomes a label:
// the number of series is fixed. Thread-safe; counting is atomics only.
#pragma once

#include <array>

#include "base/metric_text.h"
#include "net/http.h"

namespace fairlead::net {

class TransportMeter final : public HttpTransport {
 public:
  TransportMeter(HttpTransport& inner, Clock const& clock) : inner_(inner), clock_(clock) {}

  Result<HttpResponse> send(HttpRequest const& request) override;
  void write(MetricText& text) const;

 private:
  static constexpr std::size_t methods = 7;
  // 1xx .. 5xx, rate-limited (429), not-sent, uncertain, and whatever else went wrong.
  static constexpr std::array<char const*, 9> outcomes{
      "1xx", "2xx", "3xx", "4xx", "5xx", "429", "not-sent", "uncertain", "error"};
  static std::size_t outcome_of(Result<HttpResponse> const& result);

  HttpTransport& inner_;
  Clock const& clock_;
  std::array<std::array<std::atomic<std::int64_t>, outcomes.size()>, methods> counts_{};
  std::array<TimedCounts, methods> timings_{};
};

}  // namespace fairlead::net
