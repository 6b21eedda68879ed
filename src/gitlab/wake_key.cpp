#include "gitlab/wake_key.h"

#include <charconv>
#include <vector>

#include "base/text.h"

namespace fairlead::gitlab {

std::string to_text(PipelineKey const& key) {
  return std::string(wake_key_prefix) + key.connection + ":project:" + key.project +
         ":pipeline:" + std::to_string(key.pipeline);
}

std::optional<PipelineKey> pipeline_key_from(std::string_view text) {
  auto const parts = split(text, ':');
  bool const ours =
      parts.size() == 6 && parts[0] == "gitlab" && parts[2] == "project" && parts[4] == "pipeline";
  if (!ours) return std::nullopt;
  PipelineKey key{.connection = parts[1], .project = parts[3]};
  std::string const& number = parts[5];
  auto const [end, code] =
      std::from_chars(number.data(), number.data() + number.size(), key.pipeline);
  bool const whole = code == std::errc() && end == number.data() + number.size();
  if (!whole || key.pipeline <= 0 || key.connection.empty() || key.project.empty())
    return std::nullopt;
  return key;
}

}  // namespace fairlead::gitlab
