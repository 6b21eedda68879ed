// Reads one project.
// Source: https://docs.gitlab.com/api/projects/#get-a-single-project (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/project.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  ProjectRef project;
  std::optional<bool> statistics;
  std::optional<bool> license;

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project", .help = "Id, full path or URL.", .example = "ops/incidents"}),
        field("statistics", &Input::statistics,
              {.label = "Statistics",
               .help = "Also commit count and storage sizes; needs the role Reporter.",
               .example = "true"}),
        field("license", &Input::license,
              {.label = "License", .help = "Also what license its files say.", .example = "true"})};
  }
};

action::Request request(Input const& in) {
  return action::get("/projects/{}", in.project)
      .query("statistics", in.statistics)
      .query("license", in.license);
}

}  // namespace

action::Action get_project() {
  return action::define<Input, Project>(
      {.name = "get-project",
       .title = "Get project",
       .description = "Reads one project. A project that was moved is followed to its new place.",
       .docs = "https://docs.gitlab.com/api/projects/#get-a-single-project",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::guest,
       .request = request,
       .resolve = [](action::Lookup const& lookup, Input& in) {
         return bind(lookup, in.project, "project");
       }});
}

}  // namespace fairlead::gitlab
