#include "tests/sim/setting.h"

#include <algorithm>
#include <cstdio>

namespace fairlead::sim {

std::vector<MutationName> const& mutations() {
  using enum Mutation;
  static std::vector<MutationName> const all{
      {commit_after_execute, "commit-after-execute",
       "the store says done before the batch is applied"},
      {event_mark_dropped, "event-mark-dropped", "an event's mark is not part of its commit"},
      {timer_lost, "timer-lost", "timers armed before a restart are not seen after it"},
      {find_existing_skipped, "find-existing-skipped",
       "an uncertain effect is sent again without a look-up"},
      {marker_renewed, "marker-renewed", "every attempt at an effect gets another marker"},
      {uncertain_as_refused, "uncertain-as-refused",
       "\"may have taken effect\" is taken for \"surely did not\""},
      {token_pair_forgotten, "token-pair-forgotten",
       "a new token pair is used before it is stored"},
      {answer_before_append, "answer-before-append",
       "an event is acknowledged before it is durable"},
      {recovery_incomplete, "recovery-incomplete",
       "runs in the middle of a step are not picked up after a restart"},
      {early_resend, "early-resend",
       "an effect is sent again while the first request may still be on its way"},
      {child_not_born, "child-not-born", "a child run is not part of its parent's commit"},
      {schedule_not_moved, "schedule-not-moved", "a start by time does not move its schedule on"},
      {decision_not_stored, "decision-not-stored", "a decision is confirmed before it is durable"},
      {cancel_forgotten, "cancel-forgotten",
       "what a cancelled run must cancel outside is not remembered over a crash"},
      {unheard_kept, "unheard-kept",
       "a cancelled run forgets the pipeline of whose start it had not heard"},
  };
  return all;
}

Trace::Trace(testing::VirtualClock const& clock, Keep keep)
    : clock_(clock), start_(clock.steady()), keep_(keep) {}

void Trace::line(std::string_view what) {
  char stamp[32];
  auto const ms = (clock_.steady() - start_).count();
  std::snprintf(stamp, sizeof stamp, "%9lld.%03d  ", static_cast<long long>(ms / 1'000),
                static_cast<int>(ms % 1'000));
  std::string text = std::string(stamp) + std::string(what) + "\n";
  for (char const c : text)
    hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  ++lines_;
  if (keep_ == Keep::text) text_ += text;
}

void Setting::die(std::string_view where) {
  if (dead) return;
  dead = true;
  trace.line("CRASH " + std::string(where));
}

void Setting::violation(std::string what) {
  if (std::find(violations.begin(), violations.end(), what) != violations.end()) return;
  trace.line("VIOLATION " + what);
  if (violations.size() < violations_max) violations.push_back(std::move(what));
}

}  // namespace fairlead::sim
