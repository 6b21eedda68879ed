// Pipelines. Source: doc/api/pipelines.md (19.5), services/ci/create_pipeline_service.rb for its
// refusals.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/limits.h"
#include "sandbox/paging.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Result<Pipeline*> find_pipeline(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments.at(0)));
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "pipeline_id"));
  auto const it = call.world.state.pipelines.find(id);
  if (it == call.world.state.pipelines.end() || it->second.project_id != project->id)
    return not_found();
  return &it->second;
}

// The same for those who may change it.
Result<Pipeline*> find_pipeline_for(Call& call, Ability ability) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, ability));
  (void)project;
  return find_pipeline(call);
}

Error base_error(std::string_view text) { return invalid_model("base", text); }

struct Filter {
  std::string scope;
  std::string status;
  std::string ref;
  std::string sha;
  std::string username;
  std::string name;
  std::string source;
  std::optional<bool> yaml_errors;
  std::optional<Time> created_after, created_before, updated_after, updated_before;
};

Filter read_filter(Params& in) {
  Filter filter;
  filter.scope = in.word("scope", "", {"running", "pending", "finished", "branches", "tags"});
  filter.status = in.word(
      "status", "",
      {"created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "running",
       "success", "failed", "canceling", "canceled", "skipped", "manual", "scheduled"});
  filter.source = in.word("source", "",
                          {"unknown",
                           "push",
                           "web",
                           "trigger",
                           "schedule",
                           "api",
                           "external",
                           "pipeline",
                           "chat",
                           "webide",
                           "merge_request_event",
                           "external_pull_request_event",
                           "parent_pipeline",
                           "ondemand_dast_scan",
                           "ondemand_dast_validation",
                           "security_orchestration_policy",
                           "container_registry_push",
                           "duo_workflow",
                           "pipeline_execution_policy_schedule",
                           "dependency_management_security_update"});
  filter.ref = in.text("ref");
  filter.sha = in.text("sha");
  filter.username = in.text("username");
  filter.name = in.text("name");
  filter.yaml_errors = in.boolean("yaml_errors");
  filter.created_after = in.time("created_after");
  filter.created_before = in.time("created_before");
  filter.updated_after = in.time("updated_after");
  filter.updated_before = in.time("updated_before");
  return filter;
}

bool scope_matches(std::string const& scope, Pipeline const& pipeline) {
  if (scope.empty()) return true;
  if (scope == "tags") return pipeline.tag;
  if (scope == "branches") return !pipeline.tag;
  if (scope == "finished") return final_status(pipeline.status);
  return pipeline.status == scope;
}

bool matches(World& world, Filter const& filter, Pipeline const& pipeline) {
  if (!scope_matches(filter.scope, pipeline)) return false;
  if (!filter.status.empty() && pipeline.status != filter.status) return false;
  if (!filter.source.empty() && pipeline.source != filter.source) return false;
  if (!filter.ref.empty() && pipeline.ref != filter.ref) return false;
  if (!filter.sha.empty() && pipeline.sha != filter.sha) return false;
  if (!filter.name.empty() && pipeline.name != filter.name) return false;
  if (!filter.username.empty()) {
    User const* user = world.user_named(filter.username);
    if (user == nullptr || user->id != pipeline.user_id) return false;
  }
  if (filter.yaml_errors && pipeline.yaml_errors.has_value() != *filter.yaml_errors) return false;
  if (filter.created_after && pipeline.created_at < *filter.created_after) return false;
  if (filter.created_before && pipeline.created_at > *filter.created_before) return false;
  if (filter.updated_after && pipeline.updated_at < *filter.updated_after) return false;
  return !filter.updated_before || pipeline.updated_at <= *filter.updated_before;
}

void order(std::vector<Pipeline const*>& rows, std::string const& by, std::string const& sort) {
  auto const less = [&by](Pipeline const* a, Pipeline const* b) {
    if (by == "status" && a->status != b->status) return a->status < b->status;
    if (by == "ref" && a->ref != b->ref) return a->ref < b->ref;
    if (by == "updated_at" && a->updated_at != b->updated_at) return a->updated_at < b->updated_at;
    if (by == "user_id" && a->user_id != b->user_id) return a->user_id < b->user_id;
    return a->id < b->id;
  };
  if (by != "id") std::sort(rows.begin(), rows.end(), less);
  if (sort == "desc") std::reverse(rows.begin(), rows.end());
}

Result<Reply> list_pipelines(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  std::string const by =
      call.in.word("order_by", "id", {"id", "status", "ref", "updated_at", "user_id"});
  std::string const sort = call.in.word("sort", "desc", {"asc", "desc"});
  Filter const filter = read_filter(call.in);
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Pipeline const*> rows;
  for (Number const id : project->pipeline_ids) {
    Pipeline const& pipeline = call.world.state.pipelines.at(id);
    if (matches(call.world, filter, pipeline)) rows.push_back(&pipeline);
  }
  order(rows, by, sort);
  PageRules const rules{.offset_limited_type = "", .defaults = {{"order_by", by}, {"sort", sort}}};
  return page_reply(
      call, rows.size(), rules, [&](std::size_t i) { return pipeline_json(call.world, *rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

// [{key, value, variable_type}]; duplicate keys are refused as the model does.
Result<std::vector<PipelineVariable>> read_variables(Call& call) {
  std::vector<PipelineVariable> variables;
  Json const& sent = call.in.raw("variables");
  if (sent.is_null()) return variables;
  if (!sent.is_array()) return bad_parameters("variables is invalid");
  for (Json const& row : sent.items()) {
    PipelineVariable variable{
        .key = row["key"].as_string(),
        .value = row["value"].is_string() ? row["value"].as_string() : row["value"].dump(),
        .type = row["variable_type"].string_or("env_var")};
    if (!row.is_object()) return bad_parameters("variables is invalid");
    if (variable.key.empty()) return bad_parameters("variables[0][key] is missing");
    if (variable.type != "env_var" && variable.type != "file") {
      return bad_parameters("variables[0][variable_type] does not have a valid value");
    }
    bool const twice =
        std::any_of(variables.begin(), variables.end(),
                    [&](PipelineVariable const& other) { return other.key == variable.key; });
    if (twice) return base_error("Duplicate variable name: " + variable.key);
    variables.push_back(std::move(variable));
  }
  return variables;
}

bool may_set_variables(Call& call, Project const& project) {
  Number const role = level_in(call.world, project, call.user());
  if (project.variables_role == "no_one_allowed") return false;
  if (project.variables_role == "owner") return role >= level::owner;
  if (project.variables_role == "maintainer") return role >= level::maintainer;
  return role >= level::developer;
}

struct Target {
  std::string sha;
  bool tag{false};
};

// Refusals in the order of the real chain of checks.
Result<Target> check_pipeline(Call& call, Project const& project, std::string const& ref,
                              bool has_variables) {
  auto const branch = project.branches.find(ref);
  auto const tag = project.tags.find(ref);
  if (branch == project.branches.end() && tag == project.tags.end())
    return base_error("Reference not found");
  if (has_variables && !may_set_variables(call, project)) {
    return base_error("Insufficient permissions to set pipeline variables");
  }
  if (!project.has_ci_config) return base_error("Missing CI config file");
  if (branch != project.branches.end())
    return Target{.sha = branch->second.commit.sha, .tag = false};
  return Target{.sha = tag->second.sha, .tag = true};
}

Result<Reply> create_pipeline(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_developer));
  call.in.require("ref");
  std::string const ref = call.in.text("ref");
  FAIRLEAD_CHECK(call.in.check());
  if (project->archived) return forbidden();
  FAIRLEAD_TRY(std::vector<PipelineVariable> variables, read_variables(call));
  if (!within_limit(
          call.world,
          "pipeline " + std::to_string(project->id) + " " + std::to_string(call.user()->id),
          call.world.options.pipelines_per_minute)) {
    return base_error("Too many pipelines created in the last minute. Try again later.");
  }
  FAIRLEAD_TRY(Target const target, check_pipeline(call, *project, ref, !variables.empty()));
  Number const id = call.world.next_id("pipeline");
  Pipeline& pipeline = call.world.state.pipelines[id];
  pipeline.id = id;
  pipeline.iid = project->next_pipeline_iid++;
  pipeline.project_id = project->id;
  pipeline.user_id = call.user()->id;
  pipeline.ref = ref;
  pipeline.sha = target.sha;
  pipeline.tag = target.tag;
  pipeline.variables = std::move(variables);
  pipeline.inputs = call.in.raw("inputs");
  pipeline.created_at = pipeline.updated_at = call.now();
  project->pipeline_ids.push_back(id);
  project->last_activity_at = call.now();
  start_pipeline(call.world, pipeline);
  return json_reply(201, pipeline_detail_json(call.world, pipeline));
}

Result<Reply> get_pipeline(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline(call));
  return json_reply(200, pipeline_detail_json(call.world, *pipeline));
}

Result<Reply> get_latest(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  std::string const ref = call.in.text_or("ref", project->default_branch);
  if (!project->branches.contains(ref) && !project->tags.contains(ref)) return not_found();
  for (auto it = project->pipeline_ids.rbegin(); it != project->pipeline_ids.rend(); ++it) {
    Pipeline const& pipeline = call.world.state.pipelines.at(*it);
    if (pipeline.ref == ref) return json_reply(200, pipeline_detail_json(call.world, pipeline));
  }
  return forbidden();  // as the real one: nothing there to be allowed to see
}

Result<Reply> list_variables(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline(call));
  Project const& project = *call.world.project(pipeline->project_id);
  bool const own = call.user()->id == pipeline->user_id;
  if (!own && !at_least_maintainer(level_in(call.world, project, call.user()))) return forbidden();
  Json rows = Json::array();
  for (PipelineVariable const& variable : pipeline->variables) {
    rows.push_back(Json::object({{"variable_type", variable.type},
                                 {"key", variable.key},
                                 {"value", variable.value},
                                 {"hidden", false},
                                 {"raw", false},
                                 {"description", Json()}}));
  }
  return json_reply(200, rows);
}

Result<Reply> cancel(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline_for(call, at_least_developer));
  cancel_pipeline(call.world, *pipeline);
  return json_reply(200, pipeline_detail_json(call.world, *pipeline));
}

Result<Reply> retry(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline_for(call, at_least_developer));
  std::vector<Number> again;
  for (Number const id : pipeline->job_ids) {
    Job const& job = call.world.state.jobs.at(id);
    if (!job.retried && (job.status == "failed" || job.status == "canceled")) again.push_back(id);
  }
  if (!again.empty()) rerun(call.world, *pipeline, again);
  return json_reply(201, pipeline_detail_json(call.world, *pipeline));
}

Result<Reply> set_metadata(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline_for(call, at_least_developer));
  call.in.require("name");
  FAIRLEAD_CHECK(call.in.check());
  pipeline->name = call.in.text("name");
  return json_reply(200, pipeline_detail_json(call.world, *pipeline));
}

Result<Reply> delete_pipeline(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline_for(call, is_owner));
  Number const id = pipeline->id;
  std::erase(call.world.project(pipeline->project_id)->pipeline_ids, id);
  for (Number const job : pipeline->job_ids)
    call.world.state.jobs.erase(job);
  call.world.state.pipelines.erase(id);
  return no_content();
}

// Three tests a job that ran; the failing job has one failure.
Json test_totals(World& world, Pipeline const& pipeline, Json* suites) {
  Number count = 0;
  Number failed = 0;
  for (Number const id : pipeline.job_ids) {
    Job const& job = world.state.jobs.at(id);
    if (job.retried || !job.finished_at) continue;
    Number const bad = job.status == "failed" ? 1 : 0;
    count += 3;
    failed += bad;
    if (suites == nullptr) continue;
    suites->push_back(Json::object({{"name", job.name},
                                    {"total_time", 0.75},
                                    {"total_count", 3},
                                    {"success_count", 3 - bad},
                                    {"failed_count", bad},
                                    {"skipped_count", 0},
                                    {"error_count", 0},
                                    {"build_ids", Json::array({Json(job.id)})},
                                    {"suite_error", Json()}}));
  }
  return Json::object({{"time", 0.75},
                       {"count", count},
                       {"success", count - failed},
                       {"failed", failed},
                       {"skipped", 0},
                       {"error", 0},
                       {"suite_error", Json()}});
}

Result<Reply> test_report_summary(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline(call));
  Json suites = Json::array();
  Json total = test_totals(call.world, *pipeline, &suites);
  return json_reply(
      200, Json::object({{"total", std::move(total)}, {"test_suites", std::move(suites)}}));
}

Result<Reply> test_report(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline(call));
  Json suites = Json::array();
  Json const total = test_totals(call.world, *pipeline, &suites);
  for (Json& suite : suites.make_array())
    suite.set("test_cases", Json::array());
  return json_reply(200, Json::object({{"total_time", total["time"]},
                                       {"total_count", total["count"]},
                                       {"success_count", total["success"]},
                                       {"failed_count", total["failed"]},
                                       {"skipped_count", 0},
                                       {"error_count", 0},
                                       {"test_suites", std::move(suites)}}));
}

Result<Reply> list_bridges(Call& call) {
  FAIRLEAD_TRY(Pipeline * pipeline, find_pipeline(call));
  (void)pipeline;
  return page_reply(
      call, 0, {}, [](std::size_t) { return Json(); }, [](std::size_t) { return Number{0}; });
}

}  // namespace

ApiRoutes pipeline_routes() {
  using enum net::Method;
  return {{get, "projects/:id/pipelines", list_pipelines, Need::nothing},
          {post, "projects/:id/pipeline", create_pipeline, Need::signed_in},
          {get, "projects/:id/pipelines/latest", get_latest, Need::nothing},
          {get, "projects/:id/pipelines/:pipeline_id", get_pipeline, Need::nothing},
          {delete_, "projects/:id/pipelines/:pipeline_id", delete_pipeline, Need::signed_in},
          {get, "projects/:id/pipelines/:pipeline_id/variables", list_variables, Need::signed_in},
          {get, "projects/:id/pipelines/:pipeline_id/test_report", test_report, Need::nothing},
          {get, "projects/:id/pipelines/:pipeline_id/test_report_summary", test_report_summary,
           Need::nothing},
          {get, "projects/:id/pipelines/:pipeline_id/bridges", list_bridges, Need::nothing},
          {post, "projects/:id/pipelines/:pipeline_id/cancel", cancel, Need::signed_in},
          {post, "projects/:id/pipelines/:pipeline_id/retry", retry, Need::signed_in},
          {put, "projects/:id/pipelines/:pipeline_id/metadata", set_metadata, Need::signed_in}};
}

}  // namespace fairlead::sandbox
