// switch: the first case whose condition holds says where to go; else the default case; else the
// task's own `then`.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

void switch_cases_known(Machine& m, Frame& frame, Input& in) {
  auto const& cases = std::get<workflow::SwitchTask>(frame.task->body).cases;
  workflow::SwitchCase const* chosen = nullptr;
  std::size_t condition = 0;
  for (auto const& each : cases) {
    if (!each.when) {
      if (chosen == nullptr) chosen = &each;
      continue;
    }
    // Evaluation stops after the first that holds, so there may be fewer values than conditions.
    if (condition >= in.values.size()) break;
    if (holds(in.values[condition++])) {
      chosen = &each;
      break;
    }
  }
  std::string then = chosen == nullptr ? frame.then : chosen->then;
  m.complete(frame, frame.input, std::move(then));
}

}  // namespace fairlead::run::tasks
