// Wake keys of GitLab: the names of what a waiting call waits for.
//
// "gitlab:<connection id>:project:<number or path>:pipeline:<id>". Made by the actions that wait,
// woken by webhooks (gitlab/hook_event.h) and by the keeper (gitlab/keeper.h). Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::gitlab {

inline constexpr std::string_view wake_key_prefix = "gitlab:";

struct PipelineKey {
  std::string connection;  // its id
  std::string project;     // GitLab's number of it, or its path
  std::int64_t pipeline{0};
};

std::string to_text(PipelineKey const& key);
// Nothing for keys of other kinds.
std::optional<PipelineKey> pipeline_key_from(std::string_view text);

}  // namespace fairlead::gitlab
