// Runner: plays feature files, scenario by scenario, and says what came out.
//
// Each scenario has a world of its own (world.h). A scenario tagged @pending is shown as skipped
// and never counts as passed; one whose step is unknown has failed, and so has a file that cannot
// be read as Gherkin. Single-threaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "world.h"

namespace fairlead::ctk {

struct ScenarioResult {
  enum class Outcome { passed, failed, skipped } outcome{Outcome::passed};
  std::string scenario;
  int line{0};
  std::string failure;  // the step and what was wrong with it
};

struct RunOptions {
  // Only scenarios whose name contains it.
  std::string filter;
  // Play @pending scenarios too: shows which of them would pass.
  enum class Pending { skip, run } pending{Pending::skip};
};

std::vector<ScenarioResult> run_feature(std::string_view text, WorldParts const& parts,
                                        RunOptions const& options = {});

// Lines for a terminal: one a scenario, a failure indented below it.
std::string report(std::string_view file, std::vector<ScenarioResult> const& results);

}  // namespace fairlead::ctk
