// OAuth 2.0 as GitLab speaks it (Doorkeeper): the requests we send and the answers we read, as pure
// functions.
//
// Authorization code with PKCE S256 (RFC 6749 4.1, RFC 7636), refresh (RFC 6749 6), revocation (RFC
// 7009). Nothing here sends or stores: connection::Connections does. The three titled errors of the
// product are made here. Any thread. Source: https://docs.gitlab.com/api/oauth2/ (checked on 19.5)
// and gitlab.md section 8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/http.h"

namespace fairlead::connection {

inline constexpr std::string_view failed_exchange_title = "Failed to exchange token";
inline constexpr std::string_view missing_fields_title = "Token response missing required fields";
inline constexpr std::string_view refresh_failure_title = "Token refresh failure";

// The OAuth application as registered at GitLab. An empty secret is a public client (PKCE only).
struct OAuthClient {
  std::string base_url;  // instance root, no trailing slash
  std::string client_id;
  Secret client_secret;
};

struct Pkce {
  Secret verifier;        // 43 characters, RFC 7636 4.1
  std::string challenge;  // base64url(SHA-256(verifier))
};
Pkce make_pkce(Random& random);
// The challenge of a kept verifier.
std::string pkce_challenge(Secret const& verifier);

struct AuthorizeParameters {
  std::string redirect_uri;
  std::string scopes;  // space-separated
  std::string state;
  std::string challenge;
};
// The page to send the person to.
std::string authorize_url(OAuthClient const& client, AuthorizeParameters const& parameters);

struct CodeGrant {
  Secret code;
  Secret verifier;
  std::string redirect_uri;
};
// Requests to /oauth/token: form-encoded, client authentication by Basic (or client_id alone for a
// public client).
net::HttpRequest exchange_request(OAuthClient const& client, CodeGrant const& grant);
net::HttpRequest refresh_request(OAuthClient const& client, Secret const& refresh_token,
                                 std::string_view redirect_uri);
// Request to /oauth/revoke.
net::HttpRequest revoke_request(OAuthClient const& client, Secret const& token);

// Device authorization grant (RFC 8628): asked for with the client's id, then for the token.
net::HttpRequest device_request(OAuthClient const& client, std::string_view scopes);
net::HttpRequest device_token_request(OAuthClient const& client, Secret const& device_code);

struct DeviceCode {
  Secret device_code;
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  // "" if GitLab gave none
  Milliseconds expires_in{std::chrono::minutes(5)};
  Milliseconds interval{std::chrono::seconds(5)};
};
// Errors: denied (titled "Failed to exchange token"; not_found's cause: GitLab before 17.2 has no
// device grant), corrupt, unavailable.
Result<DeviceCode> read_device_answer(net::HttpResponse const& response, std::string_view base_url);

struct TokenSet {
  Secret access_token;
  Secret refresh_token;                    // empty: GitLab gave none
  std::string scopes;                      // as granted; "" if the answer does not say
  std::optional<Milliseconds> expires_in;  // nothing: does not expire (GitLab before 15)
};

enum class Grant { code, refresh };
// Reads the answer of /oauth/token. Errors, titled as the product names them:
//   denied    "Failed to exchange token" / "Token refresh failure": GitLab refused the grant (its
//   words in the message);
//             details.oauthError holds the RFC 6749 error code ("invalid_grant")
//   corrupt   "Token response missing required fields": a 2xx answer that lacks a field; which one
//   is named unavailable, rate_limited: 5xx, 429, an HTML page: nothing was decided, the grant
//   still stands
Result<TokenSet> read_token_response(net::HttpResponse const& response, Grant grant,
                                     std::string_view base_url);

// The error GitLab's authorize page redirected with (RFC 6749 4.1.2.1), as our Error.
Error authorize_error(std::string_view error, std::string_view description);

}  // namespace fairlead::connection
