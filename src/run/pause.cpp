#include "run/pause.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <variant>

#include "run/undo.h"

namespace fairlead::run {
namespace {

// What a person says to a paused run itself, and what has no meaning for one.
bool is_for_the_pause(Event const& event) {
  if (auto const* resume = std::get_if<ResumeRequested>(&event.what))
    return resume->connection.empty();
  auto const* fired = std::get_if<TimerFired>(&event.what);
  if (fired != nullptr && is_undo_timer(fired->key)) return true;
  return std::holds_alternative<PauseRequested>(event.what) ||
         std::holds_alternative<UndoReturned>(event.what) ||
         std::holds_alternative<CancelRequested>(event.what) ||
         std::holds_alternative<LimitReached>(event.what);
}

int frame_answered(decltype(Event::what) const& what) {
  return std::visit(
      [](auto const& each) {
        if constexpr (requires { each.frame; }) return int{each.frame};
        return 0;
      },
      what);
}

bool awaits(RunState const& state, RunId const& child) {
  return std::ranges::any_of(state.frames, [&](auto const& each) {
    auto const* body = std::get_if<ChildState>(&each.second.body);
    return body != nullptr && body->run == child;
  });
}

bool lost_already(RunState const& state) {
  if (!state.pause->held) return false;
  for (auto const& what : state.pause->held->events) {
    if (std::holds_alternative<Recovered>(what)) return true;
  }
  return false;
}

}  // namespace

bool is_busy(Frame const& frame) {
  switch (frame.stage) {
    case Stage::parked:
    case Stage::unknown:
    case Stage::sleeping:
    case Stage::awaiting:
    case Stage::backing_off:
    case Stage::children:
    case Stage::handling:
    case Stage::listening:
      return false;
    default:
      return true;
  }
}

std::vector<int> unanswered(RunState const& state) {
  std::set<int> answered;
  if (state.pause && state.pause->held) {
    for (auto const& what : state.pause->held->events)
      answered.insert(frame_answered(what));
  }
  std::vector<int> open;
  for (auto const& [id, frame] : state.frames) {
    if (is_busy(frame) && !answered.contains(id)) open.push_back(id);
  }
  return open;
}

bool wants_recovery(RunState const& state) {
  if (!state.pause) return state.status == RunStatus::running;
  return !lost_already(state) && !unanswered(state).empty();
}

Holding holding_of(RunState const& state, Event const& event) {
  if (!state.pause || is_for_the_pause(event)) return Holding::goes_through;
  auto const held_if = [](bool yes) { return yes ? Holding::held : Holding::stale; };
  if (std::holds_alternative<Recovered>(event.what)) return held_if(wants_recovery(state));
  if (std::holds_alternative<EffectDecided>(event.what)) return Holding::held;
  // Its timer is cleared with it: a child's end comes once.
  if (auto const* over = std::get_if<ChildEnded>(&event.what))
    return held_if(awaits(state, over->run));
  // Timers are armed again when the run goes on, and so is what waits for a connection.
  int const frame = frame_answered(event.what);
  return held_if(frame != 0 && state.frames.contains(frame));
}

void hold(RunState& state, Event const& event) {
  // A state is a value and may have been copied: the list is replaced, not changed.
  auto held = state.pause->held ? std::make_shared<HeldEvents>(*state.pause->held)
                                : std::make_shared<HeldEvents>();
  held->events.push_back(event.what);
  state.pause->held = std::move(held);
}

}  // namespace fairlead::run
