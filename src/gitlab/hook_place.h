// Where a webhook sits at GitLab: in a project, or in a group for all projects below it.
//
// As text it is WebhookRecord::target: a project by number or path, a group as "group:<path>" (no
// path has a colon). Group webhooks are a feature of Premium and Ultimate, for owners of the group.
// Pure; any thread. Source: https://docs.gitlab.com/api/group_webhooks/ (checked on 19.5).
#pragma once

#include <string>
#include <string_view>

namespace fairlead::gitlab {

struct HookPlace {
  enum class Kind { project, group } kind{Kind::project};
  std::string id;  // number or path

  // As in GitLab's API: "projects" or "groups".
  [[nodiscard]] std::string_view collection() const {
    return kind == Kind::group ? "groups" : "projects";
  }
};

inline constexpr std::string_view group_place_prefix = "group:";

inline HookPlace place_of(std::string_view target) {
  if (!target.starts_with(group_place_prefix)) return {.id = std::string(target)};
  return {.kind = HookPlace::Kind::group,
          .id = std::string(target.substr(group_place_prefix.size()))};
}

inline std::string group_place(std::string_view path) {
  return std::string(group_place_prefix) + std::string(path);
}

}  // namespace fairlead::gitlab
