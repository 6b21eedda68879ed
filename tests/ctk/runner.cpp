#include "runner.h"

#include <algorithm>

#include "base/text.h"
#include "gherkin.h"
#include "steps.h"

namespace fairlead::ctk {
namespace {

using Outcome = ScenarioResult::Outcome;

ScenarioResult run_scenario(Scenario const& scenario, WorldParts const& parts) {
  ScenarioResult result{.scenario = scenario.name, .line = scenario.line};
  World world(parts);
  for (auto const& step : scenario.steps) {
    auto done = perform(world, step);
    if (done.ok()) continue;
    result.outcome = Outcome::failed;
    result.failure = step.keyword + " " + step.text + "   (line " + std::to_string(step.line) +
                     ")\n" + describe(done.error());
    return result;
  }
  // A scenario without a step proves nothing.
  if (scenario.steps.empty()) {
    result.outcome = Outcome::failed;
    result.failure = "The scenario has no steps.";
  }
  return result;
}

std::string indented(std::string_view text) {
  std::string out;
  for (auto const& line : split(text, '\n'))
    out += "        " + line + "\n";
  return out;
}

}  // namespace

std::vector<ScenarioResult> run_feature(std::string_view text, WorldParts const& parts,
                                        RunOptions const& options) {
  auto feature = parse_feature(text);
  if (!feature.ok()) {
    return {{.outcome = Outcome::failed,
             .scenario = "the file as a whole",
             .failure = describe(feature.error())}};
  }
  std::vector<ScenarioResult> results;
  for (auto const& scenario : feature->scenarios) {
    if (scenario.name.find(options.filter) == std::string::npos) continue;
    bool const pending = std::ranges::find(scenario.tags, "@pending") != scenario.tags.end();
    if (pending && options.pending == RunOptions::Pending::skip) {
      results.push_back(
          {.outcome = Outcome::skipped, .scenario = scenario.name, .line = scenario.line});
      continue;
    }
    results.push_back(run_scenario(scenario, parts));
  }
  return results;
}

std::string report(std::string_view file, std::vector<ScenarioResult> const& results) {
  std::string text = std::string(file) + "\n";
  for (auto const& result : results) {
    switch (result.outcome) {
      case Outcome::passed:
        text += "  ok    " + result.scenario + "\n";
        break;
      case Outcome::skipped:
        text += "  skip  " + result.scenario + " (@pending)\n";
        break;
      case Outcome::failed:
        text += "  FAIL  " + result.scenario + "   (" + std::string(file) + ":" +
                std::to_string(result.line) + ")\n" + indented(result.failure);
        break;
    }
  }
  return text;
}

}  // namespace fairlead::ctk
