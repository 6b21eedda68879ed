// do: the tasks inside, one after the other.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

void do_begin(Machine& m, Frame& frame, Input&) {
  frame.stage = Stage::children;
  m.begin_list(frame, std::get<workflow::DoTask>(frame.task->body).tasks.get(), frame.input);
}

}  // namespace fairlead::run::tasks
