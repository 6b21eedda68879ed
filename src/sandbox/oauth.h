// OAuth 2.0 as GitLab's Doorkeeper speaks it: authorize pages, token, device, revoke, introspect,
// info, OIDC discovery.
//
// Routes below the root (not below /api/v4); handlers do their own client and bearer checks. The
// shared parts are here: clients, scopes, issuing and killing tokens, error answers. Source:
// gitlab.md section 8. Hold World::mutex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/call.h"

namespace fairlead::sandbox {

ApiRoutes oauth_authorize_routes();
ApiRoutes oauth_token_routes();
ApiRoutes oauth_device_routes();
ApiRoutes discovery_routes();

// 400/401 `{"error","error_description"}` with WWW-Authenticate and no-store, in GitLab's
// sentences.
Reply oauth_error(std::string_view error);
std::string oauth_error_text(std::string_view error);

// The client of a token, revoke or introspect call: Basic or body; nullptr if unknown or the secret
// is wrong.
Application* authenticated_client(Call& call);
Application* find_application(World& world, std::string_view uid);

std::vector<std::string> const& known_scopes();
std::vector<std::string> split_scopes(std::string_view text);
std::string join_scopes(std::vector<std::string> const& scopes);
// True if every scope exists and the application has it.
bool scopes_allowed(Application const& application, std::vector<std::string> const& scopes);

struct NewToken {
  std::string application;
  Number user_id{0};
  std::vector<std::string> scopes;
  std::string nonce;  // for the id_token
  enum class Refresh { with, without } refresh{Refresh::with};
};
// Stores a new access token and gives the JSON of the token answer.
Json issue_token(World& world, NewToken const& wanted);
void kill_token(World& world, AccessToken& token);
// By access or refresh token value; nullptr if unknown.
AccessToken* find_token(World& world, std::string_view value);
bool live(World& world, AccessToken const& token);

// base64url(sha256(verifier)) of RFC 7636.
std::string pkce_s256(std::string_view verifier);

}  // namespace fairlead::sandbox
