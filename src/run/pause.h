// A paused run: nothing new begins in it until a person says so.
//
// What is under way finishes; its answers are journalled as they come, and *held*: their
// consequences follow when the run goes on, in the same order. Timers are taken down meanwhile and
// armed again then, so that what fell due fires at once. Pure; any thread.
#pragma once

#include <vector>

#include "run/journal.h"
#include "run/state.h"

namespace fairlead::run {

// In the order they came.
struct HeldEvents {
  std::vector<decltype(Event::what)> events;
};

// What becomes of an event: the run is not paused, or the event is about the pause; it waits until
// the run goes on; it says nothing that the run would not find out then by itself.
enum class Holding { goes_through, held, stale };
[[nodiscard]] Holding holding_of(RunState const& state, Event const& event);
void hold(RunState& state, Event const& event);

// A frame that something inside or outside the engine works for, without a timer.
[[nodiscard]] bool is_busy(Frame const& frame);
// Busy frames no answer is held for: after a restart nobody works for them any more.
[[nodiscard]] std::vector<int> unanswered(RunState const& state);
// Something was under way when the run was last in memory.
[[nodiscard]] bool wants_recovery(RunState const& state);

}  // namespace fairlead::run
