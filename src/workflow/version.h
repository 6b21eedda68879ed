// Semantic versions and content hashes: what makes a published workflow immutable.
//
// Pure; any thread. Source: Semantic Versioning 2.0.0.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace fairlead::workflow {

// "1.2.3", "1.0.0-rc.1", "1.0.0+build"
bool is_version(std::string_view text);
// By SemVer precedence (build parts do not count). What is no version sorts first.
std::weak_ordering compare_versions(std::string_view a, std::string_view b);
// "1.2.3" -> "1.2.4", "1.2.3-rc.1" -> "1.2.3"; what an edit of a published version starts as.
std::string next_patch_version(std::string_view version);
// "sha256:" and 64 hex digits of the text; line ends and blank lines at the end do not count.
std::string content_hash(std::string_view text);

}  // namespace fairlead::workflow
