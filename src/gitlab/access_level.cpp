#include "gitlab/access_level.h"

#include <array>

#include "base/text.h"

namespace fairlead::gitlab {
namespace {

struct Known {
  std::int64_t value;
  std::string_view word;
  std::string_view label;
  enum class Ladder { step, beside } ladder{Ladder::step};
};

constexpr std::array<Known, 8> known_levels{
    {{5, "minimal", "Minimal access"},
     {10, "guest", "Guest"},
     {15, "planner", "Planner", Known::Ladder::beside},
     {20, "reporter", "Reporter"},
     {25, "security_manager", "Security Manager", Known::Ladder::beside},
     {30, "developer", "Developer"},
     {40, "maintainer", "Maintainer"},
     {50, "owner", "Owner"}}};
constexpr std::int64_t level_min = 5;
constexpr std::int64_t level_max = 99;

Known const* known(std::int64_t value) {
  for (Known const& level : known_levels) {
    if (level.value == value) return &level;
  }
  return nullptr;
}

bool on_ladder(AccessLevel level) {
  Known const* entry = known(level.value);
  return entry != nullptr && entry->ladder == Known::Ladder::step;
}

std::string spelled(std::string_view text) {
  std::string out = to_lower_ascii(trim(text));
  for (char& c : out) {
    if (c == ' ' || c == '-') c = '_';
  }
  return out == "minimal_access" ? "minimal" : out;
}

}  // namespace

std::string words_for(AccessLevel level) {
  Known const* entry = known(level.value);
  if (entry == nullptr) return "level " + std::to_string(level.value);
  return std::string(entry->label) + " (" + std::to_string(level.value) + ")";
}

Comparison compare(AccessLevel a, AccessLevel b) {
  if (a == b) return Comparison::same;
  if (!on_ladder(a) || !on_ladder(b)) return Comparison::unknown;
  return a.value < b.value ? Comparison::lower : Comparison::higher;
}

}  // namespace fairlead::gitlab

namespace fairlead::schema {

void Codec<gitlab::AccessLevel>::decode(Json const& json, gitlab::AccessLevel& out,
                                        Reader& reader) {
  using namespace gitlab;
  bool const number = json.is_integer();
  auto const digits = Json::parse(json.as_string());
  std::int64_t const value = number ? json.as_integer() : digits.ok() ? digits->as_integer() : 0;
  if (value >= level_min && value <= level_max) {
    out.value = value;
    return;
  }
  std::string const word = spelled(json.as_string());
  for (Known const& level : known_levels) {
    if (level.word == word) {
      out.value = level.value;
      return;
    }
  }
  reader.wrong_type(
      "guest (10), planner (15), reporter (20), developer (30), maintainer (40), owner (50) or a "
      "number",
      json);
}

Json Codec<gitlab::AccessLevel>::schema(Unknown) {
  Json choices = Json::array();
  for (auto const& level : gitlab::known_levels) {
    choices.push_back(Json::object({{"const", level.value}, {"title", level.label}}));
  }
  Json const type = Json::object({{"type", Json::array({"string", "integer"})}});
  return with_hint(type, "choices", std::move(choices));
}

}  // namespace fairlead::schema
