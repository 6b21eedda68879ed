// set: the output is the value; it replaces, it does not merge.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

void set_value_known(Machine& m, Frame& frame, Input& in) {
  m.complete(frame, std::move(in.values.at(0)));
}

}  // namespace fairlead::run::tasks
