#include "schema/pattern.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::schema {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' '; }

}  // namespace

bool is_not_blank(std::string_view text) { return !trim(text).empty(); }

bool is_email(std::string_view text) {
  std::size_t const at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::none_of(text, is_blank);
}

bool is_path_part(std::string_view text) {
  auto const allowed = [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && text.front() != '-' && text != "." && text != ".." &&
         std::ranges::all_of(text, allowed);
}

bool is_sha(std::string_view text) {
  return text.size() >= 7 && text.size() <= 64 && std::ranges::all_of(text, is_hex);
}

}  // namespace fairlead::schema
