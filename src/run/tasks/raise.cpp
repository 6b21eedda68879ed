// raise: fails with the error as written; `instance` is this task unless the author names another.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

void raise_error_known(Machine& m, Frame& frame, Input& in) {
  Json problem = std::move(in.values.at(0));
  if (!problem.is_object()) {
    m.fault(frame, m.problem(frame, "expression", 400, "Not an error",
                             "What `raise` got is no error object."));
    return;
  }
  if (!problem["instance"].is_string()) problem.set("instance", frame.pointer());
  m.fault(frame, std::move(problem));
}

}  // namespace fairlead::run::tasks
