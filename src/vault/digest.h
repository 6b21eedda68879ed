// Digests, message authentication and password hashes. SHA-256 and HMAC by OpenSSL, argon2id by
// libsodium.
//
// For token hashes (only their SHA-256 is stored), webhook signatures and later for local users.
// Pure but for the salt, which comes from Random. Any thread; the password functions take about 0.1
// s and 64 MB: call them on a small pool.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::vault {

// 32 raw bytes.
std::string sha256(std::string_view bytes);
// 64 lower-case hex digits: state_hash, token_hash, content_hash.
std::string sha256_hex(std::string_view bytes);
// 32 raw bytes. RFC 2104. Compare with same_secret().
std::string hmac_sha256(Secret const& key, std::string_view message);

// "$argon2id$v=19$m=65536,t=2,p=1$salt$hash". unavailable: not enough memory.
Result<std::string> hash_password(Secret const& password, Random& random);
// False as well for a malformed hash.
bool verify_password(std::string const& hash, Secret const& password);

}  // namespace fairlead::vault
