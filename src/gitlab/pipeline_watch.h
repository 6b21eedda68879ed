// Watching a pipeline to its end without holding a thread: each call asks once and says when to ask
// again.
//
// The engine keeps Wait::state between calls; what it holds is enough after a restart. Used by
// trigger-pipeline and wait-for-pipeline. A failure of GitLab while we wait is no failure of the
// pipeline: the wait goes on. Blocking calls; thread-safe. Source:
// https://docs.gitlab.com/api/pipelines/ (checked on 19.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "action/define.h"
#include "gitlab/pipeline.h"
#include "gitlab/span.h"

namespace fairlead::gitlab {

// The first checks come quickly, so that short pipelines feel quick; then the distance grows with
// the age of the wait.
inline constexpr Milliseconds check_after_min{2'000};
inline constexpr Milliseconds check_after_max{300'000};
// In a run, webhook and keeper (gitlab/keeper.h) say when to look; this is the net below them.
inline constexpr Milliseconds check_after_unwoken{600'000};
inline constexpr Milliseconds watch_timeout_default{24LL * 3'600'000};

inline constexpr std::string_view pipeline_failed_type =
    "https://fairlead.dev/errors/gitlab/pipeline-failed";
inline constexpr std::string_view pipeline_blocked_type =
    "https://fairlead.dev/errors/gitlab/pipeline-blocked";
inline constexpr int failed_dependency_status = 424;

// A pipeline that only goes on when somebody starts its manual job.
enum class IfBlocked { fail, wait, finish };
constexpr auto enum_names(IfBlocked) {
  using Name = schema::EnumName<IfBlocked>;
  return std::array{Name{IfBlocked::fail, "fail", "Fail"},
                    Name{IfBlocked::wait, "wait", "Wait for somebody"},
                    Name{IfBlocked::finish, "finish", "Finish with the status manual"}};
}

struct WatchTerms {
  Milliseconds timeout{watch_timeout_default};
  IfBlocked if_blocked{IfBlocked::fail};
};

Milliseconds check_after(Milliseconds waited);

// The first wait for a pipeline that is known already; asks nothing.
action::Step<Pipeline> begin_watch(action::Context const& context, std::string const& project,
                                   Pipeline pipeline);
// Asks once. Context::wait_state is what an earlier call left. The output has the jobs once the
// pipeline has succeeded.
// Errors: conflict, titled "Pipeline failed" (failed, canceled, skipped) or "Pipeline blocked",
// with status 424 and details {type, status, pipeline, failedJobs: [{id, name, stage,
// failureReason, webUrl, logTail}]}; timed_out.
Result<action::Step<Pipeline>> watch(action::Context& context, std::string const& project,
                                     std::int64_t pipeline_id, WatchTerms const& terms);
// The pipeline that a wait state is about; 0 if it is none of ours.
std::int64_t watched_pipeline(Json const& wait_state);

}  // namespace fairlead::gitlab
