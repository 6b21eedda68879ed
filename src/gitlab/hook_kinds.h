// The kinds of events that a webhook can tell of: our word for each and GitLab's field.
//
// "merge-request" is the event com.gitlab.merge-request and the field merge_requests_events. Every
// hook of ours tells of pipelines and issues; the others are ticked when something starts on them.
// Pure; any thread. Source: https://docs.gitlab.com/api/project_webhooks/ (checked on 19.5).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::gitlab {

struct HookKind {
  std::string_view name;
  std::string_view field;
  // group: GitLab has no such field at a project's hook.
  enum class At { project, group } at{At::project};
};

inline constexpr std::string_view gitlab_type_prefix = "com.gitlab.";

std::span<HookKind const> hook_kinds();
// "merge-request push": sorted, each once.
std::string join_kinds(std::string_view some, std::vector<std::string> const& more);
// What no hook is without.
bool is_ever_told(std::string_view kind);

}  // namespace fairlead::gitlab
