// schedule.on: all - several events together start a run: which have come so far, and when it is
// complete.
//
// Each set of events that belong together is a partial match, a row in the store that changes in
// the commit that marks the event dispatched: an event is used once, and a restart loses nothing.
// The first event of a set settles its correlation; an event goes to the oldest set that lacks it
// and agrees. Pure but for the evaluator, which blocks. Any thread. Source: Open Workflow DSL
// 1.0.3, "Event Consumption Strategy".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expression/evaluator.h"
#include "store/records.h"
#include "trigger/schedule_on.h"

namespace fairlead::trigger {

// Of one workflow; beyond it the oldest is given up.
inline constexpr int partials_max = 1'000;

// It needs more than one event to start.
[[nodiscard]] bool gathers(workflow::Document const& document);
// By the type alone: false if no filter can want it.
[[nodiscard]] bool may_gather(workflow::Document const& document, std::string_view event_type);
// PartialMatchRecord::workflow.
[[nodiscard]] std::string partials_of(workflow::Document const& document);

struct Gathered {
  std::optional<store::PartialMatchRecord> set;
  std::vector<std::string> cleared;  // ids
  std::optional<RunStart> start;     // it is complete
  [[nodiscard]] bool changes() const { return set || start; }
};

// `partials` of this workflow, oldest first. Errors: those of the evaluator; the message names the
// workflow.
Result<Gathered> gather(store::EventRecord const& event,
                        std::shared_ptr<workflow::Document const> const& document,
                        std::span<store::PartialMatchRecord const> partials,
                        expression::Evaluator& evaluator);

}  // namespace fairlead::trigger
