// ListedEvents: what a listing of GitLab's shows, put as its webhook would have said it.
//
// For events that no webhook told of, because it was switched off or deleted. A listing shows how a
// thing is now, not each step on the way: one event for what became of it, with the action that
// fits best and `fairlead_backfilled: true`. Pure; any thread.
// Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ (checked on 19.5).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"

namespace fairlead::gitlab {

struct ListedKind {
  std::string_view flag;         // of the hook: "issues_events"
  std::string_view type;         // of our event: "com.gitlab.issue"
  std::string_view object_kind;  // of GitLab's body: "issue"
  std::string_view header;       // X-Gitlab-Event: "Issue Hook"
  std::string_view path;         // below a project: "issues"
  bool of_groups{true};          // groups have that listing, too
};
inline constexpr std::array<ListedKind, 3> listed_kinds{{
    {"issues_events", "com.gitlab.issue", "issue", "Issue Hook", "issues"},
    {"merge_requests_events", "com.gitlab.merge-request", "merge_request", "Merge Request Hook",
     "merge_requests"},
    {"pipeline_events", "com.gitlab.pipeline", "pipeline", "Pipeline Hook", "pipelines", false},
}};

// Whether that hook (as GitLab shows it) tells of such a row: not of confidential issues unless
// they are ticked, and of tasks and the like as work items, which are another kind.
bool would_be_told(ListedKind const& kind, Json const& row, Json const& hook);

// The body of a webhook about a row that changed after `since`.
Json listed_body(ListedKind const& kind, Json const& row, Time since);

// Names one state of one thing, in a body of ours as in one of GitLab's: who knows it has heard of
// it. "" if that cannot be said.
std::string state_of(ListedKind const& kind, Json const& body);

}  // namespace fairlead::gitlab
