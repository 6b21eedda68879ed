#include "gitlab/hook_check.h"

#include <charconv>

#include "base/text.h"
#include "vault/digest.h"

namespace fairlead::gitlab {
namespace {

constexpr std::string_view signing_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";

Error refused(std::string message) {
  Error error = make_error(ErrorKind::denied, std::move(message));
  error.title = "Webhook refused";
  error.remedy =
      "Let Fairlead register the hook again (fairlead webhook list), or copy its secret anew.";
  return error;
}

Result<void> check_time(std::string_view text, Time now) {
  std::int64_t seconds = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  // A year 5138 in seconds: what is beyond it would overflow in milliseconds.
  constexpr std::int64_t seconds_max = 100'000'000'000;
  bool const whole = code == std::errc() && end == text.data() + text.size();
  if (!whole || seconds < 0 || seconds > seconds_max)
    return refused("The webhook-timestamp is no number of seconds.");
  auto const distance = now - from_epoch_ms(seconds * 1'000);
  if (distance <= signature_window && -distance <= signature_window) return {};
  return refused("The delivery was signed more than " + format_duration(signature_window) +
                 " away from this server's time.");
}

Result<void> check_signature(net::Headers const& headers, std::string_view body,
                             Secret const& signing_token, Time now) {
  std::string_view const id = headers.get("webhook-id");
  std::string_view const timestamp = headers.get("webhook-timestamp");
  std::string_view const signatures = headers.get("webhook-signature");
  if (id.empty() || timestamp.empty())
    return refused("A signed delivery needs webhook-id and webhook-timestamp.");
  FAIRLEAD_CHECK(check_time(timestamp, now));
  auto const key = base64_decode(signing_token.reveal().substr(signing_prefix.size()));
  if (!key) return make_error(ErrorKind::corrupt, "The webhook's signing key cannot be read.");
  std::string message;
  message.reserve(id.size() + timestamp.size() + body.size() + 2);
  message.append(id).append(".").append(timestamp).append(".").append(body);
  std::string const expected =
      std::string(version_prefix) + base64_encode(vault::hmac_sha256(Secret(*key), message));
  auto const given = split(signatures, ' ');
  if (given.size() > signatures_max) return refused("The delivery has too many signatures.");
  bool fits = false;
  for (auto const& one : given)
    fits = same_secret(expected, one) || fits;
  if (!fits) return refused("The delivery's signature does not fit.");
  return {};
}

}  // namespace

Result<store::HookDelivery::Signature> check_hook(net::Headers const& headers,
                                                  std::string_view body, HookSecrets const& secrets,
                                                  Signs signs, Time now) {
  using Signature = store::HookDelivery::Signature;
  std::string_view const token = headers.get("x-gitlab-token");
  if (secrets.token.empty() || !same_secret(secrets.token.reveal(), token))
    return refused(token.empty() ? "The delivery has no X-Gitlab-Token."
                                 : "The delivery's X-Gitlab-Token is another one.");
  bool const is_signed = headers.contains("webhook-signature");
  if (!is_signed && signs == Signs::always)
    return refused("The delivery is not signed, as those before it were.");
  if (!is_signed || secrets.signing_token.empty()) return Signature::none;
  FAIRLEAD_CHECK(check_signature(headers, body, secrets.signing_token, now));
  return Signature::good;
}

}  // namespace fairlead::gitlab
