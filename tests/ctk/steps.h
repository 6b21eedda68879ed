// Steps: the sentences that scenarios are made of, each a row of a table: pattern, meaning.
//
// Patterns hold {word}, {text} ('quoted'), {list} ('a', 'b'), {number}, {duration} (PT5M, 5
// minutes) and end where the sentence ends; a doc string or table is not part of it.
// The rows stand in given_steps.cpp, when_steps.cpp and then_steps.cpp; tests/ctk/README.md lists
// them. Single-threaded.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gherkin.h"
#include "world.h"

namespace fairlead::ctk {

// What a sentence gave for its pattern, and what it carries.
struct Arguments {
  std::vector<std::string> values;  // of the placeholders, in order, without quotes
  Step const* step{nullptr};

  [[nodiscard]] std::string const& operator[](std::size_t index) const { return values[index]; }
  [[nodiscard]] int number(std::size_t index) const;
  [[nodiscard]] Milliseconds duration(std::size_t index) const;
  [[nodiscard]] std::vector<std::string> list(std::size_t index) const;
  // The doc string as text; invalid_input if there is none.
  [[nodiscard]] Result<std::string> text() const;
  // The doc string read as YAML or JSON; an empty one is null.
  [[nodiscard]] Result<Json> value() const;
};

struct StepRow {
  std::string_view pattern;
  Result<void> (*run)(World&, Arguments const&);
};

std::span<StepRow const> given_steps();
std::span<StepRow const> when_steps();
std::span<StepRow const> then_steps();

// The placeholders' values if the sentence fits the pattern.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view sentence);

// Errors: not_found (no such step; names the nearest one), and what the step itself finds wrong.
Result<void> perform(World& world, Step const& step);

// A failed comparison, both sides written out.
Error mismatch(std::string what, Json const& expected, Json const& actual);

}  // namespace fairlead::ctk
