// Lists the pipelines of a project. Child pipelines are left out unless asked for by source
// parent_pipeline.
// Source: https://docs.gitlab.com/api/pipelines/#list-project-pipelines (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/pipeline.h"
#include "gitlab/refs.h"
#include "gitlab/words.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class ListScope { running, pending, finished, branches, tags };
constexpr auto enum_names(ListScope) {
  using enum ListScope;
  using Name = schema::EnumName<ListScope>;
  return std::array{Name{running, "running"}, Name{pending, "pending"}, Name{finished, "finished"},
                    Name{branches, "branches", "Latest of each branch"},
                    Name{tags, "tags", "Latest of each tag"}};
}

enum class OrderBy { id, status, ref, updated_at, user_id };
constexpr auto enum_names(OrderBy) {
  using enum OrderBy;
  using Name = schema::EnumName<OrderBy>;
  return std::array{Name{id, "id"}, Name{status, "status"}, Name{ref, "ref"},
                    Name{updated_at, "updated_at"}, Name{user_id, "user_id"}};
}

enum class Source {
  unknown,
  push,
  web,
  trigger,
  schedule,
  api,
  external,
  pipeline,
  chat,
  webide,
  merge_request_event,
  external_pull_request_event,
  parent_pipeline,
  ondemand_dast_scan,
  ondemand_dast_validation,
  security_orchestration_policy,
  container_registry_push,
  duo_workflow,
  pipeline_execution_policy_schedule,
  dependency_management_security_update
};
constexpr auto enum_names(Source) {
  using enum Source;
  using Name = schema::EnumName<Source>;
  return std::array{
      Name{unknown, "unknown"},
      Name{push, "push"},
      Name{web, "web"},
      Name{trigger, "trigger"},
      Name{schedule, "schedule"},
      Name{api, "api"},
      Name{external, "external"},
      Name{pipeline, "pipeline"},
      Name{chat, "chat"},
      Name{webide, "webide"},
      Name{merge_request_event, "merge_request_event"},
      Name{external_pull_request_event, "external_pull_request_event"},
      Name{parent_pipeline, "parent_pipeline"},
      Name{ondemand_dast_scan, "ondemand_dast_scan"},
      Name{ondemand_dast_validation, "ondemand_dast_validation"},
      Name{security_orchestration_policy, "security_orchestration_policy"},
      Name{container_registry_push, "container_registry_push"},
      Name{duo_workflow, "duo_workflow"},
      Name{pipeline_execution_policy_schedule, "pipeline_execution_policy_schedule"},
      Name{dependency_management_security_update, "dependency_management_security_update"}};
}

struct Input {
  ProjectRef project;
  std::optional<ListScope> scope;
  std::optional<PipelineStatus> status;
  std::optional<Source> source;
  std::optional<std::string> ref;
  std::optional<std::string> sha;
  std::optional<std::string> name;
  std::optional<std::string> username;
  std::optional<schema::DateTime> updated_after;
  std::optional<schema::DateTime> updated_before;
  std::optional<OrderBy> order_by;
  std::optional<Sort> sort;
  std::optional<std::int64_t> limit;
  bool all{false};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project", .help = "Id, full path or URL.", .example = "ops/incidents"}),
        field("scope", &Input::scope,
              {.label = "Scope",
               .help = "A group of statuses, or the latest pipeline of each branch or tag.",
               .example = "finished"}),
        field("status", &Input::status,
              {.label = "Status", .help = "All if left out.", .example = "failed"}),
        field("source", &Input::source,
              {.label = "Source",
               .help = "What started it. Child pipelines are listed only with parent_pipeline.",
               .example = "schedule"}),
        field(
            "ref", &Input::ref,
            {.label = "Branch or tag", .help = "By name.", .example = "main", .picker = "branch"}),
        field("sha", &Input::sha,
              {.label = "Commit",
               .help = "The whole SHA.",
               .example = "4f1c0a9be3d1f6f7a9d6d1a9c8f5a1b2c3d4e5f6",
               .pattern = schema::sha}),
        field("name", &Input::name,
              {.label = "Name", .help = "Exactly this name.", .example = "Nightly"}),
        field("username", &Input::username,
              {.label = "Started by", .help = "A user name, without @.", .example = "alice"}),
        field("updated_after", &Input::updated_after,
              {.label = "Updated after",
               .help = "A time or date.",
               .example = "2026-11-01",
               .advanced = true}),
        field("updated_before", &Input::updated_before,
              {.label = "Updated before",
               .help = "A time or date.",
               .example = "2026-11-30",
               .advanced = true}),
        field("order_by", &Input::order_by,
              {.label = "Order by",
               .help = "By id if left out.",
               .example = "updated_at",
               .advanced = true}),
        field("sort", &Input::sort,
              {.label = "Direction",
               .help = "Falling (newest first) if left out.",
               .example = "asc",
               .advanced = true}),
        action::limit_field(&Input::limit),
        action::all_field(&Input::all)};
  }
};

action::Request request(Input const& in) {
  return action::get("/projects/{}/pipelines", in.project)
      .query("scope", in.scope)
      .query("status", in.status)
      .query("source", in.source)
      .query("ref", in.ref)
      .query("sha", in.sha)
      .query("name", in.name)
      .query("username", in.username)
      .query("updated_after", in.updated_after)
      .query("updated_before", in.updated_before)
      .query("order_by", in.order_by)
      .query("sort", in.sort);
}

}  // namespace

action::Action list_pipelines() {
  return action::define<Input, action::Listing<Pipeline>>(
      {.name = "list-pipelines",
       .title = "List pipelines",
       .description = "Lists the pipelines of a project, newest first.",
       .docs = "https://docs.gitlab.com/api/pipelines/#list-project-pipelines",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::reporter,
       .request = request,
       .resolve = [](action::Lookup const& lookup, Input& in) {
         return bind(lookup, in.project, "project");
       }});
}

}  // namespace fairlead::gitlab
