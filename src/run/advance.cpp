#include "run/advance.h"

#include <utility>

#include "run/machine.h"
#include "run/pause.h"
#include "run/replay_plan.h"
#include "run/tasks/tasks.h"
#include "run/undo.h"

namespace fairlead::run {
namespace {

// Starts the chain of inputs an event sets off. Each gives the pointer of the task it is for.
class Intake {
 public:
  explicit Intake(Machine& m) : m_(m) {}

  std::string operator()(Started const& what) {
    auto& state = m_.state;
    state.raw_input = what.input;
    state.seed = what.seed;
    state.event_seq = what.event_seq;
    state.replay = replay_plan_from(what.replay);
    state.parent = what.parent;
    state.depth = what.depth;
    state.started_at = m_.now;
    state.status = RunStatus::running;
    tasks::take_input(m_, m_.open_frame(nullptr, nullptr, 0, what.input));
    return "";
  }

  std::string operator()(Evaluated const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr || frame->stage != what.stage) return "";
    if (what.error) {
      m_.push({.frame = frame->id, .trigger = Trigger::failed, .error = *what.error});
    } else {
      m_.push({.frame = frame->id, .trigger = Trigger::values, .values = what.values});
    }
    return frame->pointer();
  }

  std::string operator()(CallReturned const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr || frame->stage != Stage::calling) return "";
    if (std::get<CallState>(frame->body).attempt != what.attempt) return "";
    m_.push({.frame = frame->id, .trigger = Trigger::returned, .returned = &what});
    return frame->pointer();
  }

  std::string operator()(Emitted const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr) return "";
    m_.push({.frame = frame->id,
             .trigger = Trigger::emitted,
             .error = what.error.value_or(Error{.message = ""})});
    return frame->pointer();
  }

  std::string operator()(Scanned const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr || frame->stage != Stage::scanning) return "";
    m_.push({.frame = frame->id, .trigger = Trigger::scanned, .scanned = &what});
    return frame->pointer();
  }

  std::string operator()(Heard const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr || !tasks::wants(m_.state, *frame, what.event)) return "";
    m_.push({.frame = frame->id, .trigger = Trigger::heard, .heard = &what.event});
    return frame->pointer();
  }

  std::string operator()(TimerFired const& what) {
    if (is_undo_timer(what.key)) return undo_fired(m_, what.key);
    auto const colon = what.key.find(':');
    if (colon == std::string::npos) return "";
    std::string const kind = what.key.substr(0, colon);
    Frame const* frame = find(std::atoi(what.key.c_str() + colon + 1));
    if (frame == nullptr) return "";
    auto const armed = frame->timers.find(kind);
    // Fired twice, or armed anew meanwhile.
    if (armed == frame->timers.end() || m_.now < armed->second) return "";
    Trigger const trigger = kind == "timeout"   ? Trigger::timed_out
                            : kind == "attempt" ? Trigger::attempt_over
                                                : Trigger::fired;
    m_.push({.frame = frame->id, .trigger = trigger});
    return frame->pointer();
  }

  std::string operator()(Woken const& what) {
    auto const colon = what.key.find(':');
    if (colon == std::string::npos) return "";
    Frame const* frame = find(std::atoi(what.key.c_str() + colon + 1));
    // Only a call that was told to wait looks early; what is stale has no row.
    if (frame == nullptr || !frame->timers.contains(what.key.substr(0, colon))) return "";
    auto const* call = std::get_if<CallState>(&frame->body);
    if (call == nullptr || call->parked != CallState::Parked::told_to_wait) return "";
    m_.push({.frame = frame->id, .trigger = Trigger::fired});
    return frame->pointer();
  }

  std::string operator()(UndoReturned const& what) { return undo_returned(m_, what); }

  std::string operator()(CancelRequested const& what) {
    if (!has_ended(m_.state.status)) m_.finish_cancelled(what.by);
    return "";
  }

  std::string operator()(PauseRequested const& what) {
    if (m_.state.pause || m_.state.frames.empty()) return "";
    m_.push({.frame = root(), .trigger = Trigger::paused, .pause = &what});
    return "";
  }

  std::string operator()(EffectDecided const& what) {
    for (auto const& [id, frame] : m_.state.frames) {
      auto const* call = std::get_if<CallState>(&frame.body);
      bool const open = frame.stage == Stage::unknown || frame.stage == Stage::parked;
      if (call == nullptr || !open || !is_uncertain(*call)) continue;
      if (call->marker != what.effect) continue;
      m_.push({.frame = id, .trigger = Trigger::decided, .decided = &what});
      return frame.pointer();
    }
    return "";
  }

  std::string operator()(ResumeRequested const& what) {
    if (what.parent.empty() && what.connection.empty()) resume_undos(m_);
    if (m_.state.frames.empty()) return "";
    bool const of_this_pause = m_.state.pause && m_.state.pause->parent == what.parent;
    if (!what.parent.empty() && !of_this_pause) return "";
    if (m_.state.pause && what.connection.empty()) return unpause(what.reason);
    for (auto const& [id, frame] : m_.state.frames) {
      auto const* call = std::get_if<CallState>(&frame.body);
      if (call == nullptr || !concerns(what, frame, *call)) continue;
      m_.push({.frame = id, .trigger = Trigger::resumed});
    }
    return "";
  }

  std::string operator()(Recovered const&) {
    for (auto const& [id, frame] : m_.state.frames) {
      m_.push({.frame = id, .trigger = Trigger::recovered});
    }
    return "";
  }

  std::string operator()(LimitReached const& what) {
    if (!has_ended(m_.state.status)) m_.finish_faulted(what.problem);
    return "";
  }

  std::string operator()(ChildStarted const& what) {
    Frame const* frame = find(what.frame);
    if (frame == nullptr || !is_child_of(*frame, what.run)) return "";
    m_.push({.frame = frame->id, .trigger = Trigger::child_begun, .begun = &what});
    return frame->pointer();
  }

  std::string operator()(ChildEnded const& what) {
    for (auto const& [id, frame] : m_.state.frames) {
      if (!is_child_of(frame, what.run)) continue;
      m_.push({.frame = id, .trigger = Trigger::child_over, .over = &what});
      return frame.pointer();
    }
    return "";
  }

 private:
  [[nodiscard]] int root() const { return m_.state.frames.begin()->first; }

  // What was held follows one by one, as it would have.
  std::string unpause(std::string reason) {
    auto const held = m_.state.pause->held;
    m_.push({.frame = root(), .trigger = Trigger::unpaused, .then = std::move(reason)});
    m_.work();
    if (!held) return "";
    for (auto const& what : held->events) {
      if (std::holds_alternative<Recovered>(what)) continue;
      std::visit(*this, what);
      m_.work();
    }
    return "";
  }

  static bool is_child_of(Frame const& frame, RunId const& run) {
    auto const* child = std::get_if<ChildState>(&frame.body);
    return child != nullptr && child->run == run;
  }
  static bool concerns(ResumeRequested const& what, Frame const& frame, CallState const& call) {
    if (what.connection.empty())
      return frame.stage == Stage::unknown || frame.stage == Stage::parked;
    return call.parked == CallState::Parked::needs_sign_in &&
           (call.connection.empty() || call.connection == what.connection);
  }

  Frame const* find(int id) const {
    auto const found = m_.state.frames.find(id);
    return found == m_.state.frames.end() ? nullptr : &found->second;
  }

  Machine& m_;
};

std::string words_for(Frame const& frame, Time now) {
  switch (frame.stage) {
    case Stage::parked:
    case Stage::unknown:
      return std::get<CallState>(frame.body).waiting_for;
    case Stage::listening:
      return std::get<ListenState>(frame.body).waiting_for;
    case Stage::awaiting:
      return std::get<ChildState>(frame.body).words();
    case Stage::sleeping:
      return "until " + clock_text(std::get<WaitState>(frame.body).until, now);
    case Stage::backing_off: {
      auto const& tries = std::get<TryState>(frame.body);
      return "retry " + std::to_string(tries.retries) + " of \"" + frame.task->name + "\" at " +
             clock_text(tries.retry_at, now);
    }
    default:
      return "";
  }
}

std::string paused_words(PauseState const& pause) {
  return "a person: paused by " + pause.by + (pause.reason.empty() ? "" : ": " + pause.reason);
}

void settle_status(RunState& state, Time now) {
  state.waiting_for = undo_words(state);
  if (has_ended(state.status)) return;
  if (state.pause) {
    state.status = RunStatus::suspended;
    state.waiting_for = paused_words(*state.pause);
    return;
  }
  bool busy = false;
  bool stuck = false;
  for (auto const& [id, frame] : state.frames) {
    busy = busy || is_busy(frame);
    stuck = stuck || frame.stage == Stage::unknown;
    std::string words = words_for(frame, now);
    if (words.empty()) continue;
    if (!state.waiting_for.empty()) state.waiting_for += "; ";
    state.waiting_for += words;
  }
  state.status = busy ? RunStatus::running : stuck ? RunStatus::suspended : RunStatus::waiting;
}

// Its consequences follow when the run goes on.
Step held_step(RunState state, Event const& event) {
  hold(state, event);
  Step step;
  auto const* returned = std::get_if<CallReturned>(&event.what);
  if (returned != nullptr) step.task = state.frames.at(returned->frame).pointer();
  // Born into a pause.
  auto const* begun = std::get_if<ChildStarted>(&event.what);
  if (begun != nullptr && !begun->error && tasks::waits_for_child(state.frames.at(begun->frame)))
    step.commands.emplace_back(HoldRun{.run = begun->run, .what = HoldRun::What::pause});
  step.state = std::move(state);
  return step;
}

}  // namespace

Step advance(RunState state, Event const& event) {
  return advance(std::move(state), event, nullptr);
}

Step advance(RunState state, Event const& event, TaskWatch const* watch) {
  Holding const holding = holding_of(state, event);
  if (holding == Holding::held) return held_step(std::move(state), event);
  if (holding == Holding::stale) {
    Step stale;
    stale.state = std::move(state);
    stale.effect = Step::Effect::stale;
    return stale;
  }
  Machine machine(std::move(state), event.at);
  machine.watch = watch;
  bool const was_over = has_ended(machine.state.status);
  std::string task = std::visit(Intake(machine), event.what);
  machine.work();
  bool const ended_now = !was_over && has_ended(machine.state.status);
  Step step{.state = std::move(machine.state),
            .commands = std::move(machine.commands),
            .notes = std::move(machine.notes),
            .task = std::move(task),
            .transitions = std::move(machine.taken)};
  bool const began = std::holds_alternative<Started>(event.what) && !was_over;
  bool const nothing = step.transitions.empty() && !ended_now && !began && !machine.touched;
  if (nothing) step.effect = Step::Effect::stale;
  if (step.effect == Step::Effect::taken) settle_status(step.state, event.at);
  return step;
}

RunState new_run(RunId id, std::shared_ptr<workflow::Document const> document) {
  RunState state;
  state.id = std::move(id);
  state.document = std::move(document);
  return state;
}

Result<RunState> replay(RunState state, std::span<store::JournalEntry const> journal) {
  for (auto const& entry : journal) {
    FAIRLEAD_TRY(auto event, decode(entry));
    if (!event) continue;
    Step step = advance(std::move(state), *event);
    if (step.effect == Step::Effect::stale) {
      Error error =
          make_error(ErrorKind::corrupt, "Journal entry " + std::to_string(entry.seq) + " (" +
                                             entry.kind + ") of run " + step.state.id.text +
                                             " does not follow from those before it.");
      error.remedy = "The journal was written by another version of Fairlead, or is damaged.";
      return error;
    }
    state = std::move(step.state);
  }
  return state;
}

std::vector<store::JournalEntry> journal_of(Event const& event, Step const& step,
                                            std::int64_t last_seq) {
  if (step.effect == Step::Effect::stale) return {};
  std::vector<store::JournalEntry> entries;
  entries.push_back(encode(event, step.task));
  for (auto const& note : step.notes)
    entries.push_back(encode(note, event.at));
  for (auto& entry : entries)
    entry.seq = ++last_seq;
  return entries;
}

}  // namespace fairlead::run
