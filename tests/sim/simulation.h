// Simulation: one seed, from the first event to the last check.
//
// A script of events, cancels, kills and clock jumps is drawn from the seed and played against the
// real engine in virtual time, in a rough world. Then the world calms down and all must settle. The
// same seed gives the same trace, byte for byte. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "expression/evaluator.h"
#include "tests/sim/setting.h"

namespace fairlead::sim {

struct SimulationOptions {
  std::uint64_t seed{1};
  Mutation mutation{Mutation::none};
  Trace::Keep trace{Trace::Keep::hash_only};
  // For shrinking: only so many of the script's events are played; 0: all.
  int events_max{0};
  // For shrinking: shares of trouble are divided by this.
  int gentler{1};
};

struct SimulationResult {
  std::vector<std::string> violations;
  std::uint64_t trace_hash{0};
  std::string trace;
  int events{0};
  std::size_t runs{0};
  int starts{0};  // of the process
  int writes{0};
  int requests{0};
  int faults{0};
  std::size_t effects{0};
  int webhooks{0};
  int decisions{0};
  Milliseconds virtual_time{0};
};

// What does not change between seeds and is dear to make.
struct Shared {
  action::Catalogue const& catalogue;
  expression::Evaluator& evaluator;
};

SimulationResult simulate(SimulationOptions const& options, Shared const& shared);

}  // namespace fairlead::sim
