// Jobs and their traces. Source: doc/api/jobs.md (19.5).
#include <algorithm>

#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Result<Job*> find_job(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments.at(0)));
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "job_id"));
  auto const it = call.world.state.jobs.find(id);
  if (it == call.world.state.jobs.end() || it->second.project_id != project->id) return not_found();
  return &it->second;
}

Result<Job*> find_job_for(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_developer));
  (void)project;
  return find_job(call);
}

Result<std::vector<std::string>> read_scope(Call& call) {
  std::vector<std::string> const scope = call.in.list("scope");
  for (std::string const& word : scope) {
    if (!known_status(word)) return bad_parameters("scope does not have a valid value");
  }
  return scope;
}

bool in_scope(std::vector<std::string> const& scope, Job const& job) {
  return scope.empty() || std::find(scope.begin(), scope.end(), job.status) != scope.end();
}

Result<Reply> jobs_page(Call& call, std::vector<Job const*> rows, PageRules const& rules) {
  std::sort(rows.begin(), rows.end(), [](Job const* a, Job const* b) { return a->id > b->id; });
  return page_reply(
      call, rows.size(), rules, [&](std::size_t i) { return job_json(call.world, *rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

Result<Reply> list_project_jobs(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_TRY(std::vector<std::string> const scope, read_scope(call));
  std::vector<Job const*> rows;
  for (auto const& [id, job] : call.world.state.jobs) {
    if (job.project_id == project->id && in_scope(scope, job)) rows.push_back(&job);
  }
  PageRules const rules{
      .offset_limited_type = "", .defaults = {}, .keyset = PageRules::Keyset::by_cursor};
  return jobs_page(call, std::move(rows), rules);
}

Result<Reply> list_pipeline_jobs(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "pipeline_id"));
  FAIRLEAD_TRY(std::vector<std::string> const scope, read_scope(call));
  bool const retried_too = call.in.flag("include_retried");
  FAIRLEAD_CHECK(call.in.check());
  auto const pipeline = call.world.state.pipelines.find(id);
  if (pipeline == call.world.state.pipelines.end() || pipeline->second.project_id != project->id) {
    return not_found();
  }
  std::vector<Job const*> rows;
  for (Number const job_id : pipeline->second.job_ids) {
    Job const& job = call.world.state.jobs.at(job_id);
    if ((retried_too || !job.retried) && in_scope(scope, job)) rows.push_back(&job);
  }
  return jobs_page(call, std::move(rows), {});
}

Result<Reply> get_job(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job(call));
  return json_reply(200, job_json(call.world, *job));
}

Result<Reply> get_trace(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job(call));
  return text_reply(200, job->trace);
}

Result<Reply> cancel_job(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job_for(call));
  cancel_pipeline(call.world, call.world.state.pipelines.at(job->pipeline_id));
  return json_reply(201, job_json(call.world, *job));
}

Result<Reply> retry_job(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job_for(call));
  if (!final_status(job->status) || job->retried) return forbidden("Job is not retryable");
  Pipeline& pipeline = call.world.state.pipelines.at(job->pipeline_id);
  rerun(call.world, pipeline, {job->id});
  return json_reply(201, job_json(call.world, call.world.state.jobs.at(pipeline.job_ids.back())));
}

Result<Reply> play(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job_for(call));
  if (job->status != "manual" && job->status != "scheduled") {
    return refuse_message(400, "400 Bad request - Unplayable Job");
  }
  play_job(call.world, call.world.state.pipelines.at(job->pipeline_id), *job);
  return json_reply(200, job_json(call.world, *job));
}

Result<Reply> erase_job(Call& call) {
  FAIRLEAD_TRY(Job * job, find_job_for(call));
  if (job->erased || !final_status(job->status)) return forbidden("Job is not erasable!");
  job->erased = true;
  job->trace.clear();
  return json_reply(201, job_json(call.world, *job));
}

}  // namespace

ApiRoutes job_routes() {
  using enum net::Method;
  return {{get, "projects/:id/jobs", list_project_jobs, Need::nothing},
          {get, "projects/:id/pipelines/:pipeline_id/jobs", list_pipeline_jobs, Need::nothing},
          {get, "projects/:id/jobs/:job_id", get_job, Need::nothing},
          {get, "projects/:id/jobs/:job_id/trace", get_trace, Need::nothing},
          {post, "projects/:id/jobs/:job_id/cancel", cancel_job, Need::signed_in},
          {post, "projects/:id/jobs/:job_id/retry", retry_job, Need::signed_in},
          {post, "projects/:id/jobs/:job_id/play", play, Need::signed_in},
          {post, "projects/:id/jobs/:job_id/erase", erase_job, Need::signed_in}};
}

}  // namespace fairlead::sandbox
