// Discovery documents, keys and userinfo. Source: OpenID Connect Discovery 1.0, RFC 8414, GitLab's
// own documents.
#include "base/text.h"
#include "sandbox/id_token.h"
#include "sandbox/oauth.h"

namespace fairlead::sandbox {
namespace {

Json words(std::initializer_list<char const*> list) {
  Json out = Json::array();
  for (char const* word : list)
    out.push_back(word);
  return out;
}

Json endpoints(World& world) {
  Json json = Json::object({{"issuer", world.base_url},
                            {"authorization_endpoint", world.web_url("oauth/authorize")},
                            {"token_endpoint", world.web_url("oauth/token")},
                            {"revocation_endpoint", world.web_url("oauth/revoke")},
                            {"introspection_endpoint", world.web_url("oauth/introspect")}});
  Json scopes = Json::array();
  for (std::string const& scope : known_scopes())
    scopes.push_back(scope);
  json.set("scopes_supported", std::move(scopes));
  json.set("response_types_supported", words({"code"}));
  json.set("response_modes_supported", words({"query", "fragment", "form_post"}));
  json.set("grant_types_supported",
           words({"authorization_code", "refresh_token", "client_credentials",
                  "urn:ietf:params:oauth:grant-type:device_code"}));
  json.set("token_endpoint_auth_methods_supported",
           words({"client_secret_basic", "client_secret_post", "none"}));
  json.set("code_challenge_methods_supported", words({"plain", "S256"}));
  return json;
}

Result<Reply> get_openid(Call& call) {
  Json json = endpoints(call.world);
  json.set("userinfo_endpoint", call.world.web_url("oauth/userinfo"));
  json.set("jwks_uri", call.world.web_url("oauth/discovery/keys"));
  json.set("subject_types_supported", words({"public"}));
  json.set("id_token_signing_alg_values_supported", words({"RS256"}));
  json.set("claim_types_supported", words({"normal"}));
  json.set("claims_supported",
           words({"iss", "sub", "aud", "exp", "iat", "sub_legacy", "name", "nickname",
                  "preferred_username", "email", "email_verified", "profile", "groups"}));
  return json_reply(200, json);
}

Result<Reply> get_server_metadata(Call& call) {
  Json json = endpoints(call.world);
  json.set("device_authorization_endpoint", call.world.web_url("oauth/authorize_device"));
  return json_reply(200, json);
}

Result<Reply> get_keys(Call& call) { return json_reply(200, jwks(call.world)); }

Result<Reply> get_userinfo(Call& call) {
  std::string_view const header = call.headers.get("Authorization");
  std::string value = call.in.text("access_token");
  if (header.size() > 7 && equals_ignoring_case(header.substr(0, 7), "Bearer "))
    value = trim(header.substr(7));
  AccessToken const* token = find_token(call.world, value);
  if (token == nullptr || token->value != value || !live(call.world, *token))
    return invalid_token("Bad Access Token.");
  User const* user = call.world.user(token->user_id);
  bool allowed = false;
  for (std::string const& scope : token->scopes)
    allowed = allowed || scope == "openid";
  if (user == nullptr || !allowed)
    return refuse(403, Json::object({{"error", "insufficient_scope"}}));
  return json_reply(200, user_claims(call.world, *user, token->scopes));
}

}  // namespace

ApiRoutes discovery_routes() {
  using enum net::Method;
  return {{get, ".well-known/openid-configuration", get_openid},
          {get, ".well-known/oauth-authorization-server", get_server_metadata},
          {get, "oauth/discovery/keys", get_keys},
          {get, "oauth/userinfo", get_userinfo},
          {post, "oauth/userinfo", get_userinfo}};
}

}  // namespace fairlead::sandbox
