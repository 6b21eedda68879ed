#include "net/transport_meter.h"

namespace fairlead::net {

Result<HttpResponse> TransportMeter::send(HttpRequest const& request) {
  Milliseconds const begun = clock_.steady();
  auto result = inner_.send(request);
  auto const method = static_cast<std::size_t>(request.method);
  timings_.at(method).add(clock_.steady() - begun);
  counts_.at(method).at(outcome_of(result)).fetch_add(1, std::memory_order_relaxed);
  return result;
}

std::size_t TransportMeter::outcome_of(Result<HttpResponse> const& result) {
  constexpr int hundred = 100;
  constexpr int too_many = 429;
  enum : std::size_t { rate_limited = 5, not_sent, uncertain, error };
  if (!result.ok()) {
    if (result.error().kind == ErrorKind::unavailable) return not_sent;
    return result.error().kind == ErrorKind::uncertain ? uncertain : error;
  }
  if (result->status == too_many) return rate_limited;
  int const group = result->status / hundred;
  return group >= 1 && group <= 5 ? static_cast<std::size_t>(group - 1) : error;
}

void TransportMeter::write(MetricText& text) const {
  constexpr std::string_view requests = "fairlead_outbound_requests_total";
  constexpr std::string_view duration = "fairlead_outbound_request_duration_seconds";
  text.head(requests, MetricText::Type::counter,
            "Requests sent out (GitLab, http calls, token end points) by what came back.");
  for (std::size_t method = 0; method < methods; ++method)
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (auto const count = counts_[method][i].load(std::memory_order_relaxed); count > 0)
        text.line(requests,
                  {{"method", std::string(to_string(static_cast<Method>(method)))},
                   {"outcome", outcomes[i]}},
                  count);
  text.head(duration, MetricText::Type::histogram,
            "From sending to the whole answer or the fault.");
  for (std::size_t method = 0; method < methods; ++method)
    if (auto const seen = timings_[method].seen(); seen.count > 0)
      text.histogram(duration, {{"method", std::string(to_string(static_cast<Method>(method)))}},
                     seen);
}

}  // namespace fairlead::net
