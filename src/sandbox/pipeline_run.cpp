#include "sandbox/pipeline_run.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "sandbox/events.h"

namespace fairlead::sandbox {
namespace {

struct JobKind {
  std::string_view name;
  std::string_view stage;
};
constexpr std::array<JobKind, 3> job_kinds{
    {{"compile", "build"}, {"unit", "test"}, {"release", "deploy"}}};

constexpr std::array<std::string_view, 13> all_statuses{"created",   "waiting_for_resource",
                                                        "preparing", "waiting_for_callback",
                                                        "pending",   "running",
                                                        "success",   "failed",
                                                        "canceling", "canceled",
                                                        "skipped",   "manual",
                                                        "scheduled"};

constexpr Milliseconds run_time_max{std::chrono::hours(24 * 30)};

std::string variable(Pipeline const& pipeline, std::string_view key) {
  for (PipelineVariable const& variable : pipeline.variables) {
    if (variable.key == key) return variable.value;
  }
  return {};
}

std::optional<Milliseconds> seconds(std::string const& text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return std::min(Milliseconds(static_cast<std::int64_t>(value * 1000)), run_time_max);
}

void plan_step(World& world, Pipeline const& pipeline, Time at, DueStep step) {
  step.pipeline_id = pipeline.id;
  step.generation = pipeline.generation;
  world.due.emplace(at, std::move(step));
}

void plan_status(World& world, Pipeline const& pipeline, Time at, std::string_view status) {
  plan_step(world, pipeline, at, {.job_id = 0, .status = std::string(status)});
}

// One job waits at `from`, runs, and is over at `to` with its outcome.
void plan_job(World& world, Pipeline const& pipeline, Job& job, Time from, Time to) {
  plan_step(world, pipeline, from, {.job_id = job.id, .status = "pending"});
  plan_step(world, pipeline, from, {.job_id = job.id, .status = "running"});
  plan_step(world, pipeline, to, {.job_id = job.id, .status = job.outcome});
}

// What each job ends as, given what the pipeline ends as.
void choose_outcomes(World& world, Pipeline const& pipeline, std::vector<Number> const& ids,
                     PipelinePlan const& plan) {
  std::size_t failing = ids.size() < 2 ? 0 : 1;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (world.state.jobs[ids[i]].name == plan.failed_job) failing = i;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Job& job = world.state.jobs[ids[i]];
    job.outcome = "success";
    if (plan.result == "failed" && i >= failing) job.outcome = i == failing ? "failed" : "skipped";
    if (plan.result == "canceled" && i + 1 >= ids.size()) job.outcome = "canceled";
    if (plan.result == "skipped") job.outcome = "skipped";
    if ((plan.result == "manual" || plan.result == "scheduled") && i + 1 == ids.size())
      job.outcome = plan.result;
    if (plan.result == "warnings" && i == failing) job.outcome = "failed", job.allow_failure = true;
    if (plan.result == "stuck") job.outcome = i == 0 ? "running" : "created";
  }
  (void)pipeline;
}

bool runs_at_all(std::string const& outcome) {
  return outcome == "success" || outcome == "failed" || outcome == "canceled" ||
         outcome == "running";
}

void plan_jobs(World& world, Pipeline const& pipeline, std::vector<Number> const& ids, Time from,
               Time to) {
  auto const count = std::count_if(
      ids.begin(), ids.end(), [&](Number id) { return runs_at_all(world.state.jobs[id].outcome); });
  Milliseconds const share = count == 0 ? Milliseconds(0) : (to - from) / count;
  Time at = from;
  for (Number const id : ids) {
    Job& job = world.state.jobs[id];
    if (runs_at_all(job.outcome)) {
      plan_job(world, pipeline, job, at, at + share);
      at += share;
    } else if (job.outcome != "created") {
      plan_step(world, pipeline, to, {.job_id = id, .status = job.outcome});
    }
  }
}

std::vector<std::string> status_path(PipelinePlan const& plan) {
  if (!plan.statuses.empty()) return plan.statuses;
  if (plan.result == "skipped") return {"skipped"};
  std::vector<std::string> path{"preparing", "pending", "running"};
  if (plan.result == "stuck") return path;
  path.push_back(plan.result == "warnings" ? "success" : plan.result);
  return path;
}

// Steps before `running` share a quarter of the run time; what follows comes one run time later.
void plan_path(World& world, Pipeline& pipeline, PipelinePlan const& plan,
               std::vector<Number> const& ids) {
  std::vector<std::string> const path = status_path(plan);
  auto const running = std::find(path.begin(), path.end(), "running");
  auto const lead = running - path.begin();
  Milliseconds const lead_step = pipeline.run_time / 4 / (lead + 1);
  Time at = world.now();
  for (auto it = path.begin(); it != running; ++it) {
    if (*it != "created") at += lead_step;
    plan_status(world, pipeline, at, *it);
  }
  if (running == path.end()) {
    plan_jobs(world, pipeline, ids, at, at);
    return;
  }
  Time const start = at + lead_step;
  Time const end = start + pipeline.run_time;
  plan_status(world, pipeline, start, "running");
  plan_jobs(world, pipeline, ids, start, end);
  for (auto it = running + 1; it != path.end(); ++it)
    plan_status(world, pipeline, end, *it);
}

std::string trace_of(Pipeline const& pipeline, Job const& job) {
  std::string text = "\x1b[0KRunning with gitlab-runner 19.5.0 (sandbox)\x1b[0;m\n";
  text += "\x1b[0KPreparing the \"shell\" executor\x1b[0;m\n";
  text += "$ echo \"job " + job.name + " of pipeline #" + std::to_string(pipeline.id) + " on " +
          pipeline.ref + "\"\n";
  text += "job " + job.name + " of pipeline #" + std::to_string(pipeline.id) + " on " +
          pipeline.ref + "\n";
  for (PipelineVariable const& variable : pipeline.variables) {
    text += "variable " + variable.key + " is set (" + std::to_string(variable.value.size()) +
            " characters)\n";
  }
  if (job.outcome == "failed") {
    text += "check 1 passed\ncheck 2 passed\ncheck 3 FAILED: expected 200, got 503\n";
    text += "\x1b[31;1mERROR: Job failed: exit status 1\x1b[0;m\n";
  } else {
    text += "\x1b[32;1mJob succeeded\x1b[0;m\n";
  }
  return text;
}

void enter(World& world, Job& job, std::string const& status, Time at) {
  job.status = status;
  if (status == "pending") job.queued_at = at;
  if (status == "running") job.started_at = at;
  if (status == "skipped" || final_status(status)) {
    if (job.started_at) job.finished_at = at;
    if (status == "failed") job.failure_reason = "script_failure";
    Pipeline const& pipeline = world.state.pipelines.at(job.pipeline_id);
    if (job.started_at) job.trace = trace_of(pipeline, job);
  }
  announce_job(world, job);
}

void enter(World& world, Pipeline& pipeline, std::string const& status, Time at) {
  if (pipeline.status == status) return;
  pipeline.status = status;
  pipeline.updated_at = at;
  if (status == "pending" && !pipeline.queued_at) pipeline.queued_at = at;
  if (status == "running") {
    if (!pipeline.started_at) pipeline.started_at = at;
    pipeline.finished_at.reset();
  }
  if (final_status(status)) pipeline.finished_at = at;
  announce_pipeline(world, pipeline);
}

void take_step(World& world, DueStep const& step, Time at) {
  auto const it = world.state.pipelines.find(step.pipeline_id);
  if (it == world.state.pipelines.end() || it->second.generation != step.generation) return;
  if (step.job_id == 0) {
    enter(world, it->second, step.status, at);
    return;
  }
  auto const job = world.state.jobs.find(step.job_id);
  if (job != world.state.jobs.end()) enter(world, job->second, step.status, at);
}

Job& add_job(World& world, Pipeline& pipeline, std::string_view name, std::string_view stage) {
  Number const id = world.next_id("job");
  Job& job = world.state.jobs[id];
  job.id = id;
  job.pipeline_id = pipeline.id;
  job.project_id = pipeline.project_id;
  job.name = name;
  job.stage = stage;
  job.created_at = world.now();
  return job;
}

}  // namespace

bool final_status(std::string_view status) {
  return status == "success" || status == "failed" || status == "canceled" || status == "skipped";
}

bool known_status(std::string_view status) {
  return std::find(all_statuses.begin(), all_statuses.end(), status) != all_statuses.end();
}

PipelinePlan plan_for(World const& world, Pipeline const& pipeline) {
  PipelinePlan plan;
  std::string const project = std::to_string(pipeline.project_id);
  for (std::string const& key : {project + " " + pipeline.ref, project}) {
    auto const it = world.plans.find(key);
    if (it != world.plans.end()) {
      plan = it->second;
      break;
    }
  }
  if (std::string const result = variable(pipeline, "SANDBOX_RESULT"); !result.empty())
    plan.result = result;
  if (auto const time = seconds(variable(pipeline, "SANDBOX_SECONDS"))) plan.run_time = time;
  if (std::string const job = variable(pipeline, "SANDBOX_FAILED_JOB"); !job.empty())
    plan.failed_job = job;
  if (std::string const list = variable(pipeline, "SANDBOX_STATUSES"); !list.empty()) {
    plan.statuses.clear();
    for (std::string const& word : split(list, ',')) {
      if (known_status(trim(word))) plan.statuses.emplace_back(trim(word));
    }
    if (!plan.statuses.empty()) plan.result = plan.statuses.back();
  }
  return plan;
}

void start_pipeline(World& world, Pipeline& pipeline) {
  PipelinePlan const plan = plan_for(world, pipeline);
  pipeline.run_time = plan.run_time.value_or(world.options.pipeline_run_time);
  pipeline.warnings = plan.result == "warnings";
  for (JobKind const& kind : job_kinds) {
    pipeline.job_ids.push_back(add_job(world, pipeline, kind.name, kind.stage).id);
  }
  choose_outcomes(world, pipeline, pipeline.job_ids, plan);
  plan_path(world, pipeline, plan, pipeline.job_ids);
  announce_pipeline(world, pipeline);
  world.changed.notify_all();
}

void settle(World& world) {
  Time const now = world.now();
  while (!world.due.empty() && world.due.begin()->first <= now) {
    auto const first = world.due.extract(world.due.begin());
    take_step(world, first.mapped(), first.key());
  }
}

std::optional<Time> next_step(World const& world) {
  if (world.due.empty()) return std::nullopt;
  return world.due.begin()->first;
}

void cancel_pipeline(World& world, Pipeline& pipeline) {
  if (final_status(pipeline.status)) return;
  ++pipeline.generation;
  bool const running = pipeline.status == "running";
  for (Number const id : pipeline.job_ids) {
    Job& job = world.state.jobs[id];
    if (!job.retried && !final_status(job.status)) enter(world, job, "canceled", world.now());
  }
  if (!running) {
    enter(world, pipeline, "canceled", world.now());
    return;
  }
  enter(world, pipeline, "canceling", world.now());
  plan_status(world, pipeline, world.now() + pipeline.run_time / 20, "canceled");
  world.changed.notify_all();
}

void rerun(World& world, Pipeline& pipeline, std::vector<Number> const& job_ids) {
  ++pipeline.generation;
  std::vector<Number> running;
  std::vector<Number> const former = pipeline.job_ids;
  for (Number const id : former) {
    bool const wanted = std::find(job_ids.begin(), job_ids.end(), id) != job_ids.end();
    Job const old = world.state.jobs[id];
    if (old.retried || (!wanted && old.status != "skipped")) continue;
    if (old.status == "skipped") {
      world.state.jobs[id].status = "created";
      running.push_back(id);
      continue;
    }
    world.state.jobs[id].retried = true;
    Job& fresh = add_job(world, pipeline, old.name, old.stage);
    pipeline.job_ids.push_back(fresh.id);
    running.push_back(fresh.id);
  }
  choose_outcomes(world, pipeline, running, {});
  pipeline.warnings = false;
  Time const start = world.now() + pipeline.run_time / 8;
  Time const end = start + pipeline.run_time;
  enter(world, pipeline, "pending", world.now());
  plan_status(world, pipeline, start, "running");
  plan_jobs(world, pipeline, running, start, end);
  plan_status(world, pipeline, end, "success");
  world.changed.notify_all();
}

void play_job(World& world, Pipeline& pipeline, Job& job) {
  ++pipeline.generation;
  job.outcome = "success";
  Time const start = world.now() + pipeline.run_time / 8;
  Time const end = start + pipeline.run_time / 3;
  enter(world, job, "pending", world.now());
  enter(world, pipeline, "pending", world.now());
  plan_status(world, pipeline, start, "running");
  plan_job(world, pipeline, job, start, end);
  plan_status(world, pipeline, end, "success");
  world.changed.notify_all();
}

void force_status(World& world, Pipeline& pipeline, std::string const& status) {
  ++pipeline.generation;
  for (Number const id : pipeline.job_ids) {
    Job& job = world.state.jobs[id];
    if (job.retried || final_status(job.status)) continue;
    job.outcome = status;
    if (final_status(status) && status != "skipped" && !job.started_at)
      job.started_at = world.now();
    enter(world, job, status, world.now());
  }
  enter(world, pipeline, status, world.now());
  world.changed.notify_all();
}

}  // namespace fairlead::sandbox
