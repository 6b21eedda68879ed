#include "run/transitions.h"

#include <array>

#include "run/tasks/tasks.h"

namespace fairlead::run {
namespace {

using namespace tasks;  // NOLINT: the table reads as a table
using K = TaskKind;
using S = Stage;
using T = Trigger;

constexpr std::nullopt_t any_stage = std::nullopt;

// clang-format off
constexpr std::array table{
    // The workflow itself.
    Transition{K::workflow, S::body, T::begin, workflow_begin, "begin the first task"},
    Transition{K::workflow, S::children, T::list_done, complete_with_list, "the last task is done"},
    Transition{K::workflow, S::output, T::values, workflow_output_known, "complete the run"},

    Transition{K::workflow, any_stage, T::paused, pause_run, "begin nothing new, take timers down"},
    Transition{K::workflow, any_stage, T::unpaused, unpause_run, "arm timers, go on"},

    // What every task goes through.
    Transition{K::any, S::condition, T::values, condition_known, "skip it, or ask for its input"},
    Transition{K::any, S::input, T::values, input_known, "arm the timeout, begin"},
    Transition{K::any, S::output, T::values, output_known, "export, or leave"},
    Transition{K::any, S::exporting, T::values, export_known, "set $context, leave"},
    Transition{K::any, any_stage, T::failed, expression_failed, "fault: expression"},
    Transition{K::any, any_stage, T::timed_out, timed_out, "fault: timeout"},
    Transition{K::any, any_stage, T::child_failed, pass_on_failure, "fault with the child's error"},
    Transition{K::any, S::condition, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::input, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::arguments, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::deciding, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::retrying, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::output, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::exporting, T::recovered, evaluate_anew, "ask again"},
    Transition{K::any, S::children, T::child_done, next_in_list, "go where `then` says"},
    Transition{K::any, S::handling, T::child_done, next_in_list, "go where `then` says"},

    // call
    Transition{K::call, S::body, T::begin, need_arguments, "ask for its arguments"},
    Transition{K::call, S::arguments, T::values, call_arguments_known, "note the intent, call"},
    Transition{K::call, S::children, T::child_done, function_done, "complete"},
    Transition{K::call, S::calling, T::returned, call_returned, "complete, park, look up or fault"},
    Transition{K::call, S::calling, T::recovered, call_recovered, "look it up, then call"},
    Transition{K::call, S::parked, T::fired, call_again, "call again"},
    Transition{K::call, S::parked, T::resumed, call_again, "call again"},
    Transition{K::call, S::unknown, T::resumed, call_again, "look it up once more"},
    Transition{K::call, S::unknown, T::decided, effect_decided, "complete, call again or fault"},
    Transition{K::call, S::parked, T::decided, effect_decided, "complete, call again or fault"},

    Transition{K::do_, S::body, T::begin, do_begin, "begin the first task inside"},
    Transition{K::do_, S::children, T::list_done, complete_with_list, "complete"},

    Transition{K::set, S::body, T::begin, need_arguments, "ask for the value"},
    Transition{K::set, S::arguments, T::values, set_value_known, "complete with the value"},

    Transition{K::switch_, S::body, T::begin, need_arguments, "ask for the conditions"},
    Transition{K::switch_, S::arguments, T::values, switch_cases_known, "complete, with its then"},

    Transition{K::wait, S::body, T::begin, need_arguments, "ask for the duration"},
    Transition{K::wait, S::arguments, T::values, wait_duration_known, "arm the timer"},
    Transition{K::wait, S::sleeping, T::fired, wait_over, "complete"},

    Transition{K::raise, S::body, T::begin, need_arguments, "ask for the error"},
    Transition{K::raise, S::arguments, T::values, raise_error_known, "fault with it"},

    // for
    Transition{K::for_, S::body, T::begin, need_arguments, "ask for the collection"},
    Transition{K::for_, S::arguments, T::values, for_items_known, "ask for the first `while`"},
    Transition{K::for_, S::deciding, T::values, for_while_known, "begin the round, or complete"},
    Transition{K::for_, S::children, T::list_done, for_round_done, "next round, or complete"},

    // try
    Transition{K::try_, S::body, T::begin, try_begin, "first attempt"},
    Transition{K::try_, S::children, T::list_done, complete_with_list, "complete"},
    Transition{K::try_, S::children, T::child_failed, try_failed, "filter the error"},
    Transition{K::try_, S::children, T::attempt_over, try_attempt_over, "the attempt is too slow"},
    Transition{K::try_, S::deciding, T::values, try_catch_known, "caught or not"},
    Transition{K::try_, S::retrying, T::values, try_retry_known, "retry or handle"},
    Transition{K::try_, S::backing_off, T::fired, try_again, "next attempt"},
    Transition{K::try_, S::handling, T::list_done, try_handled, "complete"},

    // fork
    Transition{K::fork, S::body, T::begin, fork_begin, "begin all branches"},
    Transition{K::fork, S::children, T::child_done, fork_branch_done, "complete, or wait on"},

    // emit
    Transition{K::emit, S::body, T::begin, need_arguments, "ask for the event"},
    Transition{K::emit, S::arguments, T::values, emit_event_known, "hand it to the inbox"},
    Transition{K::emit, S::emitting, T::emitted, emit_done, "complete"},
    Transition{K::emit, S::emitting, T::recovered, emit_again, "hand it over again"},

    // listen
    Transition{K::listen, S::body, T::begin, need_arguments, "ask for the correlation"},
    Transition{K::listen, S::arguments, T::values, listen_filters_known, "look at past events"},
    Transition{K::listen, S::scanning, T::scanned, listen_scanned, "complete, or wait for events"},
    Transition{K::listen, S::scanning, T::heard, listen_heard_early, "keep it for then"},
    Transition{K::listen, S::scanning, T::fired, listen_again, "look again"},
    Transition{K::listen, S::scanning, T::recovered, listen_again, "look again"},
    Transition{K::listen, S::listening, T::heard, listen_heard, "complete, or wait for more"},

    // run
    Transition{K::run_workflow, S::body, T::begin, need_arguments, "ask for the input"},
    Transition{K::run_workflow, S::arguments, T::values, run_input_known, "name the child, start"},
    Transition{K::run_workflow, S::starting, T::child_begun, run_begun, "wait for it, or fault"},
    Transition{K::run_workflow, S::starting, T::recovered, run_begin_again, "start it once more"},
    Transition{K::run_workflow, S::awaiting, T::child_over, run_over, "complete, or fault"},
};
// clang-format on

constexpr std::size_t kinds = 14;
constexpr std::size_t stages = 20;
constexpr std::size_t triggers = 20;

// The table by place: looked up several times for each task. Filled row by row: a search for every
// place takes more steps than clang allows a constant.
class Index {
 public:
  constexpr Index() {
    for (auto& row : rows_)
      row = -1;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table[i].kind != TaskKind::any) fill(i, static_cast<std::size_t>(table[i].kind));
    }
    // What holds for any kind comes last: a kind's own row goes before.
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table[i].kind != TaskKind::any) continue;
      for (std::size_t kind = 0; kind < kinds; ++kind)
        fill(i, kind);
    }
  }
  [[nodiscard]] constexpr int row(TaskKind kind, Stage stage, Trigger trigger) const {
    auto const at =
        (static_cast<std::size_t>(kind) * stages + static_cast<std::size_t>(stage)) * triggers +
        static_cast<std::size_t>(trigger);
    return rows_[at];
  }

 private:
  // The first row of the table wins.
  constexpr void fill(std::size_t at, std::size_t kind) {
    Transition const& row = table[at];
    for (std::size_t stage = 0; stage < stages; ++stage) {
      if (row.stage && static_cast<std::size_t>(*row.stage) != stage) continue;
      auto& place =
          rows_[(kind * stages + stage) * triggers + static_cast<std::size_t>(row.trigger)];
      if (place < 0) place = static_cast<signed char>(at);
    }
  }

  std::array<signed char, kinds * stages * triggers> rows_{};
};
static_assert(table.size() < 127);
static_assert(static_cast<std::size_t>(TaskKind::run_workflow) + 1 == kinds);
static_assert(static_cast<std::size_t>(Stage::exporting) + 1 == stages);
static_assert(static_cast<std::size_t>(Trigger::child_over) + 1 == triggers);

}  // namespace

std::span<Transition const> transitions() { return table; }

int find_transition(TaskKind kind, Stage stage, Trigger trigger) {
  static constexpr Index index;
  return index.row(kind, stage, trigger);
}

}  // namespace fairlead::run
