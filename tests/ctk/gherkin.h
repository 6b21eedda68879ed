// Gherkin: the text of a feature file -> scenarios as plain data, ready to be run.
//
// Read here: Feature, Rule, Background, Scenario, Scenario Outline with Examples, tags, comments,
// steps with a doc string (""" or ```, with a media type) or a table. Outlines are expanded and
// backgrounds put in front, so that a runner sees steps only. Pure; any thread.
// Source: the Gherkin reference of Cucumber (cucumber.io/docs/gherkin/reference), English keywords.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fairlead::ctk {

struct Step {
  std::string keyword;  // "Given", "When", "Then", "And", "But", "*"
  std::string text;     // what follows it
  int line{0};
  std::optional<std::string> doc;  // the doc string, its indentation taken off
  std::string media_type;          // of the doc string, "" if not written
  std::vector<std::vector<std::string>> table;
};

struct Scenario {
  std::string name;
  std::string rule;               // the Rule it stands under, "" for none
  std::vector<std::string> tags;  // with those of the feature, "@pending"
  std::vector<Step> steps;        // background first
  int line{0};
};

struct Feature {
  std::string name;
  std::vector<Scenario> scenarios;
};

// More scenarios than this in one file, outlines expanded, is a mistake.
inline constexpr std::size_t scenarios_max = 10'000;

// Errors: invalid_input, `where` is "line 12".
Result<Feature> parse_feature(std::string_view text);

}  // namespace fairlead::ctk
