// How parent and child runs tell each other: by timers set in each other's name, each in the same
// commit as what it tells.
//
// "child:<run>" of a parent: that child has ended. "cancel:<run>" of a child: that parent wants it
// cancelled. "hold:<run>:<seq>:pause" (or resume) of a child: that parent was paused, or goes on;
// the seq keeps two of them apart and in order. A timer stays until what it brings is durable, so
// nothing is missed whoever is in memory when the process dies. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "run/workers.h"
#include "store/store.h"

namespace fairlead::run {

// If the run has ended and a parent waits for it, the change tells that parent.
void tell_parent(store::RunChange& change, RunState const& state);
store::TimerRecord cancel_timer(RunId const& child, RunId const& parent, Time now);
// `seq`: of the parent's newest journal entry.
store::TimerRecord hold_timer(HoldRun const& hold, RunId const& parent, std::int64_t seq, Time now);
// What such a timer brings; nothing if it is a timer of another kind. Reads the child's row.
Result<std::optional<What>> told_by(store::TimerRecord const& timer, store::RunStore& runs);

}  // namespace fairlead::run
