// Reads one issue, by project and number or by its pasted URL.
// Source: https://docs.gitlab.com/api/issues/#single-project-issue (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/issue.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  std::optional<ProjectRef> project;
  IssueRef iid;

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project",
               .help = "Id, full path or URL. Not needed if the issue is given by its URL.",
               .example = "ops/incidents"}),
        field(
            "iid", &Input::iid,
            {.label = "Issue", .help = "Its number in the project, or its URL.", .example = "42"})};
  }
};

action::Request request(Input const& in) {
  return action::get("/projects/{}/issues/{}", in.project.value_or(ProjectRef{in.iid.project}),
                     in.iid);
}

}  // namespace

action::Action get_issue() {
  return action::define<Input, Issue>(
      {.name = "get-issue",
       .title = "Get issue",
       .description = "Reads one issue.",
       .docs = "https://docs.gitlab.com/api/issues/#single-project-issue",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::guest,
       .request = request,
       .check = [](Input const& in) { return check_project_said(in.project, in.iid); },
       .resolve = [](action::Lookup const& lookup,
                     Input& in) { return bind(lookup, in.project, in.iid); }});
}

}  // namespace fairlead::gitlab
