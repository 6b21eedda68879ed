// Small changes to a workflow's text that leave everything else as it was written.
//
// For drafts and rollbacks, which differ from another version by their number. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fairlead::workflow {

// The text with another document.version; comments, order and quoting stay. Errors: invalid_input
// (not YAML, no document.version, or it stands where it cannot be replaced, as in an alias).
Result<std::string> with_version(std::string_view text, std::string_view version);

}  // namespace fairlead::workflow
