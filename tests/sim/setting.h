// Setting: what one simulation shares - time, life and death of the process, faults, the trace.
//
// The "process" under test dies by a flag: from then on nothing it does reaches the store or the
// outside, and the simulation throws it away. That is what a kill -9 looks like from there. One
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pause.h"
#include "testing/virtual_clock.h"

namespace fairlead::sim {

// What is broken on purpose, to show that the simulation would notice.
enum class Mutation {
  none,
  commit_after_execute,   // the store says done before the batch is applied
  event_mark_dropped,     // the event's mark is not part of the commit
  timer_lost,             // after a restart, timers armed before it are not seen
  find_existing_skipped,  // an uncertain effect is sent again without a look-up
  marker_renewed,         // every attempt at an effect gets another marker
  uncertain_as_refused,   // "may have taken effect" is taken for "surely did not"
  token_pair_forgotten,   // a new token pair is used before it is stored
  answer_before_append,   // an event is acknowledged before it is durable
  recovery_incomplete,    // runs in the middle of a step are not picked up after a restart
  early_resend,           // an effect is sent again while the first request may still be on its way
  child_not_born,         // a child run is not part of its parent's commit
  schedule_not_moved,     // a start by time does not move its schedule on
  decision_not_stored,    // a decision is confirmed before it is durable
  cancel_forgotten,       // what a cancelled run must cancel outside is not remembered
  unheard_kept,           // a cancel forgets the request whose answer nobody heard
};
struct MutationName {
  Mutation mutation;
  std::string_view name;
  std::string_view breaks;
};
std::vector<MutationName> const& mutations();

// How rough the world is; shares are per thousand occasions.
struct Roughness {
  int crash_at_write{12};
  int refused_write{8};
  int slow_write{60};
  int fault_at_request{140};
  int crash_at_request{12};
  int yield_at_request{250};
};

class Trace {
 public:
  enum class Keep { hash_only, text };
  Trace(testing::VirtualClock const& clock, Keep keep);

  // One line: "   12.345  commit r1 4..7".
  void line(std::string_view what);
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::string const& text() const { return text_; }

 private:
  testing::VirtualClock const& clock_;
  Milliseconds start_;
  Keep keep_;
  std::uint64_t hash_{0xCBF29CE484222325U};
  std::uint64_t lines_{0};
  std::string text_;
};

struct Setting {
  explicit Setting(Trace::Keep keep) : trace(clock, keep) {}

  testing::VirtualClock clock;
  Trace trace;
  Roughness rough;
  Mutation mutation{Mutation::none};
  enum class Weather { rough, calm } weather{Weather::calm};
  bool dead{false};
  int life{0};          // how often the process has been started
  int pairs_stored{0};  // new token pairs whose storing was confirmed
  std::vector<std::string> violations;
  std::function<void()> yield;  // others get their turn while a request is on its way

  static constexpr std::size_t violations_max = 20;

  [[nodiscard]] bool is_rough() const { return weather == Weather::rough && !dead; }
  void die(std::string_view where);
  void violation(std::string what);
};

// Waits take no real time; a dead process does not wait.
class SimPause final : public Pause {
 public:
  explicit SimPause(Setting& setting) : setting_(setting) {}
  bool wait(Milliseconds duration) override {
    if (setting_.dead) return false;
    setting_.clock.advance(duration);
    return true;
  }

 private:
  Setting& setting_;
};

}  // namespace fairlead::sim
