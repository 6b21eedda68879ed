// Waits until a pipeline has finished, without holding a thread.
// Source: https://docs.gitlab.com/api/pipelines/#get-a-single-pipeline (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/pipeline_watch.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  std::optional<ProjectRef> project;
  PipelineRef pipeline;
  std::optional<Span> timeout;
  IfBlocked if_blocked{IfBlocked::fail};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project",
               .help = "Id, full path or URL. Not needed if the pipeline is given by its URL.",
               .example = "ops/runbooks"}),
        field("pipeline", &Input::pipeline,
              {.label = "Pipeline", .help = "Its id, or its URL.", .example = "8123"}),
        field(
            "timeout", &Input::timeout,
            {.label = "Timeout",
             .help =
                 "How long to wait at most; a day if left out. Seconds, or a text such as 30 min.",
             .example = "30 min"}),
        field("if_blocked", &Input::if_blocked,
              {.label = "If a manual job blocks it",
               .help = "Such a pipeline goes on only when somebody starts the job.",
               .example = "wait",
               .defaulted = true})};
  }
};

std::string project_of(Input const& in) {
  return in.project ? in.project->text : in.pipeline.project;
}

WatchTerms terms(Input const& in) {
  return {.timeout = in.timeout ? in.timeout->length : watch_timeout_default,
          .if_blocked = in.if_blocked};
}

action::Request request(Input const& in) {
  return action::get("/projects/{}/pipelines/{}", project_of(in), in.pipeline);
}

}  // namespace

action::Action wait_for_pipeline() {
  return action::define<Input, Pipeline>(
      {.name = "wait-for-pipeline",
       .title = "Wait for pipeline",
       .description = "Waits until a pipeline has finished; a failed one is an error with the ends "
                      "of its jobs' logs.",
       .docs = "https://docs.gitlab.com/api/pipelines/#get-a-single-pipeline",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::reporter,
       .request = request,
       .check = [](Input const& in) { return check_project_said(in.project, in.pipeline); },
       .resolve = [](action::Lookup const& lookup,
                     Input& in) { return bind(lookup, in.project, in.pipeline); },
       .run_waiting =
           [](action::Context& context, Input const& in) {
             return watch(context, project_of(in), in.pipeline.id, terms(in));
           }});
}

}  // namespace fairlead::gitlab
