#include "action/call_meter.h"

namespace fairlead::action {
namespace {

enum OutcomeIndex : std::size_t { done, waits, failed, uncertain };

std::size_t index_of(Result<Outcome> const& result) {
  if (result.ok()) return result->wait ? waits : done;
  return result.error().kind == ErrorKind::uncertain ? uncertain : failed;
}

}  // namespace

CallMeter::CallMeter(Invoker& inner, Catalogue const& catalogue, Clock const& clock)
    : inner_(inner), clock_(clock) {
  for (auto const& action : catalogue.actions())
    counts_[{action.info.catalog, action.info.name}];
}

CallMeter::Counts& CallMeter::counts_of(Invocation const& invocation) {
  auto const found = counts_.find({invocation.catalog, invocation.name});
  return found == counts_.end() ? other_ : found->second;
}

Result<Outcome> CallMeter::invoke(Invocation const& invocation) {
  Milliseconds const begun = clock_.steady();
  auto result = inner_.invoke(invocation);
  Counts& counts = counts_of(invocation);
  counts.timing.add(clock_.steady() - begun);
  counts.by_outcome.at(index_of(result)).fetch_add(1, std::memory_order_relaxed);
  return result;
}

void CallMeter::write(MetricText& text) const {
  constexpr std::string_view calls = "fairlead_action_calls_total";
  constexpr std::string_view duration = "fairlead_action_call_duration_seconds";
  std::vector<std::pair<std::string, Counts const*>> all;
  for (auto const& [id, counts] : counts_)
    all.emplace_back(id.first + "." + id.second, &counts);
  all.emplace_back("other", &other_);
  text.head(calls, MetricText::Type::counter,
            "Attempts to run an action by outcome: done, waits (for GitLab), failed, uncertain.");
  for (auto const& [action, counts] : all)
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (auto const count = counts->by_outcome[i].load(std::memory_order_relaxed); count > 0)
        text.line(calls, {{"action", action}, {"outcome", outcomes[i]}}, count);
  text.head(duration, MetricText::Type::histogram, "How long an attempt took.");
  for (auto const& [action, counts] : all)
    if (auto const seen = counts->timing.seen(); seen.count > 0)
      text.histogram(duration, {{"action", action}}, seen);
}

}  // namespace fairlead::action
