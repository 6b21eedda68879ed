#include "gitlab/hook_kinds.h"

#include <array>
#include <set>

#include "base/text.h"

namespace fairlead::gitlab {

std::span<HookKind const> hook_kinds() {
  using At = HookKind::At;
  static constexpr std::array<HookKind, 19> all{{
      {"pipeline", "pipeline_events"},
      {"issue", "issues_events"},
      {"work-item", "issues_events"},
      {"merge-request", "merge_requests_events"},
      {"note", "note_events"},
      {"push", "push_events"},
      {"tag-push", "tag_push_events"},
      {"job", "job_events"},
      {"release", "releases_events"},
      {"deployment", "deployment_events"},
      {"milestone", "milestone_events"},
      {"emoji", "emoji_events"},
      {"wiki-page", "wiki_page_events"},
      {"feature-flag", "feature_flag_events"},
      {"access-token", "resource_access_token_events"},
      {"vulnerability", "vulnerability_events"},
      {"member", "member_events", At::group},
      {"subgroup", "subgroup_events", At::group},
      {"project", "project_events", At::group},
  }};
  return all;
}

bool is_ever_told(std::string_view kind) {
  return kind == "pipeline" || kind == "issue" || kind == "work-item";
}

std::string join_kinds(std::string_view some, std::vector<std::string> const& more) {
  std::set<std::string> all(more.begin(), more.end());
  for (auto const& kind : split(some, ' '))
    all.emplace(kind);
  std::erase_if(all, [](auto const& kind) { return kind.empty() || is_ever_told(kind); });
  return join(std::vector<std::string>(all.begin(), all.end()), " ");
}

}  // namespace fairlead::gitlab
