#include "store/version_order.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace fairlead::store {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// By value, whatever the length: leading zeros do not count.
int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int compare_identifiers(std::string_view a, std::string_view b) {
  bool const number_a = is_number(a);
  bool const number_b = is_number(b);
  if (number_a && number_b) return compare_numbers(a, b);
  // Numbers are older than words.
  if (number_a != number_b) return number_a ? -1 : 1;
  return a.compare(b);
}

int compare_prereleases(std::string_view a, std::string_view b) {
  // A version without one is the release, newer than all its previews.
  if (a.empty() || b.empty()) return static_cast<int>(a.empty()) - static_cast<int>(b.empty());
  auto const parts_a = split(a, '.');
  auto const parts_b = split(b, '.');
  for (std::size_t i = 0; i < std::min(parts_a.size(), parts_b.size()); ++i) {
    int const order = compare_identifiers(parts_a[i], parts_b[i]);
    if (order != 0) return order;
  }
  return static_cast<int>(parts_a.size()) - static_cast<int>(parts_b.size());
}

struct Version {
  bool valid{false};
  std::vector<std::string> core;
  std::string prerelease;
};

Version parse(std::string_view text) {
  text = text.substr(0, text.find('+'));
  Version version;
  auto const dash = text.find('-');
  version.core = split(text.substr(0, dash), '.');
  if (dash != std::string_view::npos) version.prerelease = text.substr(dash + 1);
  version.valid = version.core.size() == 3 &&
                  std::all_of(version.core.begin(), version.core.end(),
                              [](std::string const& part) { return is_number(part); });
  return version;
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  Version const x = parse(a);
  Version const y = parse(b);
  if (!x.valid && !y.valid) return a.compare(b);
  if (x.valid != y.valid) return x.valid ? 1 : -1;
  for (std::size_t i = 0; i < 3; ++i) {
    int const order = compare_numbers(x.core[i], y.core[i]);
    if (order != 0) return order;
  }
  return compare_prereleases(x.prerelease, y.prerelease);
}

}  // namespace fairlead::store
