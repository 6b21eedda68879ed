// The difference of two texts line by line, as `diff -u` shows it.
//
// For people who compare versions of a workflow. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fairlead::workflow {

// Lines changed in both texts together are compared one by one up to this many pairs; beyond it
// the whole changed part is shown as removed and added.
inline constexpr std::size_t diff_pairs_max = 4'000'000;

// Hunks with three lines around each change, no file names; "" if the texts are equal.
std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace fairlead::workflow
