// Reads one pipeline, by id or the latest of a branch, and on request its jobs, the end of failed
// jobs' logs, the summary of its tests and its variables.
// Source: https://docs.gitlab.com/api/pipelines/, https://docs.gitlab.com/api/jobs/ (checked on
// 19.5).
#include "gitlab/actions.h"
#include "gitlab/job_logs.h"
#include "gitlab/pipeline.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  std::optional<ProjectRef> project;
  std::optional<PipelineRef> pipeline;
  std::optional<std::string> ref;
  bool jobs{false};
  bool failed_logs{false};
  std::int64_t log_lines{log_lines_default};
  bool test_summary{false};
  bool variables{false};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project",
               .help = "Id, full path or URL. Not needed if the pipeline is given by its URL.",
               .example = "ops/incidents"}),
        field("pipeline", &Input::pipeline,
              {.label = "Pipeline",
               .help = "Its id or its URL. Left out: the latest of a branch or tag.",
               .example = "8123"}),
        field("ref", &Input::ref,
              {.label = "Latest of",
               .help = "A branch or tag, instead of a pipeline. Neither: the default branch.",
               .example = "main",
               .min_length = 1,
               .picker = "branch"}),
        field("jobs", &Input::jobs,
              {.label = "With jobs",
               .help = "Also all its jobs.",
               .example = "true",
               .defaulted = true}),
        field("failed_logs", &Input::failed_logs,
              {.label = "With failed jobs' logs",
               .help = "Also the last lines that each failed job printed, without secrets.",
               .example = "true",
               .defaulted = true}),
        field("log_lines", &Input::log_lines,
              {.label = "Log lines",
               .help = "How many lines of each log.",
               .example = "50",
               .minimum = 1,
               .maximum = log_lines_max,
               .defaulted = true,
               .advanced = true}),
        field("test_summary", &Input::test_summary,
              {.label = "With test summary",
               .help = "Also how many tests passed and failed.",
               .example = "true",
               .defaulted = true}),
        field("variables", &Input::variables,
              {.label = "With variables",
               .help = "Also the variables it was started with; needs the role Maintainer.",
               .example = "true",
               .defaulted = true})};
  }
};

Result<void> check(Input const& in) {
  if (in.pipeline && in.ref) {
    return invalid_input("ref", "and pipeline exclude each other: give one of them");
  }
  return check_project_said(in.project, in.pipeline.value_or(PipelineRef{}));
}

Result<void> resolve(action::Lookup const& lookup, Input& in) {
  if (in.pipeline) return bind(lookup, in.project, *in.pipeline);
  return bind(lookup, *in.project, "project");
}

std::string project_of(Input const& in) {
  return in.project ? in.project->text : in.pipeline.value_or(PipelineRef{}).project;
}

action::Request pipeline_request(Input const& in) {
  std::string const project = project_of(in);
  if (in.pipeline) return action::get("/projects/{}/pipelines/{}", project, *in.pipeline);
  return action::get("/projects/{}/pipelines/latest", project).query("ref", in.ref);
}

std::vector<action::Request> requests(Input const& in) {
  std::vector<action::Request> list{pipeline_request(in)};
  std::string const id = in.pipeline ? std::to_string(in.pipeline->id) : ":pipeline_id";
  std::string const base = action::path("/projects/{}/pipelines/", project_of(in)) + id;
  auto const add = [&](std::string const& path) {
    list.push_back({.method = net::Method::get, .path = path});
  };
  if (in.jobs || in.failed_logs) add(base + "/jobs");
  if (in.failed_logs) add(action::path("/projects/{}/jobs/", project_of(in)) + ":job_id/trace");
  if (in.test_summary) add(base + "/test_report_summary");
  if (in.variables) add(base + "/variables");
  return list;
}

// GitLab answers 403 where a branch has no pipeline at all.
Error no_pipeline_yet(Input const& in, Error error) {
  if (error.status != 403 || in.pipeline) return error;
  std::string const ref = in.ref ? "the ref " + *in.ref : "the default branch";
  error.kind = ErrorKind::not_found;
  error.message = "There is no pipeline of " + ref + " in " + project_of(in) +
                  ", or you may not see its pipelines (" + error.message + ")";
  error.cause = "GitLab answers 403 in both cases.";
  error.remedy = "Start one with trigger-pipeline, or ask for at least the role Reporter.";
  return error;
}

Result<Json> read(action::Api& api, action::Request const& request) {
  FAIRLEAD_TRY(action::Response response, api.send(request));
  FAIRLEAD_CHECK(action::expect_json(response));
  return std::move(response.body);
}

Result<void> add_jobs(action::Context& context, Input const& in, JobsOf const& of, Pipeline& out) {
  if (!in.jobs && !in.failed_logs) return {};
  FAIRLEAD_TRY(Json jobs, list_jobs(context.api, of));
  if (in.failed_logs) out.failed_jobs = failed_jobs(context.api, of, jobs, in.log_lines);
  if (in.jobs) out.jobs = std::move(jobs);
  return {};
}

Result<Pipeline> run(action::Context& context, Input const& in) {
  auto answer = read(context.api, pipeline_request(in));
  if (!answer.ok()) return no_pipeline_yet(in, std::move(answer).error());
  FAIRLEAD_TRY(Pipeline pipeline, schema::decode_answer<Pipeline>(*answer));
  JobsOf const of{.project = project_of(in), .pipeline_id = pipeline.id};
  FAIRLEAD_CHECK(add_jobs(context, in, of, pipeline));
  if (in.test_summary) {
    FAIRLEAD_TRY(pipeline.test_summary,
                 read(context.api, action::get("/projects/{}/pipelines/{}/test_report_summary",
                                               of.project, of.pipeline_id)));
  }
  if (in.variables) {
    FAIRLEAD_TRY(pipeline.variables,
                 read(context.api, action::get("/projects/{}/pipelines/{}/variables", of.project,
                                               of.pipeline_id)));
  }
  return pipeline;
}

}  // namespace

action::Action get_pipeline() {
  return action::define<Input, Pipeline>(
      {.name = "get-pipeline",
       .title = "Get pipeline",
       .description = "Reads one pipeline or the latest of a branch, with jobs, logs and test "
                      "results if asked for.",
       .docs = "https://docs.gitlab.com/api/pipelines/#get-a-single-pipeline",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::reporter,
       .request = requests,
       .check = check,
       .resolve = resolve,
       .run = run});
}

}  // namespace fairlead::gitlab
