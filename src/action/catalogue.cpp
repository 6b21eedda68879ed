#include "action/catalogue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "base/assert.h"
#include "base/text.h"

namespace fairlead::action {
namespace {

constexpr std::size_t listed_names_max = 40;

// "1.10.0" above "1.9.0"; what is no number counts as 0.
std::array<int, 3> version_parts(std::string_view version) {
  std::array<int, 3> parts{};
  std::size_t at = 0;
  for (std::string const& text : split(version, '.')) {
    if (at == parts.size()) break;
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    parts[at++] = number;
  }
  return parts;
}

bool comes_before(Action const& a, Action const& b) {
  auto const key = [](ActionInfo const& info) {
    return std::tuple(std::string_view(info.catalog), std::string_view(info.name),
                      version_parts(info.version));
  };
  return key(a.info) < key(b.info);
}

Error unknown(std::string what, std::string_view wanted, std::vector<std::string> const& names) {
  Error error = make_error(ErrorKind::not_found, std::move(what));
  if (auto const nearest = nearest_name(wanted, names)) {
    error.remedy = "Did you mean " + *nearest + "?";
  } else if (!names.empty()) {
    std::size_t const count = std::min(names.size(), listed_names_max);
    error.remedy = "There is " + join(std::span(names).first(count), ", ") + ".";
  }
  return error;
}

}  // namespace

Catalogue::Catalogue(std::vector<Action> actions) : actions_(std::move(actions)) {
  std::ranges::sort(actions_, comes_before);
  auto const twice = std::ranges::adjacent_find(actions_, [](Action const& a, Action const& b) {
    return !comes_before(a, b) && !comes_before(b, a);
  });
  FAIRLEAD_ASSERT(twice == actions_.end(), "no action is twice in the catalogue");
}

Result<Action const*> Catalogue::find(std::string_view catalog, std::string_view name,
                                      std::string_view version) const {
  Action const* found = nullptr;
  std::vector<std::string> versions;
  std::vector<std::string> names;
  std::vector<std::string> catalogs;
  for (Action const& action : actions_) {
    ActionInfo const& info = action.info;
    if (catalogs.empty() || catalogs.back() != info.catalog) catalogs.push_back(info.catalog);
    if (info.catalog != catalog) continue;
    if (names.empty() || names.back() != info.name) names.push_back(info.name);
    if (info.name != name) continue;
    versions.push_back(info.version);
    if (version.empty() || info.version == version) found = &action;  // sorted: the last is newest
  }
  if (found != nullptr) return found;
  std::string const shown(name);
  if (!versions.empty()) {
    return unknown("There is no version " + std::string(version) + " of the action " + shown + ".",
                   version, versions);
  }
  if (!names.empty()) {
    return unknown(
        "There is no action " + shown + " in the catalogue " + std::string(catalog) + ".", name,
        names);
  }
  return unknown("There is no catalogue " + std::string(catalog) + " of actions.", catalog,
                 catalogs);
}

Result<Action const*> Catalogue::find(std::string_view id) const {
  if (std::size_t const at = id.rfind('@'); at != id.npos) {
    std::string_view const catalog = id.substr(at + 1);
    std::string_view const call = id.substr(0, at);
    std::size_t const colon = call.find(':');
    std::string_view const version = colon == call.npos ? "" : call.substr(colon + 1);
    return find(catalog, call.substr(0, colon), version);
  }
  std::size_t const dot = id.find('.');
  if (dot == id.npos) return find("gitlab", id);
  return find(id.substr(0, dot), id.substr(dot + 1));
}

}  // namespace fairlead::action
