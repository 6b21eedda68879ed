// Replays: runs a run again, as a new run that knows which effects are there already.
//
// Whole or from a task, with the old input or another, on the same version or another. What the old
// run created is adopted unless the caller says otherwise: its output is taken, nothing is sent.
// preview() says beforehand what will become of each effect; start() does it. Thread-safe; blocks
// on the store and reads whole journals: for callers with a thread of their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/effects.h"
#include "run/engine.h"
#include "run/replay_plan.h"

namespace fairlead::run {

// Longest journal that is read back for it.
inline constexpr std::int64_t replay_entries_max = 200'000;

struct ReplayRequest {
  RunId run;
  std::string from;           // a task of the workflow's own list: name or pointer; "": the start
  std::optional<Json> input;  // else the old one: of the run, or of that task
  std::string version;        // "": the same; "latest"
  // For all effects; nothing: adopt what was created, do again what was changed or deleted.
  enum class Effects { by_kind, adopt, repeat } effects{Effects::by_kind};
  // For single ones, by marker.
  std::map<std::string, PlannedEffect::Choice> choices;
};

struct ReplayEffect {
  EffectSeen effect;
  // keep: it lies before the first task, the new run does not come to it.
  enum class Fate { keep, adopt, look_up, repeat } fate{Fate::keep};
};
std::string_view to_string(ReplayEffect::Fate fate);

struct ReplayPreview {
  DocumentPtr document;  // of the version to run
  ReplayPlan plan;
  Json input;  // of the new run
  std::vector<ReplayEffect> effects;
};

class Replays {
 public:
  struct Parts {
    Engine& engine;
    store::RunStore& runs;
    WorkflowLibrary& library;
    action::Invoker const& invoker;
  };
  explicit Replays(Parts parts) : parts_(parts) {}

  // not_found; corrupt (journal); unavailable.
  Result<std::vector<EffectSeen>> effects(RunId const& run);
  // As above; conflict: the run has not ended; invalid_input: no such task, or one a run cannot
  // begin with, or a choice for an effect there is not.
  Result<ReplayPreview> preview(ReplayRequest const& request);
  // The new run, durable.
  Result<RunId> start(ReplayRequest const& request, std::string const& by);
  // The marker of the one parked effect at `task` (pointer or name; "": of the run). not_found,
  // conflict: there are several.
  Result<EffectSeen> parked_effect(RunId const& run, std::string const& task);

 private:
  Result<LookBack> look_back_at(store::RunRecord const& run);

  Parts parts_;
};

}  // namespace fairlead::run
