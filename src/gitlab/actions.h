// The actions of the catalogue "gitlab", each made in a file of its own in gitlab/actions/.
//
// app/ puts them into the Catalogue by hand: an action that is not listed there does not exist.
// Pure; any thread.
#pragma once

#include <vector>

#include "action/action.h"

namespace fairlead::gitlab {

action::Action add_project_member();
action::Action call_api();
action::Action comment_issue();
action::Action create_issue();
action::Action create_project();
action::Action get_issue();
action::Action get_pipeline();
action::Action get_project();
action::Action invite_group_member();
action::Action list_groups();
action::Action list_issues();
action::Action list_pipelines();
action::Action list_projects();
action::Action list_users();
action::Action remove_group_member();
action::Action remove_project_member();
action::Action trigger_pipeline();
action::Action update_issue();
action::Action wait_for_pipeline();

// All of the above, sorted by name.
std::vector<action::Action> all_actions();

}  // namespace fairlead::gitlab
