#include "gitlab/masking.h"

#include <algorithm>
#include <array>

#include "base/secret.h"

namespace fairlead::gitlab {
namespace {

constexpr int depth_max = 6;
constexpr std::array<std::string_view, 5> secret_members{
    "runners_token", "invite_token", "feed_token", "incoming_email_token", "static_object_token"};
constexpr std::array<std::string_view, 2> url_members{"import_url", "mirror_url"};

template <class Names>
bool contains(Names const& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "https://user:password@host/x" -> "https://[masked]@host/x"
void mask_user_info(Json& value) {
  std::string const& url = value.as_string();
  auto const scheme = url.find("://");
  if (scheme == std::string::npos) return;
  auto const begin = scheme + 3;
  auto const at = url.substr(0, url.find('/', begin)).rfind('@');
  if (at == std::string::npos || at < begin) return;
  value = url.substr(0, begin) + std::string(masked_text) + url.substr(at);
}

void mask(Json& value, int depth) {
  if (depth > depth_max) return;
  if (value.is_array()) {
    for (Json& item : value.make_array()) {
      if (!item.is_object() && !item.is_array()) return;  // arrays are of one kind
      mask(item, depth + 1);
    }
  }
  if (!value.is_object()) return;
  for (auto& [name, member] : value.make_object()) {
    if (member.is_object() || member.is_array()) {
      mask(member, depth + 1);
    } else if (member.is_string() && contains(secret_members, name)) {
      member = masked_text;
    } else if (member.is_string() && contains(url_members, name)) {
      mask_user_info(member);
    }
  }
}

}  // namespace

void mask_secrets(Json& answer) { mask(answer, 0); }

}  // namespace fairlead::gitlab
