// Pipelines and jobs as JSON. Source: lib/api/entities/ci/pipeline.rb, job.rb (19.5),
// json-schemas/pipeline/*.json.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

struct StatusWords {
  std::string_view status;
  std::string_view text;
  std::string_view label;
  std::string_view icon;
};

// lib/gitlab/ci/status/*.rb
constexpr std::array<StatusWords, 13> words{
    {{"created", "Created", "created", "status_created"},
     {"waiting_for_resource", "Waiting", "waiting for resource", "status_pending"},
     {"preparing", "Preparing", "preparing", "status_preparing"},
     {"waiting_for_callback", "Waiting", "waiting for callback", "status_pending"},
     {"pending", "Pending", "pending", "status_pending"},
     {"running", "Running", "running", "status_running"},
     {"success", "Passed", "passed", "status_success"},
     {"failed", "Failed", "failed", "status_failed"},
     {"canceling", "Canceling", "canceling", "status_canceled"},
     {"canceled", "Canceled", "canceled", "status_canceled"},
     {"skipped", "Skipped", "skipped", "status_skipped"},
     {"manual", "Blocked", "waiting for manual action", "status_manual"},
     {"scheduled", "Delayed", "waiting for delayed job", "status_scheduled"}}};

Json detailed_status_json(Pipeline const& pipeline, std::string const& full_path) {
  auto const it = std::find_if(words.begin(), words.end(), [&](StatusWords const& row) {
    return row.status == pipeline.status;
  });
  StatusWords row = it == words.end() ? words.front() : *it;
  std::string group(row.status);
  std::replace(group.begin(), group.end(), '_', '-');
  bool const warned = pipeline.status == "success" && pipeline.warnings;
  if (warned) {
    row = {"success", "Warning", "passed with warnings", "status_warning"};
    group = "success-with-warnings";
  }
  return Json::object(
      {{"icon", row.icon},
       {"text", row.text},
       {"label", row.label},
       {"group", group},
       {"tooltip", row.label},
       {"has_details", true},
       {"details_path", "/" + full_path + "/-/pipelines/" + std::to_string(pipeline.id)},
       {"illustration", Json()},
       {"favicon", "/assets/ci_favicons/favicon_" + std::string(row.icon) + ".png"}});
}

Json seconds_between(std::optional<Time> const& from, std::optional<Time> const& to) {
  if (!from || !to) return {};
  return static_cast<double>((*to - *from).count()) / 1000.0;
}

Json whole_seconds(std::optional<Time> const& from, std::optional<Time> const& to) {
  if (!from || !to) return {};
  return (*to - *from).count() / 1000;
}

}  // namespace

Json commit_json(World& world, Project const& project, Commit const& commit) {
  User const* author = world.user(project.creator_id);
  std::string const name = author == nullptr ? "Administrator" : author->name;
  std::string const email = author == nullptr ? "admin@example.com" : author->email;
  std::string const at = format_time(commit.created_at);
  return Json::object({{"id", commit.sha},
                       {"short_id", commit.sha.substr(0, 8)},
                       {"created_at", at},
                       {"parent_ids", Json::array()},
                       {"title", commit.message},
                       {"message", commit.message},
                       {"author_name", name},
                       {"author_email", email},
                       {"authored_date", at},
                       {"committer_name", name},
                       {"committer_email", email},
                       {"committed_date", at},
                       {"trailers", Json::object()},
                       {"extended_trailers", Json::object()},
                       {"web_url", world.web_url(project.full_path + "/-/commit/" + commit.sha)}});
}

Json pipeline_json(World& world, Pipeline const& pipeline) {
  Project const* project = world.project(pipeline.project_id);
  std::string const path = project == nullptr ? std::string() : project->full_path;
  return Json::object(
      {{"id", pipeline.id},
       {"iid", pipeline.iid},
       {"project_id", pipeline.project_id},
       {"sha", pipeline.sha},
       {"ref", pipeline.ref},
       {"status", pipeline.status},
       {"source", pipeline.source},
       {"created_at", format_time(pipeline.created_at)},
       {"updated_at", format_time(pipeline.updated_at)},
       {"web_url", world.web_url(path + "/-/pipelines/" + std::to_string(pipeline.id))},
       {"name", text_or_null(pipeline.name)}});
}

Json pipeline_detail_json(World& world, Pipeline const& pipeline) {
  Json json = pipeline_json(world, pipeline);
  Project const* project = world.project(pipeline.project_id);
  json.set("before_sha", "0000000000000000000000000000000000000000");
  json.set("tag", pipeline.tag);
  json.set("yaml_errors", pipeline.yaml_errors ? Json(*pipeline.yaml_errors) : Json());
  json.set("user", user_json(world, world.user(pipeline.user_id)));
  json.set("started_at", time_or_null(pipeline.started_at));
  json.set("finished_at", time_or_null(pipeline.finished_at));
  json.set("committed_at", Json());
  json.set("duration", whole_seconds(pipeline.started_at, pipeline.finished_at));
  json.set("queued_duration", whole_seconds(pipeline.queued_at, pipeline.started_at));
  json.set("coverage", pipeline.coverage ? Json(*pipeline.coverage) : Json());
  json.set("detailed_status",
           detailed_status_json(pipeline, project == nullptr ? "" : project->full_path));
  json.set("archived", false);
  return json;
}

Json job_json(World& world, Job const& job) {
  Pipeline const& pipeline = world.state.pipelines.at(job.pipeline_id);
  Project const& project = *world.project(job.project_id);
  auto const branch = project.branches.find(pipeline.ref);
  Commit const commit =
      branch == project.branches.end()
          ? Commit{.sha = pipeline.sha, .message = "", .created_at = pipeline.created_at}
          : branch->second.commit;
  Json pipeline_part = pipeline_json(world, pipeline);
  pipeline_part.erase("name");
  Json json = Json::object(
      {{"id", job.id},
       {"status", job.status},
       {"stage", job.stage},
       {"name", job.name},
       {"ref", pipeline.ref},
       {"tag", pipeline.tag},
       {"coverage", Json()},
       {"allow_failure", job.allow_failure},
       {"created_at", format_time(job.created_at)},
       {"started_at", time_or_null(job.started_at)},
       {"finished_at", time_or_null(job.finished_at)},
       {"erased_at", Json()},
       {"duration", seconds_between(job.started_at, job.finished_at)},
       {"queued_duration", seconds_between(job.queued_at, job.started_at)},
       {"user", user_json(world, world.user(pipeline.user_id))},
       {"commit", commit_json(world, project, commit)},
       {"pipeline", std::move(pipeline_part)},
       {"web_url", world.web_url(project.full_path + "/-/jobs/" + std::to_string(job.id))},
       {"project", Json::object({{"ci_job_token_scope_enabled", false}})}});
  if (!job.failure_reason.empty()) json.set("failure_reason", job.failure_reason);
  json.set("artifacts", Json::array());
  json.set("runner", Json());
  json.set("runner_manager", Json());
  json.set("artifacts_expire_at", Json());
  json.set("archived", false);
  json.set("tag_list", Json::array());
  return json;
}

}  // namespace fairlead::sandbox
