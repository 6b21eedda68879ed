#include "sandbox/id_token.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/crypto.h"

namespace fairlead::sandbox {
namespace {

SigningKey& key_of(World& world) {
  if (!world.signing_key) world.signing_key = std::make_shared<SigningKey>();
  return *world.signing_key;
}

std::string key_id(World& world) { return base64url_encode(sha256(key_of(world).modulus())); }

bool has(std::vector<std::string> const& scopes, std::string_view scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

}  // namespace

Json user_claims(World& world, User const& user, std::vector<std::string> const& scopes) {
  Json claims = Json::object({{"sub", std::to_string(user.id)},
                              {"sub_legacy", hex_encode(sha256(user.username))},
                              {"name", user.name},
                              {"nickname", user.username},
                              {"preferred_username", user.username}});
  if (has(scopes, "email") || has(scopes, "openid")) {
    claims.set("email", user.email);
    claims.set("email_verified", true);
  }
  claims.set("profile", world.web_url(user.username));
  Json groups = Json::array();
  for (auto const& [id, group] : world.state.groups) {
    if (best_grant(world, group, user.id).member != nullptr) groups.push_back(group.full_path);
  }
  claims.set("groups", std::move(groups));
  return claims;
}

std::string make_id_token(World& world, AccessToken const& token, std::string_view nonce) {
  User const* user = world.user(token.user_id);
  if (user == nullptr) return {};
  Json claims = user_claims(world, *user, token.scopes);
  std::int64_t const now = to_epoch_ms(world.now()) / 1000;
  claims.set("iss", world.base_url);
  claims.set("aud", token.application);
  claims.set("exp", now + 120);
  claims.set("iat", now);
  claims.set("auth_time", now);
  if (!nonce.empty()) claims.set("nonce", nonce);
  Json const head = Json::object({{"typ", "JWT"}, {"kid", key_id(world)}, {"alg", "RS256"}});
  std::string const text = base64url_encode(head.dump()) + "." + base64url_encode(claims.dump());
  return text + "." + base64url_encode(key_of(world).sign(text));
}

Json jwks(World& world) {
  return Json::object({{"keys", Json::array({Json::object({{"kty", "RSA"},
                                                           {"kid", key_id(world)},
                                                           {"e", key_of(world).exponent()},
                                                           {"n", key_of(world).modulus()},
                                                           {"use", "sig"},
                                                           {"alg", "RS256"}})})}});
}

}  // namespace fairlead::sandbox
