// Commands: what advance() wants done outside. The engine executes them, after their transition is
// durable.
//
// Evaluations and looks at past events may run before that: they change nothing and are repeated
// after a crash. Pure data.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "action/catalogue.h"
#include "base/clock.h"
#include "base/json.h"
#include "run/state.h"
#include "store/records.h"

namespace fairlead::run {

// One value to find out.
struct Item {
  // literal: `source` is the value; program: `source` is jq text; text: every string in it that is
  // wholly "${ }" is replaced. What comes from outside is never `text`: data is no program.
  enum class Mode { literal, program, text } mode{Mode::literal};
  Json source;
  Json input;
  Json variables;
};

// Answered by Evaluated of the same frame and stage.
struct Evaluate {
  int frame{0};
  Stage stage{Stage::condition};
  std::vector<Item> items;
  // first_true: items are conditions; stops after the first one that holds.
  enum class Until { all, first_true } until{Until::all};
};
// Answered by CallReturned. An intent was noted in the same transition.
struct Call {
  int frame{0};
  int attempt{0};
  action::Invocation invocation;
  // A read that is repeated needs no look-up: the engine turns `recover` into `first` for actions
  // that only read.
  // The number of the undo it is for (run/undo.h), answered by UndoReturned; 0: of the frame.
  int undo{0};
};
// Answered by Emitted. Idempotent by the event's source and id.
struct Emit {
  int frame{0};
  Json event;
};
// Answered by Scanned: what is to be heard of the events since the run began. From here on new
// events find the listeners, too, so that none slips between.
struct Listen {
  int frame{0};
  std::vector<store::ListenerRecord> listeners;
  std::vector<std::int64_t> heard;  // by the run before, ascending
  Json bound;                       // correlation that is settled
  enum class Wanted { one, all } wanted{Wanted::one};
};
// Makes a listener durable, or changes it.
struct SetListener {
  store::ListenerRecord listener;
};
struct ClearListener {
  std::string key;
};
struct ArmTimer {
  std::string key;
  Time due_at{};
  int frame{0};
  std::string wake_key{};  // what makes it due earlier; "": nothing
};
struct ClearTimer {
  std::string key;
};

// Answered by ChildStarted, in whose commit the child is created: it is made once, however often
// this is asked.
struct StartRun {
  int frame{0};
  ChildState child;
  ParentLink parent;
  int depth{0};
};
// The child's task is over before the child is: it is cancelled. Durable with the transition.
struct CancelRun {
  RunId run;
};
// The run is paused, or goes on: so does a child it waits for. Durable with the transition.
struct HoldRun {
  RunId run;
  enum class What { pause, resume } what{What::pause};
};

using Command = std::variant<Evaluate, Call, Emit, Listen, SetListener, ClearListener, ArmTimer,
                             ClearTimer, StartRun, CancelRun, HoldRun>;

}  // namespace fairlead::run
