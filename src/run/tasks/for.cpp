// for: one round an item, in order; a round's input is the output of the one before.
#include "run/tasks/tasks.h"

namespace fairlead::run::tasks {
namespace {

workflow::ForTask const& loop_of(Frame const& frame) {
  return std::get<workflow::ForTask>(frame.task->body);
}

// Binds the round's names and asks whether it shall take place.
void prepare_round(Machine& m, Frame& frame) {
  auto& loop = std::get<ForState>(frame.body);
  if (loop.round >= loop.items.size()) {
    Json last = std::move(loop.value);
    m.complete(frame, std::move(last));
    return;
  }
  frame.bindings[loop_of(frame).each] = loop.items[loop.round];
  frame.bindings[loop_of(frame).at] = Json(loop.round);
  m.evaluate(frame, Stage::deciding);
}

}  // namespace

void for_items_known(Machine& m, Frame& frame, Input& in) {
  Json& items = in.values.at(0);
  if (!items.is_array() && !items.is_null()) {
    m.fault(frame,
            m.problem(frame, "expression", 400, "Not a list",
                      "`for.in` must give an array; it gave " +
                          std::string(items.is_object() ? "an object" : "a single value") + "."));
    return;
  }
  frame.body = ForState{.items = std::move(items.make_array()), .round = 0, .value = frame.input};
  prepare_round(m, frame);
}

void for_while_known(Machine& m, Frame& frame, Input& in) {
  auto& loop = std::get<ForState>(frame.body);
  if (!holds(in.values.at(0))) {
    Json last = std::move(loop.value);
    m.complete(frame, std::move(last));
    return;
  }
  frame.stage = Stage::children;
  m.begin_list(frame, loop_of(frame).tasks.get(), loop.value);
}

void for_round_done(Machine& m, Frame& frame, Input& in) {
  auto& loop = std::get<ForState>(frame.body);
  loop.value = std::move(in.output);
  ++loop.round;
  prepare_round(m, frame);
}

}  // namespace fairlead::run::tasks
