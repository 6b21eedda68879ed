#include "gherkin.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace fairlead::ctk {
namespace {

constexpr std::array<std::string_view, 6> step_keywords{"Given ", "When ", "Then ",
                                                        "And ",   "But ",  "* "};

Error at_line(int line, std::string message) {
  return invalid_input("line " + std::to_string(line), std::move(message));
}

// Text behind "Scenario:" and the like; nothing if the line does not begin with the keyword.
std::optional<std::string> after(std::string_view line, std::string_view keyword) {
  if (!line.starts_with(keyword) || line.size() <= keyword.size() || line[keyword.size()] != ':')
    return std::nullopt;
  return std::string(trim(line.substr(keyword.size() + 1)));
}

std::optional<std::string> after_any(std::string_view line,
                                     std::initializer_list<std::string_view> keywords) {
  for (auto const keyword : keywords) {
    if (auto text = after(line, keyword)) return text;
  }
  return std::nullopt;
}

// "| a | b\|c |" -> cells.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size()) {
      char const next = row[++i];
      if (next != 'n' && next != '|' && next != '\\') cell += '\\';
      cell += next == 'n' ? '\n' : next;
    } else if (row[i] == '|') {
      cells.emplace_back(trim(cell));
      cell.clear();
    } else {
      cell += row[i];
    }
  }
  return cells;
}

using Rows = std::vector<std::vector<std::string>>;

// A scenario as written, before its outline is expanded.
struct Written {
  Scenario scenario;
  std::vector<std::pair<std::vector<std::string>, Rows>> examples;  // tags, rows
  bool outline{false};
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(split(text, '\n')) {}
  Result<Feature> parse();

 private:
  enum class Place { start, feature, background, scenario, examples };

  Result<void> line(std::string_view text);
  bool header(std::string_view text);
  Result<void> step(std::string_view text);
  Result<void> row(std::string_view text);
  Result<void> doc(std::string_view fence);
  void begin_scenario(std::string name, bool outline);
  Result<void> finish_scenario();
  Result<void> add(Scenario scenario);
  Result<void> expand(Written const& written);
  std::vector<Step>* steps();

  std::vector<std::string> lines_;
  std::size_t next_{0};
  Feature feature_;
  Place place_{Place::start};
  std::vector<std::string> tags_;  // waiting for what they stand above
  std::vector<std::string> feature_tags_;
  std::string rule_;
  std::vector<std::string> rule_tags_;
  std::vector<Step> background_;
  std::vector<Step> rule_background_;
  std::optional<Written> written_;
};

std::vector<Step>* Parser::steps() {
  if (place_ == Place::background) return rule_.empty() ? &background_ : &rule_background_;
  return place_ == Place::scenario ? &written_->scenario.steps : nullptr;
}

void Parser::begin_scenario(std::string name, bool outline) {
  written_.emplace();
  written_->outline = outline;
  auto& scenario = written_->scenario;
  scenario.name = std::move(name);
  scenario.rule = rule_;
  scenario.line = static_cast<int>(next_);
  for (auto const* tags : {&feature_tags_, &rule_tags_, &tags_})
    scenario.tags.insert(scenario.tags.end(), tags->begin(), tags->end());
  tags_.clear();
  place_ = Place::scenario;
}

void replace_all(std::string& text, std::string const& from, std::string const& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

void fill_in(Step& step, std::vector<std::string> const& names,
             std::vector<std::string> const& values) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string const name = "<" + names[i] + ">";
    replace_all(step.text, name, values[i]);
    if (step.doc) replace_all(*step.doc, name, values[i]);
    for (auto& cells : step.table) {
      for (auto& cell : cells)
        replace_all(cell, name, values[i]);
    }
  }
}

Result<void> Parser::add(Scenario scenario) {
  if (feature_.scenarios.size() >= scenarios_max)
    return at_line(scenario.line, "The file has more than 10,000 scenarios.");
  auto steps = background_;
  steps.insert(steps.end(), rule_background_.begin(), rule_background_.end());
  steps.insert(steps.end(), scenario.steps.begin(), scenario.steps.end());
  scenario.steps = std::move(steps);
  feature_.scenarios.push_back(std::move(scenario));
  return {};
}

Result<void> Parser::expand(Written const& written) {
  if (written.examples.empty())
    return at_line(written.scenario.line, "The scenario outline has no examples.");
  for (auto const& [tags, rows] : written.examples) {
    if (rows.empty()) return at_line(written.scenario.line, "The examples have no header row.");
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].size() != rows[0].size())
        return at_line(written.scenario.line, "A row of the examples has another length.");
      Scenario scenario = written.scenario;
      scenario.tags.insert(scenario.tags.end(), tags.begin(), tags.end());
      scenario.name += " (" + join(rows[i], ", ") + ")";
      for (auto& step : scenario.steps)
        fill_in(step, rows[0], rows[i]);
      FAIRLEAD_CHECK(add(std::move(scenario)));
    }
  }
  return {};
}

Result<void> Parser::finish_scenario() {
  if (!written_) return {};
  auto written = std::move(*written_);
  written_.reset();
  if (written.outline || !written.examples.empty()) return expand(written);
  return add(std::move(written.scenario));
}

Result<void> Parser::doc(std::string_view fence) {
  auto* where = steps();
  int const opened = static_cast<int>(next_);
  if (where == nullptr || where->empty())
    return at_line(opened, "A doc string stands where there is no step.");
  auto const& opener = lines_[next_ - 1];
  auto const indent = opener.find(fence);
  where->back().media_type = std::string(trim(std::string_view(opener).substr(indent + 3)));
  std::string text;
  for (; next_ < lines_.size(); ++next_) {
    std::string_view line = lines_[next_];
    if (trim(line) == fence) {
      ++next_;
      where->back().doc = std::move(text);
      return {};
    }
    std::size_t blanks = 0;
    while (blanks < indent && blanks < line.size() && (line[blanks] == ' ' || line[blanks] == '\t'))
      ++blanks;
    if (line.ends_with('\r')) line.remove_suffix(1);
    text += std::string(line.substr(std::min(blanks, line.size()))) + "\n";
  }
  return at_line(opened, "The doc string that begins here is never closed.");
}

Result<void> Parser::row(std::string_view text) {
  if (!text.ends_with('|')) return at_line(static_cast<int>(next_), "A table row must end in '|'.");
  if (place_ == Place::examples) {
    written_->examples.back().second.push_back(cells_of(text));
    return {};
  }
  auto* where = steps();
  if (where == nullptr || where->empty())
    return at_line(static_cast<int>(next_), "A table row stands where there is no step.");
  where->back().table.push_back(cells_of(text));
  return {};
}

Result<void> Parser::step(std::string_view text) {
  auto* where = steps();
  for (auto const keyword : step_keywords) {
    if (!text.starts_with(keyword)) continue;
    if (where == nullptr)
      return at_line(static_cast<int>(next_), "A step stands outside of a scenario.");
    Step step;
    step.keyword = std::string(trim(keyword));
    step.text = std::string(trim(text.substr(keyword.size())));
    step.line = static_cast<int>(next_);
    where->push_back(std::move(step));
    return {};
  }
  // Free text describes a feature, a rule, or a scenario that has no step yet.
  bool const describes = place_ == Place::feature || (where != nullptr && where->empty());
  if (describes) return {};
  return at_line(static_cast<int>(next_),
                 "'" + shorten(text, 60) + "' begins with none of Given, When, Then, And, But.");
}

// A line that opens a part: true if it was one.
bool Parser::header(std::string_view text) {
  if (auto name = after(text, "Feature")) {
    feature_.name = std::move(*name);
    feature_tags_ = std::exchange(tags_, {});
    place_ = Place::feature;
  } else if (auto rule = after(text, "Rule")) {
    rule_ = std::move(*rule);
    rule_tags_ = std::exchange(tags_, {});
    rule_background_.clear();
    place_ = Place::feature;
  } else if (after(text, "Background")) {
    place_ = Place::background;
  } else if (auto outline = after_any(text, {"Scenario Outline", "Scenario Template"})) {
    begin_scenario(std::move(*outline), true);
  } else if (auto scenario = after_any(text, {"Scenario", "Example"})) {
    begin_scenario(std::move(*scenario), false);
  } else {
    return false;
  }
  return true;
}

Result<void> Parser::line(std::string_view text) {
  if (text.empty() || text.starts_with('#')) return {};
  if (text.starts_with('@')) {
    for (auto const& tag : split(text, ' ')) {
      if (tag.starts_with('#')) break;
      if (!trim(tag).empty()) tags_.emplace_back(trim(tag));
    }
    return {};
  }
  if (text.starts_with("\"\"\"") || text.starts_with("```")) return doc(text.substr(0, 3));
  if (text.starts_with('|')) return row(text);
  if (after_any(text, {"Examples", "Scenarios"})) {
    if (!written_)
      return at_line(static_cast<int>(next_), "Examples stand outside of a scenario outline.");
    written_->examples.emplace_back(std::exchange(tags_, {}), Rows{});
    place_ = Place::examples;
    return {};
  }
  for (auto const* keyword : {"Feature:", "Rule:", "Background:", "Scenario", "Example:"}) {
    if (!text.starts_with(keyword)) continue;
    FAIRLEAD_CHECK(finish_scenario());
    if (header(text)) return {};
  }
  return step(text);
}

Result<Feature> Parser::parse() {
  while (next_ < lines_.size()) {
    auto const text = std::string(trim(lines_[next_++]));
    FAIRLEAD_CHECK(line(text));
  }
  FAIRLEAD_CHECK(finish_scenario());
  if (place_ == Place::start) return at_line(1, "There is no 'Feature:' in this file.");
  return std::move(feature_);
}

}  // namespace

Result<Feature> parse_feature(std::string_view text) { return Parser(text).parse(); }

}  // namespace fairlead::ctk
