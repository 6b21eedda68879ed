// How pipelines move: a plan of steps in time, carried out by settle() whenever somebody looks and
// by the ticker.
//
// The plan comes from, strongest first: variables of the pipeline (SANDBOX_RESULT = success,
// failed, canceled, skipped, manual, scheduled, warnings or stuck; SANDBOX_SECONDS;
// SANDBOX_STATUSES = comma list of status words; SANDBOX_FAILED_JOB), the plan of its project and
// ref (control API), the options. Jobs: compile, unit, release. Hold World::mutex.
#pragma once

#include <string>
#include <vector>

#include "sandbox/world.h"

namespace fairlead::sandbox {

// Creates the jobs of a fresh pipeline and plans all its steps from now on.
void start_pipeline(World& world, Pipeline& pipeline);
// Carries out every step that is due and announces it.
void settle(World& world);
// When the next step is due, if any.
std::optional<Time> next_step(World const& world);

void cancel_pipeline(World& world, Pipeline& pipeline);
// New runs of the given jobs (copies; the old ones count as retried) and of what was skipped after
// them.
void rerun(World& world, Pipeline& pipeline, std::vector<Number> const& job_ids);
// Starts a manual or scheduled job.
void play_job(World& world, Pipeline& pipeline, Job& job);
// Puts it into a status at once, whatever the plan was.
void force_status(World& world, Pipeline& pipeline, std::string const& status);
// The plan for a project and ref as set by the control API, or the default one.
PipelinePlan plan_for(World const& world, Pipeline const& pipeline);

bool final_status(std::string_view status);
bool known_status(std::string_view status);

}  // namespace fairlead::sandbox
