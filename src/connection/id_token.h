// The id_token of OpenID Connect: who signed in, said by GitLab and signed by it. Checked here.
//
// OpenID Connect Core 1.0 section 3.1.3.7, RFC 7515, RFC 7517: RS256 only, a key of the server's
// own set, issuer, audience, times and nonce. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::connection {

inline constexpr Milliseconds id_token_clock_skew = std::chrono::minutes(1);
inline constexpr std::size_t id_token_bytes_max = 64u << 10;
inline constexpr std::size_t id_token_keys_max = 50;

struct IdTokenCheck {
  Secret const& token;
  Json const& keys;  // {keys: [{kty, kid, n, e, ...}]}
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
  Time now;
};

// Its claims. denied: which of the checks failed; corrupt: not a token at all.
Result<Json> verify_id_token(IdTokenCheck const& check);

}  // namespace fairlead::connection
