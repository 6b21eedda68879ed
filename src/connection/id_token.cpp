#include "connection/id_token.h"

#include <algorithm>

#include "base/text.h"
#include "vault/rsa.h"

namespace fairlead::connection {
namespace {

Error refused(std::string what) {
  Error error = make_error(ErrorKind::denied,
                           "GitLab's id_token cannot be trusted: " + std::move(what) + ".");
  error.title = "Sign-in failed";
  error.remedy =
      "Try again. If it stays so, an org admin checks the GitLab URL and the Application ID of the "
      "sign-in, and both servers' clocks.";
  return error;
}

Error malformed() {
  Error error = make_error(ErrorKind::corrupt, "GitLab's id_token is not a signed JSON Web Token.");
  error.title = "Sign-in failed";
  error.remedy = "Check that the URL leads to a GitLab and no proxy changes its answers.";
  return error;
}

struct Parts {
  std::string_view signed_text;  // head.payload
  Json head;
  Json claims;
  std::string signature;
};

Result<Json> object_of(std::string_view part) {
  auto const bytes = base64_decode(part);
  if (!bytes) return malformed();
  auto json = Json::parse(*bytes);
  if (!json.ok() || !json->is_object()) return malformed();
  return json;
}

Result<Parts> take_apart(std::string_view token) {
  auto const first = token.find('.');
  auto const second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > id_token_bytes_max || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos)
    return malformed();
  Parts parts;
  parts.signed_text = token.substr(0, second);
  FAIRLEAD_TRY(parts.head, object_of(token.substr(0, first)));
  FAIRLEAD_TRY(parts.claims, object_of(token.substr(first + 1, second - first - 1)));
  auto signature = base64_decode(token.substr(second + 1));
  if (!signature) return malformed();
  parts.signature = std::move(*signature);
  return parts;
}

// An RSA key meant for signatures, of the head's key id if it names one.
bool may_have_signed(Json const& key, Json const& head) {
  if (key["kty"].as_string() != "RSA") return false;
  if (key.contains("use") && key["use"].as_string() != "sig") return false;
  if (key.contains("alg") && key["alg"].as_string() != "RS256") return false;
  return !head.contains("kid") || key["kid"] == head["kid"];
}

bool is_signed(Parts const& parts, Json const& keys) {
  std::size_t tried = 0;
  for (auto const& key : keys["keys"].items()) {
    if (++tried > id_token_keys_max) break;
    if (!may_have_signed(key, parts.head)) continue;
    auto const modulus = base64_decode(key["n"].as_string());
    auto const exponent = base64_decode(key["e"].as_string());
    if (!modulus || !exponent) continue;
    if (vault::verify_rs256({.modulus = *modulus, .exponent = *exponent}, parts.signed_text,
                            parts.signature))
      return true;
  }
  return false;
}

// One audience that is us, or several of which we are one and the authorized party.
bool is_for(Json const& claims, std::string_view client_id) {
  Json const& audience = claims["aud"];
  if (claims.contains("azp") && claims["azp"].as_string() != client_id) return false;
  if (audience.is_string()) return audience.as_string() == client_id;
  auto const& all = audience.items();
  bool const among =
      std::ranges::any_of(all, [&](Json const& each) { return each.as_string() == client_id; });
  return among && (all.size() == 1 || claims.contains("azp"));
}

Time seconds(Json const& claim) { return Time(std::chrono::seconds(claim.as_integer())); }

}  // namespace

Result<Json> verify_id_token(IdTokenCheck const& check) {
  FAIRLEAD_TRY(auto parts, take_apart(check.token.reveal()));
  if (parts.head["alg"].as_string() != "RS256")
    return refused("it is signed with \"" + shorten(parts.head["alg"].as_string(), 20) +
                   "\" instead of RS256");
  if (parts.head.contains("crit")) return refused("it has extensions that are not known");
  if (!is_signed(parts, check.keys)) return refused("its signature is not by a key of the server");
  Json const& claims = parts.claims;
  if (claims["iss"].as_string() != check.issuer)
    return refused("it was issued by " + shorten(claims["iss"].as_string(), 200) + ", not by " +
                   std::string(check.issuer));
  if (!is_for(claims, check.client_id)) return refused("it was made for another application");
  if (!claims["exp"].is_integer() || seconds(claims["exp"]) + id_token_clock_skew <= check.now)
    return refused("it has expired");
  if (claims["iat"].is_integer() && seconds(claims["iat"]) - id_token_clock_skew > check.now)
    return refused("it was made in the future");
  if (check.nonce.empty() || !same_secret(check.nonce, claims["nonce"].as_string()))
    return refused("it belongs to another sign-in");
  if (claims["sub"].as_string().empty()) return refused("it does not say who signed in");
  return std::move(parts.claims);
}

}  // namespace fairlead::connection
