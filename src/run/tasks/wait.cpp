// wait: a timer, and nothing in memory meanwhile. The output is the input.
#include "run/tasks/tasks.h"
#include "workflow/duration.h"

namespace fairlead::run::tasks {

void wait_duration_known(Machine& m, Frame& frame, Input& in) {
  auto duration = workflow::duration_from(in.values.at(0));
  if (!duration.ok()) {
    m.fault(frame, m.problem(frame, "expression", 400, "Not a duration", duration.error().message));
    return;
  }
  WaitState const wait{.until = m.now + *duration};
  frame.stage = Stage::sleeping;
  frame.body = wait;
  m.arm(frame, "wait", wait.until);
  m.note("waiting", frame.pointer(),
         Json::object({{"waitingFor", "until " + clock_text(wait.until, m.now)},
                       {"until", format_time(wait.until)}}));
}

void wait_over(Machine& m, Frame& frame, Input&) {
  m.clear(frame, "wait");
  m.complete(frame, frame.input);
}

}  // namespace fairlead::run::tasks
