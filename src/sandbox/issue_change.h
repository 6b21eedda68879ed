// Writing an issue's fields from parameters, and quick actions ("/close", "/label ~bug") in
// descriptions and notes.
//
// Follows services/issues/*: who is not at least Planner has labels, assignees and milestones
// ignored, not refused. Hold World::mutex.
#pragma once

#include <string>

#include "sandbox/call.h"

namespace fairlead::sandbox {

// Words and types of all issue parameters are checked here; complaints land in call.in.
void check_issue_words(Params& in);
// Applies what was sent. `issue` has its author already.
Result<void> apply_issue_fields(Call& call, Project& project, Issue& issue);
// Removes quick action lines from `text` and carries them out. True if anything was carried out.
bool run_quick_actions(Call& call, Project& project, Issue& issue, std::string& text);

}  // namespace fairlead::sandbox
