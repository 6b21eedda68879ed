#include "gitlab/pipeline_watch.h"

#include <algorithm>

#include "base/text.h"
#include "gitlab/job_logs.h"
#include "gitlab/wake_key.h"

namespace fairlead::gitlab {
namespace {

constexpr std::int64_t log_lines_of_failure = 30;
constexpr std::int64_t jobs_named_max = 3;
constexpr std::int64_t age_divisor = 4;

// One watch under way.
struct Watched {
  std::string project;
  Pipeline pipeline;
  Time began;

  [[nodiscard]] std::string words() const {
    return "pipeline " + std::to_string(pipeline.id) + " of " + project;
  }
};

Json state_of(Watched const& watched) {
  Json state = Json::object({{"pipelineId", watched.pipeline.id},
                             {"project", watched.project},
                             {"status", watched.pipeline.status},
                             {"webUrl", watched.pipeline.web_url.value_or("")},
                             {"beganAt", format_time(watched.began)}});
  if (watched.pipeline.project_id) state.set("projectId", *watched.pipeline.project_id);
  return state;
}

Time began_at(action::Context const& context) {
  return parse_time(context.wait_state["beganAt"].as_string()).value_or(context.clock.now());
}

// "" outside of runs: nobody would wake it there.
std::string wake_key(action::Context const& context, Watched const& watched) {
  std::string const connection = context.api.connection_id();
  if (connection.empty() || context.marker.id.empty()) return "";
  std::string project =
      watched.pipeline.project_id ? std::to_string(*watched.pipeline.project_id) : watched.project;
  return to_text(
      {.connection = connection, .project = std::move(project), .pipeline = watched.pipeline.id});
}

// The names of jobs in that state: what people want to know of a pipeline. Never a reason to fail.
std::string jobs_in(action::Context& context, Watched const& watched, char const* scope) {
  std::vector<std::string> names;
  action::Request const request =
      action::get("/projects/{}/pipelines/{}/jobs", watched.project, watched.pipeline.id)
          .query("scope[]", scope);
  auto const take = [&](Json job) -> Result<void> {
    names.push_back(job["name"].as_string());
    return {};
  };
  auto const listed = context.api.list(request, {.limit = jobs_named_max}, take);
  if (!listed.ok() || names.empty()) return "";
  return (names.size() == 1 ? "job " : "jobs ") + join(names, ", ") +
         (listed->complete ? "" : ", ...");
}

std::string describe_state(action::Context& context, Watched const& watched) {
  std::string const& status = watched.pipeline.status;
  std::string detail = status;
  if (status == "running") {
    auto const jobs = jobs_in(context, watched, "running");
    if (!jobs.empty()) detail += ", " + jobs;
  } else if (status == "manual") {
    auto const jobs = jobs_in(context, watched, "manual");
    detail = "blocked: waits for somebody to start " + (jobs.empty() ? "a manual job" : jobs);
  } else if (status == "scheduled") {
    auto const jobs = jobs_in(context, watched, "scheduled");
    detail = "blocked: waits for the time of " + (jobs.empty() ? "a delayed job" : jobs);
  }
  return watched.words() + " (" + detail + ")";
}

Error titled(std::string_view type, std::string title, Watched const& watched) {
  Error error;
  error.kind = ErrorKind::conflict;
  error.title = std::move(title);
  error.status = failed_dependency_status;
  error.details = Json::object(
      {{"type", type},
       {"status", failed_dependency_status},
       {"pipeline", Json::object({{"id", watched.pipeline.id},
                                  {"project", watched.project},
                                  {"status", watched.pipeline.status},
                                  {"ref", watched.pipeline.ref.value_or("")},
                                  {"sha", watched.pipeline.sha.value_or("")},
                                  {"webUrl", watched.pipeline.web_url.value_or("")}})}});
  return error;
}

// As our API spells members, with what cannot be there left out.
Json spelled(Json const& failed) {
  Json list = Json::array();
  for (Json const& job : failed.items()) {
    Json entry = Json::object({{"id", job["id"]},
                               {"name", job["name"]},
                               {"stage", job["stage"]},
                               {"failureReason", job["failure_reason"]},
                               {"webUrl", job["web_url"]}});
    if (job.contains("log_tail")) entry.set("logTail", job["log_tail"]);
    if (job.contains("log_error")) entry.set("logError", job["log_error"]);
    list.push_back(std::move(entry));
  }
  return list;
}

Error failed(action::Context& context, Watched const& watched) {
  Error error = titled(pipeline_failed_type, "Pipeline failed", watched);
  JobsOf const of{.project = watched.project, .pipeline_id = watched.pipeline.id};
  auto const jobs = list_jobs(context.api, of);
  Json const list = jobs.ok()
                        ? spelled(failed_jobs(context.api, of, jobs.value(), log_lines_of_failure))
                        : Json::array();
  std::vector<std::string> names;
  for (Json const& job : list.items())
    names.push_back(job["name"].as_string());
  error.message = watched.words() + " ended as " + watched.pipeline.status;
  if (!names.empty()) error.message += "; failed: " + join(names, ", ");
  if (!jobs.ok()) error.cause = "Its jobs could not be read: " + jobs.error().message;
  if (jobs.ok() && names.empty())
    error.cause = "No job failed: it was stopped or had nothing to do.";
  error.remedy = "Read the ends of the logs in failedJobs, or open " +
                 watched.pipeline.web_url.value_or("the pipeline in GitLab") + ".";
  error.details.set("failedJobs", list);
  return error;
}

Error blocked(action::Context& context, Watched const& watched) {
  Error error = titled(pipeline_blocked_type, "Pipeline blocked", watched);
  error.message = describe_state(context, watched);
  error.cause = "A manual job must be started before the pipeline can go on.";
  error.remedy = "Start the job in GitLab, or choose if_blocked = wait.";
  return error;
}

Error too_late(Watched const& watched, Milliseconds timeout) {
  Error error = titled(pipeline_failed_type, "Pipeline timed out", watched);
  error.kind = ErrorKind::timed_out;
  error.status = 408;
  error.details.erase("type");
  error.details.erase("status");
  error.message = watched.words() + " has not finished within " + format_duration(timeout) +
                  "; it is " + watched.pipeline.status + ".";
  error.remedy = "It goes on in GitLab. Allow a longer timeout, or look why it takes so long.";
  return error;
}

action::Step<Pipeline> ask_again(action::Context const& context, Watched watched,
                                 WatchTerms const& terms, std::string words) {
  auto const waited = std::max(context.clock.now() - watched.began, Milliseconds(0));
  auto const left = std::max(terms.timeout - waited, Milliseconds(1));
  std::string key = wake_key(context, watched);
  auto const after = key.empty() ? check_after(waited) : check_after_unwoken;
  action::Wait wait{.check_after = std::min(after, left),
                    .waiting_for = std::move(words),
                    .state = state_of(watched),
                    .wake_key = std::move(key)};
  return {.output = std::move(watched.pipeline), .wait = std::move(wait)};
}

bool passing(Error const& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::rate_limited;
}

// GitLab cannot be asked now; what was known stays known.
action::Step<Pipeline> ask_again_after(action::Context const& context, std::string const& project,
                                       Error const& error, WatchTerms const& terms) {
  Watched known{.project = project, .pipeline = {}, .began = began_at(context)};
  known.pipeline.id = watched_pipeline(context.wait_state);
  known.pipeline.status = context.wait_state["status"].string_or("unknown");
  if (auto const number = context.wait_state["projectId"].as_integer(); number != 0)
    known.pipeline.project_id = number;
  if (auto const& url = context.wait_state["webUrl"].as_string(); !url.empty())
    known.pipeline.web_url = url;
  std::string words = known.words() + " (GitLab cannot be asked: " + error.message + ")";
  auto step = ask_again(context, std::move(known), terms, std::move(words));
  if (error.retry_after)
    step.wait->check_after = std::max(step.wait->check_after, *error.retry_after);
  return step;
}

Result<action::Step<Pipeline>> finish(action::Context& context, Watched watched) {
  if (watched.pipeline.status != "success") return failed(context, watched);
  FAIRLEAD_TRY(watched.pipeline.jobs, list_jobs(context.api, {.project = watched.project,
                                                              .pipeline_id = watched.pipeline.id}));
  return action::Step<Pipeline>{.output = std::move(watched.pipeline)};
}

}  // namespace

Milliseconds check_after(Milliseconds waited) {
  return std::clamp(waited / age_divisor, check_after_min, check_after_max);
}

std::int64_t watched_pipeline(Json const& wait_state) {
  return wait_state["pipelineId"].as_integer();
}

action::Step<Pipeline> begin_watch(action::Context const& context, std::string const& project,
                                   Pipeline pipeline) {
  Watched watched{
      .project = project, .pipeline = std::move(pipeline), .began = context.clock.now()};
  std::string words = watched.words() + " (" + watched.pipeline.status + ")";
  return ask_again(context, std::move(watched), {}, std::move(words));
}

Result<action::Step<Pipeline>> watch(action::Context& context, std::string const& project,
                                     std::int64_t pipeline_id, WatchTerms const& terms) {
  Watched watched{.project = project, .pipeline = {}, .began = began_at(context)};
  bool const out_of_time = context.clock.now() - watched.began >= terms.timeout;
  auto response = context.api.send(action::get("/projects/{}/pipelines/{}", project, pipeline_id));
  if (!response.ok()) {
    bool const goes_on = passing(response.error()) &&
                         watched_pipeline(context.wait_state) == pipeline_id && !out_of_time;
    if (goes_on) return ask_again_after(context, project, response.error(), terms);
    return std::move(response).error();
  }
  FAIRLEAD_TRY(watched.pipeline, schema::decode_answer<Pipeline>(response->body));
  if (phase_of(watched.pipeline.status) == PipelinePhase::final)
    return finish(context, std::move(watched));
  bool const manual = watched.pipeline.status == "manual";
  if (manual && terms.if_blocked == IfBlocked::fail) return blocked(context, watched);
  if (manual && terms.if_blocked == IfBlocked::finish)
    return action::Step<Pipeline>{.output = std::move(watched.pipeline)};
  if (out_of_time) return too_late(watched, terms.timeout);
  std::string words = describe_state(context, watched);
  return ask_again(context, std::move(watched), terms, std::move(words));
}

}  // namespace fairlead::gitlab
