// Semantic versions in order: which published version of a workflow is the newest.
//
// Semantic Versioning 2.0.0, section 11. What is not a semantic version sorts before all that are.
// Pure; any thread.
#pragma once

#include <string_view>

namespace fairlead::store {

// Negative: a is older; 0: same precedence; positive: a is newer. Build metadata does not count.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace fairlead::store
