// The transition table: which handler answers which trigger in which stage of which kind of task.
//
// The one place that says what can happen to a run. What has no row is stale and changes nothing. A
// row for a kind wins over a row for `any`. Tests see to it that every row is taken. Pure; any
// thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "run/machine.h"

namespace fairlead::run {

using Handler = void (*)(Machine&, Frame&, Input&);

struct Transition {
  TaskKind kind;
  std::optional<Stage> stage;  // nothing: any stage
  Trigger trigger;
  Handler handle;
  std::string_view says;  // for docs
};

std::span<Transition const> transitions();
// Index of the row; -1: none.
int find_transition(TaskKind kind, Stage stage, Trigger trigger);

}  // namespace fairlead::run
