// OAuthTokens: access tokens for the policies `oauth2` and `oidc` of calls.
//
// Fetched from the authority, kept in memory until shortly before they end, renewed with a refresh
// token where one came along. Fetching a token is no effect: its failure never leaves a call
// uncertain. Not for GitLab connections, whose tokens are durable (connection/). Thread-safe;
// token() blocks. Sources: RFC 6749, RFC 7523, RFC 8693, OpenID Connect Discovery 1.0.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "action/secret_mask.h"
#include "base/clock.h"
#include "base/random.h"
#include "net/http.h"

namespace fairlead::builtin {

inline constexpr std::size_t oauth_tokens_max = 256;
inline constexpr Milliseconds token_margin = std::chrono::seconds(30);
// Of a token whose answer does not say how long it holds.
inline constexpr Milliseconds token_lifetime_default = std::chrono::minutes(5);
inline constexpr Milliseconds discovery_kept = std::chrono::hours(1);

class OAuthTokens {
 public:
  OAuthTokens(net::HttpTransport& transport, Clock const& clock, Random& random)
      : transport_(transport), clock_(clock), random_(random) {}

  struct Token {
    std::string key;  // of the policy
    Secret value;
    enum class Age { fresh, kept } age{Age::fresh};
  };
  // `kind` is oauth2 or oidc. Errors: configuration (what is missing), authentication (the
  // authority said no), communication, timeout.
  Result<Token> token(std::string const& kind, Json const& properties, action::SecretMask& mask);
  // The server refused it: the next token() fetches.
  void forget(std::string const& key, Secret const& value);

 private:
  struct Kept {
    Secret value;
    Secret refresh;
    Milliseconds until{0};
  };
  Result<std::string> token_endpoint(std::string const& kind, Json const& properties);
  Result<std::string> discover(std::string const& authority);
  Result<Kept> fetch(std::string const& endpoint, Json const& properties, Secret const& refresh,
                     action::SecretMask& mask);
  Result<Json> client_fields(std::string const& endpoint, Json const& client,
                             net::HttpRequest& request, action::SecretMask& mask);
  std::string assertion(std::string const& endpoint, Json const& client);
  Result<net::HttpResponse> send(net::HttpRequest const& request);
  std::optional<Kept> kept(std::string const& key);
  void keep(std::string const& key, Kept kept);

  net::HttpTransport& transport_;
  Clock const& clock_;
  Random& random_;
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> tokens_;
  std::map<std::string, std::pair<std::string, Milliseconds>, std::less<>> discovered_;
};

}  // namespace fairlead::builtin
