#include "gitlab/written_text.h"

#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The offset of the "/" if the line is "/word" or "/word ...": "/etc/passwd" is not one.
std::size_t quick_action_at(std::string_view line) {
  auto const slash = line.find_first_not_of(" \t");
  if (slash == std::string_view::npos || line[slash] != '/') return std::string_view::npos;
  auto end = slash + 1;
  while (end < line.size() && is_word(line[end]))
    ++end;
  bool const word =
      end > slash + 1 &&
      (end == line.size() || std::string_view(" \t\r").find(line[end]) != std::string_view::npos);
  return word ? slash : std::string_view::npos;
}

// What may stand inside an HTML comment: no "--", no ">".
std::string comment_safe(std::string_view text) {
  std::string out = net::percent_encode(text);
  for (auto at = out.find("--"); at != std::string::npos; at = out.find("--", at))
    out.replace(at + 1, 1, "%2D");
  return out;
}

std::string comment(std::string_view marker) { return "<!-- " + std::string(marker) + " -->"; }

}  // namespace

std::string neutralise_quick_actions(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  while (true) {
    auto const end = text.find('\n');
    std::string_view const line = text.substr(0, end);
    auto const slash = quick_action_at(line);
    out += line.substr(0, slash);
    if (slash != std::string_view::npos) {
      out += '\\';
      out += line.substr(slash);
    }
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

bool only_quick_actions(std::string_view text) {
  auto const lines = split(text, '\n');
  return std::all_of(lines.begin(), lines.end(), [](std::string const& line) {
    return trim(line).empty() || quick_action_at(line) != std::string_view::npos;
  });
}

std::string effect_marker(action::EffectMarker const& marker) {
  return marker.id.empty() ? "" : "fairlead:" + comment_safe(marker.id);
}

std::string key_marker(std::string_view dedupe_key) {
  return dedupe_key.empty() ? "" : "fairlead:key:" + comment_safe(dedupe_key);
}

std::string with_marker(std::string text, std::string_view marker) {
  if (marker.empty()) return text;
  if (!text.empty()) text += "\n\n";
  return text + comment(marker);
}

bool has_marker(std::string_view text, std::string_view marker) {
  return !marker.empty() && text.find(comment(marker)) != std::string_view::npos;
}

}  // namespace fairlead::gitlab
