// Whether a delivery to our webhook is genuine.
//
// GitLab sends the hook's secret as X-Gitlab-Token. GitLab 19.0 and newer also signs, as Standard
// Webhooks say: HMAC-SHA256 over "<webhook-id>.<webhook-timestamp>.<raw body>". The token is always
// needed; a signature that is there must hold and be fresh. All comparisons take constant time.
// Pure; any thread.
// Source: https://docs.gitlab.com/user/project/integrations/webhooks/ (checked on 19.5).
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/http.h"
#include "store/webhooks.h"

namespace fairlead::gitlab {

// How far a signed time may be from ours: older ones could be replays.
inline constexpr Milliseconds signature_window = std::chrono::minutes(5);
inline constexpr std::size_t signatures_max = 8;

struct HookSecrets {
  Secret token;
  Secret signing_token;  // "whsec_<base64>"; empty: none was given to GitLab
};

// On the raw body, before it is parsed. denied: says which check failed, never what was expected.
// Says whether it was signed. Where `signs` is always, an unsigned one is refused: who knows the
// token alone must not get through by leaving the signature away.
enum class Signs { maybe, always };
Result<store::HookDelivery::Signature> check_hook(net::Headers const& headers,
                                                  std::string_view body, HookSecrets const& secrets,
                                                  Signs signs, Time now);

}  // namespace fairlead::gitlab
