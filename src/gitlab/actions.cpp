#include "gitlab/actions.h"

namespace fairlead::gitlab {

std::vector<action::Action> all_actions() {
  return {
      add_project_member(),  call_api(),     comment_issue(),       create_issue(),
      create_project(),      get_issue(),    get_pipeline(),        get_project(),
      invite_group_member(), list_groups(),  list_issues(),         list_pipelines(),
      list_projects(),       list_users(),   remove_group_member(), remove_project_member(),
      trigger_pipeline(),    update_issue(), wait_for_pipeline(),
  };
}

}  // namespace fairlead::gitlab
