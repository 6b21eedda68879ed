#include "action/mask.h"

#include <algorithm>
#include <array>

#include "base/secret.h"
#include "base/text.h"

namespace fairlead::action {
namespace {

constexpr std::array<std::string_view, 12> secret_names{
    "token",        "password", "secret",        "private_key",   "private-token", "runners_token",
    "access_token", "api_key",  "client_secret", "authorization", "otp_secret",    "passphrase"};
constexpr std::array<std::string_view, 6> secret_endings{"_token",       "_password", "_secret",
                                                         "_private_key", "_passwd",   "_api_key"};
// Words in the names of CI variables, which are upper case by custom.
constexpr std::array<std::string_view, 7> secret_words{
    "token", "password", "passwd", "secret", "private_key", "credential", "api_key"};
constexpr std::array<std::string_view, 14> token_prefixes{
    "glpat-", "gloas-", "gldt-",    "glrt-", "glrtr-",  "glcbt-",  "glptt-",
    "glft-",  "glimt-", "glagent-", "glwt-", "glsoat-", "glffct-", "_gitlab_session="};
constexpr std::array<std::string_view, 2> header_words{"bearer ", "private-token: "};

bool ends_secretly(std::string_view lower) {
  return std::ranges::any_of(secret_endings,
                             [&](std::string_view ending) { return lower.ends_with(ending); });
}

bool is_secret_variable(std::string_view name) {
  std::string const lower = to_lower_ascii(name);
  return std::ranges::any_of(secret_words,
                             [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

std::size_t token_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_token_character(text[at]))
    ++at;
  return at;
}

// The end of "user:password" in a URL whose authority starts at `at`; npos if there is none.
std::size_t credentials_end(std::string_view text, std::size_t at) {
  std::size_t const stop = text.find_first_of("/?# \t\r\n\"'<>", at);
  std::string_view const authority = text.substr(at, stop == text.npos ? text.npos : stop - at);
  std::size_t const sign = authority.rfind('@');
  return sign == authority.npos ? text.npos : at + sign;
}

// The start of a secret in `text` at or after `from` and where it ends; {npos, npos} if there is
// none.
std::pair<std::size_t, std::size_t> find_secret(std::string_view text, std::string_view lower,
                                                std::size_t from) {
  std::pair<std::size_t, std::size_t> first{text.npos, text.npos};
  auto const offer = [&](std::size_t begin, std::size_t end) {
    if (end != text.npos && end > begin && begin < first.first) first = {begin, end};
  };
  for (std::string_view const prefix : token_prefixes) {
    std::size_t const at = lower.find(prefix, from);
    if (at == lower.npos) continue;
    // "--glpat-" alone, as in a help text, is no token.
    std::size_t const end = token_end(text, at + prefix.size());
    if (end > at + prefix.size()) offer(at, end);
  }
  for (std::string_view const word : header_words) {
    std::size_t const at = lower.find(word, from);
    if (at != lower.npos) offer(at + word.size(), token_end(text, at + word.size()));
  }
  for (std::size_t at = lower.find("://", from); at != lower.npos; at = lower.find("://", at + 3)) {
    std::size_t const end = credentials_end(text, at + 3);
    if (end == text.npos) continue;
    offer(at + 3, end);
    break;
  }
  return first;
}

bool may_hold_secret(std::string_view lower) {
  return lower.find("://") != lower.npos || lower.find("gl") != lower.npos ||
         std::ranges::any_of(header_words,
                             [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

void mask_object(Json& json) {
  bool const secret_variable = json["key"].is_string() && json["value"].is_string() &&
                               is_secret_variable(json["key"].as_string());
  for (auto& [name, value] : json.make_object()) {
    if (value.is_string()) {
      std::string const& text = value.as_string();
      bool const secret = is_secret_name(name) || (secret_variable && name == "value");
      if (secret && !text.empty()) {
        value = masked_text;
      } else if (text.find("://") != std::string::npos) {
        value = mask_text(text);
      }
    } else {
      mask_secrets(value);
    }
  }
}

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string const lower = to_lower_ascii(name);
  return std::ranges::find(secret_names, lower) != secret_names.end() || ends_secretly(lower);
}

void mask_secrets(Json& json) {
  if (json.is_object()) mask_object(json);
  if (json.is_array()) {
    for (Json& item : json.make_array()) {
      if (item.is_string()) {
        if (item.as_string().find("://") != std::string::npos) item = mask_text(item.as_string());
      } else {
        mask_secrets(item);
      }
    }
  }
}

std::string mask_text(std::string_view text) {
  std::string const lower = to_lower_ascii(text);
  if (!may_hold_secret(lower)) return std::string(text);
  std::string out;
  std::size_t from = 0;
  while (from < text.size()) {
    auto const [begin, end] = find_secret(text, lower, from);
    if (begin == text.npos) break;
    out += text.substr(from, begin - from);
    out += masked_text;
    from = end;
  }
  out += text.substr(from);
  return out;
}

}  // namespace fairlead::action
