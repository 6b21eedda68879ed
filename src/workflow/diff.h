// The difference of two versions of a workflow, task by task: added, removed, changed, moved.
//
// Tasks are the same if their names from the top are; one that was taken elsewhere unchanged is
// moved. Comments, quoting and the order of keys do not count. Shown by `workflow diff` and
// `workflow plan`. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::workflow {

// Values named in one change.
inline constexpr std::size_t diff_values_max = 20;

struct Difference {
  // For tasks all four; for what stands beside the tasks (document, schedule, ...) all but moved.
  enum class Kind { added, removed, changed, moved } kind{Kind::changed};
  std::string pointer;               // in the new text; of what was removed, in the old one
  std::string before;                // pointer in the old text, if it is another one
  std::vector<std::string> changed;  // below the pointer: "/with/title"
};

// Errors: invalid_input (a text is not YAML).
Result<std::vector<Difference>> differences(std::string_view before, std::string_view after);
// {change, pointer, before?, changed?}
Json to_json(Difference const& difference);
// "changed /do/1/repair: with/title"
std::string describe(Difference const& difference);

}  // namespace fairlead::workflow
