// What a person does to a run from outside: pause it, let it go on, settle an effect.
#include "run/pause.h"
#include "run/problem.h"
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

// The rows of timers go, the frames remember them: a paused run costs no wake-ups.
void pause_run(Machine& m, Frame&, Input& in) {
  PauseRequested const& what = *in.pause;
  m.state.pause = PauseState{.by = what.by, .reason = what.reason, .since = m.now, .held = nullptr};
  m.state.pause->parent = what.parent;
  for (auto const& [id, frame] : m.state.frames) {
    for (auto const& [kind, due_at] : frame.timers)
      m.commands.emplace_back(ClearTimer{timer_key(frame, kind)});
  }
  hold_children(m, HoldRun::What::pause);
  m.note("run-paused", "", Json::object({{"by", what.by}, {"reason", what.reason}}));
}

// What waits for something outside asks at once: a sign that it is there may have come meanwhile.
void unpause_run(Machine& m, Frame&, Input& in) {
  bool lost = false;
  if (m.state.pause->held) {
    for (auto const& what : m.state.pause->held->events)
      lost = lost || std::holds_alternative<Recovered>(what);
  }
  if (lost) {
    for (int const id : unanswered(m.state))
      m.push({.frame = id, .trigger = Trigger::recovered});
  }
  m.note("run-resumed", "",
         Json::object({{"by", in.then}, {"pausedForMs", (m.now - m.state.pause->since).count()}}));
  m.state.pause.reset();
  hold_children(m, HoldRun::What::resume);
  for (auto& [id, frame] : m.state.frames) {
    for (auto const& [kind, due_at] : std::map(frame.timers))
      m.arm(frame, kind, kind == "call" ? std::min(due_at, m.now) : due_at);
  }
}

void effect_decided(Machine& m, Frame& frame, Input& in) {
  EffectDecided const& what = *in.decided;
  auto& call = std::get<CallState>(frame.body);
  auto& track = m.state.effects[m.place_of(frame)];
  m.clear(frame, "call");
  switch (what.decision) {
    case EffectDecided::Decision::happened:
      track.known = EffectTrack::Known::resolved;
      m.complete(frame, what.output);
      break;
    case EffectDecided::Decision::not_happened:
      call.mode = CallState::Mode::first;
      call.parked = CallState::Parked::no;
      call.parks = 0;
      call_send(m, frame);
      break;
    case EffectDecided::Decision::fail:
      // It stays unknown: another attempt at this place begins with a look-up.
      m.fault(frame, m.problem(frame, "runtime", 500, "Effect given up",
                               "Whether the effect took place is not known, and " + what.by +
                                   " decided to let the task fail" +
                                   (what.reason.empty() ? "." : ": " + what.reason)));
      break;
  }
}

}  // namespace fairlead::run::tasks
