// The little cryptography a GitLab look-alike needs: SHA-256, HMAC-SHA-256 and an RS256 key for
// id_tokens (OpenSSL).
//
// Pure but for the key; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace fairlead::sandbox {

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// An RSA key made when first asked for (2048 bits).
class SigningKey {
 public:
  SigningKey();
  ~SigningKey();
  SigningKey(SigningKey const&) = delete;
  SigningKey& operator=(SigningKey const&) = delete;

  // RS256 over the text.
  [[nodiscard]] std::string sign(std::string_view text) const;
  // Modulus and exponent, base64url, for the JWKS document.
  [[nodiscard]] std::string modulus() const;
  [[nodiscard]] std::string exponent() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::sandbox
