// A pipeline as GitLab answers it, and what its status means.
//
// Only `id` and `status` must be there. Final statuses are success, failed, canceled, skipped;
// manual and scheduled rest until somebody plays a job; unknown words of newer servers count as
// still moving. Final is not for ever: a retry makes the same pipeline run again. Source:
// https://docs.gitlab.com/api/pipelines/ (checked on 19.5). Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/codec.h"

namespace fairlead::gitlab {

struct Pipeline {
  std::int64_t id{0};
  std::optional<std::int64_t> iid;
  std::optional<std::int64_t> project_id;
  std::string status;
  std::optional<std::string> ref;
  std::optional<std::string> sha;
  std::optional<std::string> source;
  std::optional<std::string> name;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> started_at;
  std::optional<std::string> finished_at;
  std::optional<std::string> web_url;
  std::optional<Json> jobs;
  std::optional<Json> failed_jobs;
  std::optional<Json> test_summary;
  std::optional<Json> variables;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("id", &Pipeline::id, {.label = "Id"}),
        field("iid", &Pipeline::iid, {.label = "Number in the project"}),
        field("project_id", &Pipeline::project_id, {.label = "Project id"}),
        field("status", &Pipeline::status,
              {.label = "Status",
               .help =
                   "Final are success, failed, canceled and skipped; manual and scheduled rest."}),
        field("ref", &Pipeline::ref, {.label = "Branch or tag"}),
        field("sha", &Pipeline::sha, {.label = "Commit"}),
        field("source", &Pipeline::source,
              {.label = "Source", .help = "What started it: push, api, schedule, ..."}),
        field("name", &Pipeline::name, {.label = "Name"}),
        field("created_at", &Pipeline::created_at, {.label = "Created"}),
        field("updated_at", &Pipeline::updated_at, {.label = "Updated"}),
        field("started_at", &Pipeline::started_at, {.label = "Started"}),
        field("finished_at", &Pipeline::finished_at, {.label = "Finished"}),
        field("web_url", &Pipeline::web_url, {.label = "Web page"}),
        field("jobs", &Pipeline::jobs, {.label = "Jobs", .help = "Only if asked for."}),
        field("failed_jobs", &Pipeline::failed_jobs,
              {.label = "Failed jobs",
               .help =
                   "If asked for: id, name, stage, web_url, failure_reason and log_tail of each."}),
        field("test_summary", &Pipeline::test_summary,
              {.label = "Test summary", .help = "Only if asked for."}),
        field("variables", &Pipeline::variables,
              {.label = "Variables",
               .help = "Only if asked for; values that look secret are masked."}),
        schema::rest(&Pipeline::rest)};
  }
};

// All the words of 19.5.
enum class PipelineStatus {
  created,
  waiting_for_resource,
  preparing,
  waiting_for_callback,
  pending,
  running,
  success,
  failed,
  canceling,
  canceled,
  skipped,
  manual,
  scheduled
};
constexpr auto enum_names(PipelineStatus) {
  using enum PipelineStatus;
  using Name = schema::EnumName<PipelineStatus>;
  return std::array{
      Name{created, "created"},     Name{waiting_for_resource, "waiting_for_resource"},
      Name{preparing, "preparing"}, Name{waiting_for_callback, "waiting_for_callback"},
      Name{pending, "pending"},     Name{running, "running"},
      Name{success, "success"},     Name{failed, "failed"},
      Name{canceling, "canceling"}, Name{canceled, "canceled"},
      Name{skipped, "skipped"},     Name{manual, "manual"},
      Name{scheduled, "scheduled"}};
}

// final: finished, unless somebody retries. blocked: rests until a person or a timer goes on.
// moving: all else.
enum class PipelinePhase { moving, blocked, final };
PipelinePhase phase_of(std::string_view status);

}  // namespace fairlead::gitlab
