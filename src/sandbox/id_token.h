// id_token of OpenID Connect Core 1.0 (RS256), its claims and its public key for
// /oauth/discovery/keys.
//
// The key is made when first needed and lives in World. Hold World::mutex.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/world.h"

namespace fairlead::sandbox {

std::string make_id_token(World& world, AccessToken const& token, std::string_view nonce);
Json jwks(World& world);
// What /oauth/userinfo says of a person; e-mail and profile only with those scopes.
Json user_claims(World& world, User const& user, std::vector<std::string> const& scopes);

}  // namespace fairlead::sandbox
