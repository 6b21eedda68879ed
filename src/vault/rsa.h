// Checking RSA signatures of others: RS256 of JSON Web Signature (RFC 7518 3.3), by OpenSSL.
//
// For the id_tokens of OpenID Connect. We never sign with RSA ourselves. Pure; any thread.
#pragma once

#include <string_view>

namespace fairlead::vault {

// As raw big-endian bytes, not base64.
struct RsaPublicKey {
  std::string_view modulus;
  std::string_view exponent;
};

// RSASSA-PKCS1-v1_5 with SHA-256. False as well for keys of less than 2048 or more than 8192 bits
// and for what is no key.
[[nodiscard]] bool verify_rs256(RsaPublicKey const& key, std::string_view message,
                                std::string_view signature);

}  // namespace fairlead::vault
