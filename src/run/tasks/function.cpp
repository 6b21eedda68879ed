// call of one of `use.functions`: its task runs inside, with `with` as its input.
//
// The tasks inside keep the pointers of the function (/use/functions/greet/do/0/say); what tells
// apart two calls of it is Machine::place_of and, for people, `calledFrom`.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {
namespace {

// Calls of functions around and including this one.
int calls_around(Machine const& m, Frame const& frame) {
  int calls = 1;
  for (Frame const* each = &frame; each->parent != 0;) {
    each = &m.state.frames.at(each->parent);
    if (kind_of(*each) == TaskKind::call) ++calls;
  }
  return calls;
}

}  // namespace

void function_arguments_known(Machine& m, Frame& frame, Input& in) {
  std::string const& name = std::get<workflow::CallTask>(frame.task->body).name;
  auto const found = m.state.document->functions.find(name);
  if (found == m.state.document->functions.end()) {
    m.fault(frame, m.problem(frame, "configuration", 400, "No such function",
                             "There is no \"" + name + "\" in `use.functions`."));
    return;
  }
  if (calls_around(m, frame) > calls_nested_max) {
    m.fault(frame, m.problem(frame, "runtime", 500, "Functions nested too deep",
                             "There are " + std::to_string(calls_nested_max) +
                                 " calls of functions around this one of \"" + name +
                                 "\", which is the most: does it call itself without an end?"));
    return;
  }
  frame.stage = Stage::children;
  m.begin_child(frame, *found->second, 0, std::move(in.values.at(0)));
}

void function_done(Machine& m, Frame& frame, Input& in) {
  if (in.then == "end") {
    m.end_early(std::move(in.output));
    return;
  }
  m.complete(frame, std::move(in.output));
}

}  // namespace fairlead::run::tasks
