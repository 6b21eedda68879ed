// HookEvent: what GitLab's webhook said, as a CloudEvent for the inbox and as wake keys.
//
// Types are named in docs/webhooks.md: "com.gitlab.pipeline", "com.gitlab.issue", ... The data is
// GitLab's own body with secrets masked. A body of a custom template, or of a kind nobody knew, is
// still an event ("com.gitlab.other"): the shape is never relied on. Pure; any thread.
// Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ (checked on 19.5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "gitlab/wake_key.h"
#include "net/http.h"
#include "store/records.h"

namespace fairlead::gitlab {

// A larger body is kept without its details: who needs them asks the API.
inline constexpr std::size_t hook_data_bytes_max = 1u << 20;
inline constexpr std::size_t hook_subject_bytes_max = 500;

struct HookOrigin {
  std::string base_url;  // of the connection: the event's source
  Time now{};
};

struct HookEvent {
  store::EventRecord event;
  // What may wait for it; `connection` is left empty: there may be several to that instance.
  std::vector<PipelineKey> wakes;
  std::vector<std::string> projects;  // what it is about, by number and by path
  std::string status;                 // of the pipeline, if it is about one
  std::optional<Time> finished_at;    // of the pipeline
  // When it took place by GitLab's clock, where the payload says so to the second: the end of a
  // pipeline or job, the change of an issue or merge request.
  std::optional<Time> happened_at;
};

// Errors: invalid_input (no JSON object).
Result<HookEvent> hook_event(net::Headers const& headers, std::string_view body,
                             HookOrigin const& origin);

}  // namespace fairlead::gitlab
