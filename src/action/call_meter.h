// Counts calls of actions: by action and outcome, with durations.
//
// An Invoker in front of another one. The actions are known when it is made, so the number of
// series is fixed: a name that is none of them is "other". Thread-safe;
// counting is atomics only; invoke() blocks as the inner one does.
#pragma once

#include <array>
#include <map>

#include "action/catalogue.h"
#include "base/metric_text.h"

namespace fairlead::action {

class CallMeter final : public Invoker {
 public:
  CallMeter(Invoker& inner, Catalogue const& catalogue, Clock const& clock);

  Result<Outcome> invoke(Invocation const& invocation) override;
  Result<ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                 std::string_view version) const override {
    return inner_.info(catalog, name, version);
  }
  Result<Effect> effect_of(Invocation const& invocation) const override {
    return inner_.effect_of(invocation);
  }
  void write(MetricText& text) const;

 private:
  static constexpr std::array<char const*, 4> outcomes{"done", "waits", "failed", "uncertain"};
  struct Counts {
    std::array<std::atomic<std::int64_t>, outcomes.size()> by_outcome{};
    TimedCounts timing;
  };
  Counts& counts_of(Invocation const& invocation);

  Invoker& inner_;
  Clock const& clock_;
  std::map<std::pair<std::string, std::string>, Counts> counts_;  // the keys never change
  Counts other_;
};

}  // namespace fairlead::action
