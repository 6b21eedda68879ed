#include "steps.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/text.h"
#include "workflow/duration.h"
#include "workflow/yaml.h"

namespace fairlead::ctk {
namespace {

std::size_t word_end(std::string_view text, std::size_t from) {
  return std::min(text.find_first_of(" :", from), text.size());
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.size() < 10 && std::ranges::all_of(text, [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

// Behind the closing quote, or nothing.
std::optional<std::size_t> quoted_end(std::string_view text, std::size_t from) {
  if (from >= text.size() || (text[from] != '\'' && text[from] != '"')) return std::nullopt;
  auto const end = text.find(text[from], from + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return end + 1;
}

std::optional<std::size_t> list_end(std::string_view text, std::size_t from) {
  auto end = quoted_end(text, from);
  while (end) {
    auto next = *end;
    while (next < text.size() && (text[next] == ',' || text[next] == ' '))
      ++next;
    auto const more = next > *end ? quoted_end(text, next) : std::nullopt;
    if (!more) return end;
    end = more;
  }
  return std::nullopt;
}

std::optional<Milliseconds> duration_of(std::string_view text) {
  if (text.starts_with('P')) {
    auto parsed = workflow::parse_duration(text);
    return parsed.ok() ? std::optional(*parsed) : std::nullopt;
  }
  auto const blank = text.find(' ');
  if (blank == std::string_view::npos || !all_digits(text.substr(0, blank))) return std::nullopt;
  auto const count = std::stoll(std::string(text.substr(0, blank)));
  auto unit = text.substr(blank + 1);
  if (unit.ends_with('s')) unit.remove_suffix(1);
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{{{"millisecond", 1},
                                                                            {"second", 1'000},
                                                                            {"minute", 60'000},
                                                                            {"hour", 3'600'000},
                                                                            {"day", 86'400'000}}};
  for (auto const& [name, ms] : units) {
    if (unit == name) return Milliseconds(count * ms);
  }
  return std::nullopt;
}

// "PT5M" or "5 minutes".
std::optional<std::size_t> duration_end(std::string_view text, std::size_t from) {
  auto end = word_end(text, from);
  if (text.substr(from).starts_with('P')) {
    return duration_of(text.substr(from, end - from)) ? std::optional(end) : std::nullopt;
  }
  if (end >= text.size()) return std::nullopt;
  end = word_end(text, end + 1);
  return duration_of(text.substr(from, end - from)) ? std::optional(end) : std::nullopt;
}

std::optional<std::size_t> value_end(std::string_view kind, std::string_view text,
                                     std::size_t from) {
  if (kind == "text") return quoted_end(text, from);
  if (kind == "list") return list_end(text, from);
  if (kind == "duration") return duration_end(text, from);
  auto const end = word_end(text, from);
  if (end == from) return std::nullopt;
  if (kind == "number" && !all_digits(text.substr(from, end - from))) return std::nullopt;
  return end;
}

// Without "given", which the public scenarios say twice ("And given ..."), and a colon at the end.
std::string_view sentence_of(Step const& step) {
  std::string_view text = step.text;
  if (text.starts_with("given ")) text.remove_prefix(6);
  if (text.ends_with(':')) text.remove_suffix(1);
  return trim(text);
}

std::vector<StepRow> all_rows() {
  std::vector<StepRow> rows;
  for (auto const& group : {given_steps(), when_steps(), then_steps()})
    rows.insert(rows.end(), group.begin(), group.end());
  return rows;
}

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  for (auto const& word : split(text, ' ')) {
    if (!word.starts_with('{') && !word.starts_with('\'')) words.insert(to_lower_ascii(word));
  }
  return words;
}

// The pattern that shares most of its words with the sentence.
std::string nearest_pattern(std::string_view sentence) {
  auto const wanted = words_of(sentence);
  std::string best;
  double best_score = -1;
  for (auto const& row : all_rows()) {
    auto const words = words_of(row.pattern);
    double common = 0;
    for (auto const& word : words)
      common += wanted.contains(word) ? 1 : 0;
    double const score =
        common / static_cast<double>(std::max<std::size_t>(words.size() + wanted.size(), 1));
    if (score <= best_score) continue;
    best_score = score;
    best = row.pattern;
  }
  return best;
}

}  // namespace

int Arguments::number(std::size_t index) const { return std::stoi(values[index]); }

Milliseconds Arguments::duration(std::size_t index) const {
  return duration_of(values[index]).value_or(Milliseconds(0));
}

std::vector<std::string> Arguments::list(std::size_t index) const {
  std::vector<std::string> items;
  std::string_view const text = values[index];
  for (std::size_t at = 0; at < text.size();) {
    auto const end = quoted_end(text, at);
    if (!end) {
      ++at;
      continue;
    }
    items.emplace_back(text.substr(at + 1, *end - at - 2));
    at = *end;
  }
  return items;
}

Result<std::string> Arguments::text() const {
  if (step->doc) return *step->doc;
  return invalid_input("", "The step needs a doc string below it.");
}

Result<Json> Arguments::value() const {
  FAIRLEAD_TRY(auto written, text());
  if (trim(written).empty()) return Json();
  FAIRLEAD_TRY(auto node, workflow::parse_yaml(written));
  return workflow::to_json(node);
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view sentence) {
  std::vector<std::string> values;
  std::size_t at = 0;
  while (!pattern.empty()) {
    if (pattern[0] != '{') {
      if (at >= sentence.size() || sentence[at] != pattern[0]) return std::nullopt;
      ++at;
      pattern.remove_prefix(1);
      continue;
    }
    auto const close = pattern.find('}');
    auto const kind = pattern.substr(1, close - 1);
    auto const end = value_end(kind, sentence, at);
    if (!end) return std::nullopt;
    auto value = sentence.substr(at, *end - at);
    if (kind == "text") value = value.substr(1, value.size() - 2);
    values.emplace_back(value);
    at = *end;
    pattern.remove_prefix(close + 1);
  }
  if (at != sentence.size()) return std::nullopt;
  return values;
}

Result<void> perform(World& world, Step const& step) {
  auto const sentence = sentence_of(step);
  for (auto const& row : all_rows()) {
    auto values = match(row.pattern, sentence);
    if (!values) continue;
    return row.run(world, Arguments{.values = std::move(*values), .step = &step});
  }
  return make_error(ErrorKind::not_found,
                    "There is no such step. The nearest one is: " + nearest_pattern(sentence));
}

Error mismatch(std::string what, Json const& expected, Json const& actual) {
  return invalid_input(
      "", std::move(what) + "\nexpected: " + expected.pretty() + "\nactual:   " + actual.pretty());
}

}  // namespace fairlead::ctk
