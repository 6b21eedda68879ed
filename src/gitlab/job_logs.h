// Job logs: the last lines of what failed jobs printed, readable and without secrets.
//
// Raw logs hold terminal colours, lines overwritten by progress bars, section markers and time
// stamps; all that goes.
// Source: https://docs.gitlab.com/api/jobs/#get-a-log-file,
// https://docs.gitlab.com/ci/jobs/job_logs/ (checked on 19.5).
// log_tail is pure; the rest blocks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "action/action.h"

namespace fairlead::gitlab {

inline constexpr std::int64_t log_lines_default = 100;
inline constexpr std::int64_t log_lines_max = 1'000;
inline constexpr std::size_t log_line_bytes_max = 2'000;
// Failed jobs whose logs are fetched; the others are listed without.
inline constexpr std::size_t logs_fetched_max = 10;
inline constexpr std::int64_t jobs_max = 1'000;

// The last `lines` lines with text, cleaned and masked.
std::string log_tail(std::string_view log, std::int64_t lines);

struct JobsOf {
  std::string project;  // id or full path
  std::int64_t pipeline_id{0};
};
// All jobs of a pipeline as GitLab has them, at most jobs_max.
Result<Json> list_jobs(action::Api& api, JobsOf const& of);
// The failed ones of `jobs`: [{id, name, stage, web_url, failure_reason, allow_failure, log_tail}],
// those that may not fail first. A log that cannot be read leaves `log_error` instead of
// `log_tail`.
Json failed_jobs(action::Api& api, JobsOf const& of, Json const& jobs, std::int64_t lines);

}  // namespace fairlead::gitlab
