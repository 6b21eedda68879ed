// fork: all branches at once. The output is the list of theirs in written order, or with `compete`
// the first one's only.
#include "run/caps.h"
#include "run/problem.h"
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {

void fork_begin(Machine& m, Frame& frame, Input&) {
  auto const& branches = std::get<workflow::ForkTask>(frame.task->body).branches;
  frame.stage = Stage::children;
  frame.body = ForkState{.outputs = std::vector<Json>(branches.size()),
                         .done = std::vector<bool>(branches.size(), false)};
  if (branches.empty()) m.complete(frame, Json::array());
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (has_ended(m.state.status)) return;
    m.begin_child(frame, *branches[i].task, static_cast<int>(i), frame.input);
  }
}

void fork_branch_done(Machine& m, Frame& frame, Input& in) {
  if (in.then == "end") {
    m.end_early(std::move(in.output));
    return;
  }
  if (std::get<workflow::ForkTask>(frame.task->body).mode == workflow::ForkTask::Mode::compete) {
    m.cancel_waits(frame);
    m.erase_children(frame, "another branch was first");
    m.complete(frame, std::move(in.output));
    return;
  }
  auto& fork = std::get<ForkState>(frame.body);
  fork.outputs[static_cast<std::size_t>(in.child)] = std::move(in.output);
  fork.done[static_cast<std::size_t>(in.child)] = true;
  for (bool done : fork.done) {
    if (!done) return;
  }
  Json outputs(Json::Array(std::move(fork.outputs)));
  if (auto const bytes = bytes_of(outputs); bytes > gathered_bytes_max) {
    m.fault(frame, problem_from(
                       too_large("What the branches give together has", bytes, gathered_bytes_max),
                       frame.pointer()));
    return;
  }
  m.complete(frame, std::move(outputs));
}

}  // namespace fairlead::run::tasks
