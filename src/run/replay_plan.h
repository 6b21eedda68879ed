// ReplayPlan: how a run that repeats another one differs from a fresh one.
//
// Written into the new run's first journal entry, so that the new run needs the old one no more:
// which task it begins with, in which state, and what becomes of each effect the old run had from
// there on. Made by run/replays.h. Pure data; any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"

namespace fairlead::run {

// An effect of the old run that the new one comes to.
struct PlannedEffect {
  std::string call;  // as written: "create-issue:1.0.0@gitlab"; another one there makes it void
  std::string marker;
  Time first_attempt_at{};
  std::string digest;  // of the old arguments
  // adopt: `output` is taken and nothing is sent. look_up: whether it took effect was not known;
  // it is looked for by its old marker, then sent. repeat: a new effect.
  enum class Choice { adopt, look_up, repeat } choice{Choice::adopt};
  Json output;
  Json wait_state;  // adopt: it waited for something; goes on with that, has no output yet
};

struct ReplayPlan {
  RunId of;
  std::string from;  // pointer of the first task; "": the beginning
  Json input;        // of that task
  Json context;      // $context before it
  // By place (Machine::place_of), in the order the old run had them there.
  std::map<std::string, std::vector<PlannedEffect>, std::less<>> effects;
};

Json to_json(ReplayPlan const& plan);
std::shared_ptr<ReplayPlan const> replay_plan_from(Json const& json);
std::string_view to_string(PlannedEffect::Choice choice);

}  // namespace fairlead::run
