#include "builtin/digest_challenge.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "vault/digest.h"
#include "vault/md5.h"

namespace fairlead::builtin {
namespace {

constexpr std::string_view scheme = "digest";
constexpr std::string_view count = "00000001";  // every answer is to a fresh nonce

using Parameters = std::map<std::string, std::string, std::less<>>;

bool is_sha256(DigestChallenge const& challenge) {
  return to_lower_ascii(challenge.algorithm).starts_with("sha-256");
}

std::string hash(DigestChallenge const& challenge, std::string const& text) {
  return is_sha256(challenge) ? vault::sha256_hex(text) : vault::md5_hex(text);
}

// name="quoted", name=token, ... until the next scheme or the end.
Parameters read_parameters(std::string_view text) {
  Parameters found;
  while (true) {
    auto const start = text.find_first_not_of(" \t,");
    if (start == std::string_view::npos) return found;
    text.remove_prefix(start);
    auto const sign = text.find('=');
    std::string_view const name = text.substr(0, sign);
    // "Basic realm=...": another challenge begins.
    if (sign == std::string_view::npos || name.find(' ') != std::string_view::npos) return found;
    text.remove_prefix(sign + 1);
    std::string value;
    if (text.starts_with('"')) {
      std::size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      text.remove_prefix(std::min(at + 1, text.size()));
    } else {
      auto const end = std::min(text.find_first_of(" \t,"), text.size());
      value = text.substr(0, end);
      text.remove_prefix(end);
    }
    found[to_lower_ascii(name)] = std::move(value);
  }
}

bool has_word(std::string_view list, std::string_view word) {
  for (auto const& each : split(list, ',')) {
    if (equals_ignoring_case(trim(each), word)) return true;
  }
  return false;
}

// Nothing: one we cannot answer.
std::optional<DigestChallenge> read_challenge(Parameters const& parameters) {
  auto const get = [&](std::string_view name) {
    auto const found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
  };
  DigestChallenge challenge{.realm = get("realm"),
                            .nonce = get("nonce"),
                            .opaque = get("opaque"),
                            .algorithm = get("algorithm")};
  std::string const algorithm = to_lower_ascii(challenge.algorithm);
  bool const known = algorithm.empty() || algorithm == "md5" || algorithm == "md5-sess" ||
                     algorithm == "sha-256" || algorithm == "sha-256-sess";
  std::string const qop = get("qop");
  if (has_word(qop, "auth")) challenge.qop = DigestChallenge::Qop::auth;
  bool const only_integrity = !qop.empty() && challenge.qop == DigestChallenge::Qop::none;
  if (!known || only_integrity || challenge.nonce.empty()) return std::nullopt;
  return challenge;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::optional<DigestChallenge> find_digest_challenge(net::Headers const& headers) {
  std::optional<DigestChallenge> best;
  for (auto const& header : headers) {
    if (!equals_ignoring_case(header.name, "WWW-Authenticate")) continue;
    std::string const lower = to_lower_ascii(header.value);
    for (auto at = lower.find(scheme); at != std::string::npos; at = lower.find(scheme, at + 1)) {
      auto challenge = read_challenge(
          read_parameters(std::string_view(header.value).substr(at + scheme.size())));
      if (challenge && (!best || (is_sha256(*challenge) && !is_sha256(*best)))) best = challenge;
    }
  }
  return best;
}

Secret answer_digest(DigestChallenge const& challenge, DigestAnswer const& answer) {
  auto const text = [](std::string_view part) { return std::string(part); };
  bool const auth = challenge.qop == DigestChallenge::Qop::auth;
  std::string who =
      hash(challenge, text(answer.username) + ":" + challenge.realm + ":" + text(answer.password));
  if (to_lower_ascii(challenge.algorithm).ends_with("-sess"))
    who = hash(challenge, who + ":" + challenge.nonce + ":" + text(answer.client_nonce));
  std::string const what = hash(challenge, text(answer.method) + ":" + text(answer.target));
  std::string const middle =
      auth ? ":" + text(count) + ":" + text(answer.client_nonce) + ":auth:" : ":";
  std::string const response = hash(challenge, who + ":" + challenge.nonce + middle + what);
  std::string line = "Digest username=" + quoted(answer.username) +
                     ", realm=" + quoted(challenge.realm) + ", nonce=" + quoted(challenge.nonce) +
                     ", uri=" + quoted(answer.target) + ", response=\"" + response + "\"";
  if (!challenge.algorithm.empty()) line += ", algorithm=" + challenge.algorithm;
  if (!challenge.opaque.empty()) line += ", opaque=" + quoted(challenge.opaque);
  if (auth) line += ", qop=auth, nc=" + text(count) + ", cnonce=" + quoted(answer.client_nonce);
  return Secret(std::move(line));
}

}  // namespace fairlead::builtin
