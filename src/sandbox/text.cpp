// Small presentation helpers shared by the resources.
#include "base/text.h"

#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

bool path_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json time_or_null(std::optional<Time> const& time) {
  return time ? Json(format_time(*time)) : Json();
}

std::string path_from_name(std::string_view name) {
  std::string path;
  for (char const c : to_lower_ascii(name)) {
    if (path_letter(c)) {
      path.push_back(c);
    } else if (!path.empty() && path.back() != '-') {
      path.push_back('-');
    }
  }
  while (!path.empty() && (path.back() == '-' || path.back() == '.'))
    path.pop_back();
  return path;
}

bool valid_path(std::string_view path) {
  if (path.empty() || path.front() == '-' || path.front() == '.' || path.front() == '_')
    return false;
  if (path.back() == '-' || path.back() == '.' || path.ends_with(".git") || path.ends_with(".atom"))
    return false;
  for (char const c : path) {
    if (!path_letter(c)) return false;
  }
  return true;
}

bool contains_ignoring_case(std::string_view text, std::string_view piece) {
  return to_lower_ascii(text).find(to_lower_ascii(piece)) != std::string::npos;
}

std::string new_sha(World& world) { return random_hex(world.random, 20); }

}  // namespace fairlead::sandbox
