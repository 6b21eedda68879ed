// /oauth/token, /oauth/revoke, /oauth/introspect, /oauth/token/info. Source: gitlab.md section 8.
#include <algorithm>

#include "base/secret.h"
#include "base/text.h"
#include "sandbox/oauth.h"

namespace fairlead::sandbox {
namespace {

Result<Reply> token_reply(Json json) {
  Reply reply = json_reply(200, json);
  reply.headers.add("Cache-Control", "no-store");
  reply.headers.add("Pragma", "no-cache");
  return reply;
}

bool verifier_fits(AuthorizationCode const& code, std::string const& verifier) {
  if (code.challenge.empty()) return true;
  if (verifier.empty()) return false;
  std::string const made = code.challenge_method == "S256" ? pkce_s256(verifier) : verifier;
  return same_secret(code.challenge, made);
}

Result<Reply> from_code(Call& call, Application const& application) {
  auto const it = call.world.state.codes.find(call.in.text("code"));
  if (!call.in.filled("code")) return oauth_error("invalid_request");
  if (it == call.world.state.codes.end()) return oauth_error("invalid_grant");
  AuthorizationCode& code = it->second;
  std::string const verifier = call.in.text("code_verifier");
  if (!application.confidential && verifier.empty()) return oauth_error("invalid_request");
  bool const good =
      !code.used && code.expires_at > call.now() && code.application == application.uid &&
      code.redirect_uri == call.in.text("redirect_uri") && verifier_fits(code, verifier);
  if (!good) return oauth_error("invalid_grant");
  code.used = true;
  return token_reply(issue_token(call.world, {.application = application.uid,
                                              .user_id = code.user_id,
                                              .scopes = code.scopes,
                                              .nonce = code.nonce}));
}

// Rotation: the new pair kills the old access token and the old refresh token at once.
Result<Reply> from_refresh(Call& call, Application const& application) {
  if (!call.in.filled("refresh_token")) return oauth_error("invalid_request");
  std::string const value = call.in.text("refresh_token");
  auto const refresh = call.world.state.refresh_tokens.find(value);
  if (refresh == call.world.state.refresh_tokens.end()) return oauth_error("invalid_grant");
  AccessToken& old = call.world.state.access_tokens.find(refresh->second)->second;
  User const* user = call.world.user(old.user_id);
  bool const good = !old.revoked && old.application == application.uid && user != nullptr &&
                    user->state == "active";
  if (!good) return oauth_error("invalid_grant");
  std::vector<std::string> scopes = old.scopes;
  if (call.in.filled("scope")) {
    scopes = split_scopes(call.in.text("scope"));
    bool const narrower = std::all_of(scopes.begin(), scopes.end(), [&](std::string const& scope) {
      return std::find(old.scopes.begin(), old.scopes.end(), scope) != old.scopes.end();
    });
    if (!narrower) return oauth_error("invalid_scope");
  }
  kill_token(call.world, old);
  return token_reply(issue_token(call.world, {.application = application.uid,
                                              .user_id = old.user_id,
                                              .scopes = std::move(scopes),
                                              .nonce = ""}));
}

Result<Reply> from_device(Call& call, Application const& application) {
  auto const it = call.world.state.device_grants.find(call.in.text("device_code"));
  if (it == call.world.state.device_grants.end()) return oauth_error("invalid_grant");
  DeviceGrant& grant = it->second;
  if (grant.application != application.uid) return oauth_error("invalid_grant");
  if (grant.expires_at <= call.now()) return oauth_error("expired_token");
  if (grant.denied) return oauth_error("access_denied");
  if (grant.user_id == 0) {
    bool const hasty = grant.polled_at && call.now() - *grant.polled_at < std::chrono::seconds(5);
    grant.polled_at = call.now();
    return oauth_error(hasty ? "slow_down" : "authorization_pending");
  }
  NewToken const wanted{.application = application.uid,
                        .user_id = grant.user_id,
                        .scopes = grant.scopes,
                        .nonce = ""};
  call.world.state.device_grants.erase(it);
  return token_reply(issue_token(call.world, wanted));
}

Result<Reply> from_client(Call& call, Application const& application) {
  std::vector<std::string> const scopes = split_scopes(call.in.text_or("scope", "api"));
  if (!scopes_allowed(application, scopes)) return oauth_error("invalid_scope");
  return token_reply(issue_token(call.world, {.application = application.uid,
                                              .user_id = 0,
                                              .scopes = scopes,
                                              .nonce = "",
                                              .refresh = NewToken::Refresh::without}));
}

Result<Reply> post_token(Call& call) {
  if (!call.in.filled("grant_type")) return oauth_error("invalid_request");
  Application const* application = authenticated_client(call);
  if (application == nullptr) return oauth_error("invalid_client");
  std::string const grant = call.in.text("grant_type");
  if (grant == "authorization_code") return from_code(call, *application);
  if (grant == "refresh_token") return from_refresh(call, *application);
  if (grant == "urn:ietf:params:oauth:grant-type:device_code")
    return from_device(call, *application);
  if (grant == "client_credentials") return from_client(call, *application);
  return oauth_error("unsupported_grant_type");  // password: switched off
}

Result<Reply> post_revoke(Call& call) {
  Application const* application = authenticated_client(call);
  AccessToken* token = find_token(call.world, call.in.text("token"));
  if (application == nullptr || (token != nullptr && token->application != application->uid)) {
    return json_reply(
        403, Json::object({{"error", "unauthorized_client"},
                           {"error_description", "You are not authorized to revoke this token"}}));
  }
  if (token != nullptr) kill_token(call.world, *token);
  return json_reply(200, Json::object());
}

Result<Reply> post_introspect(Call& call) {
  Application const* application = authenticated_client(call);
  if (application == nullptr) return oauth_error("invalid_client");
  AccessToken const* token = find_token(call.world, call.in.text("token"));
  if (token == nullptr || token->application != application->uid || !live(call.world, *token)) {
    return json_reply(200, Json::object({{"active", false}}));
  }
  std::int64_t const created = to_epoch_ms(token->created_at) / 1000;
  return json_reply(200, Json::object({{"active", true},
                                       {"scope", join_scopes(token->scopes)},
                                       {"client_id", token->application},
                                       {"token_type", "Bearer"},
                                       {"exp", created + token->lifetime.count() / 1000},
                                       {"iat", created}}));
}

Result<Reply> get_token_info(Call& call) {
  std::string_view const header = call.headers.get("Authorization");
  std::string value = call.in.text("access_token");
  if (header.size() > 7 && equals_ignoring_case(header.substr(0, 7), "Bearer "))
    value = trim(header.substr(7));
  AccessToken const* token = find_token(call.world, value);
  if (token == nullptr || token->value != value || !live(call.world, *token)) {
    Reply refused = oauth_error("invalid_request");
    refused.status = 401;
    return refused;
  }
  Json scopes = Json::array();
  for (std::string const& scope : token->scopes)
    scopes.push_back(scope);
  std::int64_t const left = (token->created_at + token->lifetime - call.now()).count() / 1000;
  return json_reply(
      200, Json::object({{"resource_owner_id", token->user_id == 0 ? Json() : Json(token->user_id)},
                         {"scope", scopes},
                         {"expires_in", left},
                         {"application", Json::object({{"uid", token->application}})},
                         {"created_at", to_epoch_ms(token->created_at) / 1000},
                         {"scopes", scopes},
                         {"expires_in_seconds", left}}));
}

}  // namespace

ApiRoutes oauth_token_routes() {
  using enum net::Method;
  return {{post, "oauth/token", post_token},
          {post, "oauth/revoke", post_revoke},
          {post, "oauth/introspect", post_introspect},
          {get, "oauth/token/info", get_token_info}};
}

}  // namespace fairlead::sandbox
