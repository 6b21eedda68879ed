// Workload: the workflows of one simulation, grown from its seed.
//
// Each generator in the table of workload.cpp makes one kind of task; a new kind of the language is
// one function and one line there. Documents are written as JSON, which is YAML. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "tests/sim/dice.h"

namespace fairlead::sim {

struct Workflow {
  std::string name;
  std::string starts_on;  // event type; "": no event starts it
  std::string source;
};

// The incident template, a few random trees of tasks, the workflow that hears what they emit, one
// that they run, and now and then one that time starts and one that GitLab's webhooks start.
std::vector<Workflow> make_workflows(Dice& dice);
// Data of an event for any of them.
Json make_event_data(Dice& dice);

inline constexpr std::string_view incident_type = "com.example.incident.opened";
inline constexpr std::string_view sink_type = "sim.sink";
// Starts nothing: heard by runs that listen.
inline constexpr std::string_view wake_type = "sim.wake";
// As GitLab's webhooks bring it.
inline constexpr std::string_view pipeline_type = "com.gitlab.pipeline";
inline constexpr std::string_view leaf_name = "leaf";
inline constexpr std::string_view clock_name = "clockwork";

}  // namespace fairlead::sim
