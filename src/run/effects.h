// The effects of a run, read off its journal: what it did outside, what of it is not known, and
// where its tasks began.
//
// For the preview of a replay, for a person who settles an uncertain effect, for the API. Folds the
// journal, so it costs as much as reading the run back. look_back() is pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "run/advance.h"
#include "workflow/document.h"

namespace fairlead::run {

struct EffectSeen {
  std::string place;  // Machine::place_of: pointer and loop rounds
  std::string task;   // pointer
  std::string call;   // "create-issue:1.0.0@gitlab"
  std::string connection;
  std::string marker;  // names it
  std::string digest;  // of its arguments
  Json arguments;
  action::Effect effect{action::Effect::creates};
  Time first_attempt_at{};
  std::int64_t seq{0};  // of the newest entry about it
  // done: by this run. adopted: of an earlier attempt or run. open: under way. unknown: nobody
  // knows. failed: it happened, and what it began failed. not_done: it surely did not happen.
  enum class State { done, adopted, open, unknown, failed, not_done } state{State::open};
  Json output;         // done, adopted
  Json wait_state;     // of what it began and waits for
  Json candidates;     // unknown: what it may be, if the action found some
  bool parked{false};  // a person may decide now
};
std::string_view to_string(EffectSeen::State state);

// Where a task of the workflow's own list began, the last time it did.
struct Beginning {
  std::string task;  // pointer
  Json input;        // before input.from
  Json context;
  std::int64_t seq{0};
};

struct LookBack {
  RunState state;                   // as the journal leaves it
  std::vector<EffectSeen> effects;  // in the order they began; no reads
  std::vector<Beginning> beginnings;
};

// What kind of effect a call has: the journal says it only of those that were answered.
using EffectOf = std::function<action::Effect(workflow::CallTask const&)>;
Result<LookBack> look_back(RunState fresh, std::span<store::JournalEntry const> journal,
                           EffectOf const& effect_of);

// A link to what an output describes, "" if there is none.
std::string link_of(Json const& output);

}  // namespace fairlead::run
