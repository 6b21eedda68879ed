#include "run/children.h"

#include <cstdio>
#include <string>
#include <utility>

namespace fairlead::run {
namespace {

constexpr std::string_view ended = "child:";
constexpr std::string_view cancel = "cancel:";
constexpr std::string_view hold = "hold:";

// `rest` of "hold:<run>:<seq>:pause"
What hold_in(std::string_view rest) {
  RunId const parent{std::string(rest.substr(0, rest.find(':')))};
  std::string const who = "run " + parent.text + ", which started it";
  if (rest.ends_with(":pause")) return PauseRequested{.by = who, .reason = "", .parent = parent};
  return ResumeRequested{.reason = "with " + who, .connection = "", .parent = parent};
}

}  // namespace

void tell_parent(store::RunChange& change, RunState const& state) {
  bool const awaited =
      !state.parent.run.empty() && state.parent.await == workflow::RunWorkflowTask::Await::yes;
  if (!awaited || !has_ended(state.status)) return;
  change.timers_set.push_back({.run = state.parent.run,
                               .key = std::string(ended) + state.id.text,
                               .due_at = *state.ended_at});
}

store::TimerRecord cancel_timer(RunId const& child, RunId const& parent, Time now) {
  return {.run = child, .key = std::string(cancel) + parent.text, .due_at = now};
}

store::TimerRecord hold_timer(HoldRun const& wanted, RunId const& parent, std::int64_t seq,
                              Time now) {
  char number[24];
  std::snprintf(number, sizeof number, ":%015lld:", static_cast<long long>(seq));
  std::string const what = wanted.what == HoldRun::What::pause ? "pause" : "resume";
  return {.run = wanted.run, .key = std::string(hold) + parent.text + number + what, .due_at = now};
}

Result<std::optional<What>> told_by(store::TimerRecord const& timer, store::RunStore& runs) {
  std::string_view const key = timer.key;
  if (key.starts_with(cancel)) {
    return std::optional<What>(
        CancelRequested{"run " + std::string(key.substr(cancel.size())) + ", which started it"});
  }
  if (key.starts_with(hold)) return std::optional<What>(hold_in(key.substr(hold.size())));
  if (!key.starts_with(ended)) return std::optional<What>();
  RunId const child{std::string(key.substr(ended.size()))};
  FAIRLEAD_TRY(auto row, runs.get(child));
  auto const status = run_status_from(row.status);
  if (!status || !has_ended(*status)) {
    return make_error(ErrorKind::corrupt,
                      "Run " + child.text + " is said to have ended, but is " + row.status + ".");
  }
  return std::optional<What>(ChildEnded{.run = child,
                                        .status = *status,
                                        .output = std::move(row.output),
                                        .problem = std::move(row.error)});
}

}  // namespace fairlead::run
