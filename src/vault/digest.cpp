#include "vault/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fairlead::vault {
namespace {

unsigned char const* as_bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

unsigned char* as_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

constexpr std::size_t sha256_bytes = 32;
// libsodium's "interactive" profile, spelled out because it is part of every stored hash.
constexpr unsigned long long password_passes = 2;
constexpr std::size_t password_memory_bytes = 64U << 20U;
constexpr std::size_t password_hash_bytes = 32;

std::string without_padding(std::string base64) {
  while (base64.ends_with('='))
    base64.pop_back();
  return base64;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::string digest(sha256_bytes, '\0');
  int const done =
      ::EVP_Digest(bytes.data(), bytes.size(), as_bytes(digest), nullptr, ::EVP_sha256(), nullptr);
  FAIRLEAD_ASSERT(done == 1, "SHA-256 is available");
  return digest;
}

std::string sha256_hex(std::string_view bytes) { return hex_encode(sha256(bytes)); }

std::string hmac_sha256(Secret const& key, std::string_view message) {
  std::string mac(sha256_bytes, '\0');
  unsigned length = 0;
  auto const* done = ::HMAC(::EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()),
                            as_bytes(message), message.size(), as_bytes(mac), &length);
  FAIRLEAD_ASSERT(done != nullptr && length == sha256_bytes, "HMAC-SHA256 is available");
  return mac;
}

Result<std::string> hash_password(Secret const& password, Random& random) {
  FAIRLEAD_ASSERT(::sodium_init() >= 0, "libsodium starts");
  std::string salt(crypto_pwhash_argon2id_SALTBYTES, '\0');
  random.fill(std::as_writable_bytes(std::span(salt)));
  std::string hash(password_hash_bytes, '\0');
  int const done = ::crypto_pwhash_argon2id(
      as_bytes(hash), hash.size(), password.reveal().data(), password.size(), as_bytes(salt),
      password_passes, password_memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (done != 0) {
    return make_error(ErrorKind::unavailable, "not enough memory to hash a password");
  }
  return "$argon2id$v=19$m=" + std::to_string(password_memory_bytes / 1'024) +
         ",t=" + std::to_string(password_passes) + ",p=1$" + without_padding(base64_encode(salt)) +
         "$" + without_padding(base64_encode(hash));
}

bool verify_password(std::string const& hash, Secret const& password) {
  FAIRLEAD_ASSERT(::sodium_init() >= 0, "libsodium starts");
  std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  std::copy(hash.begin(), hash.end(), text.begin());
  return ::crypto_pwhash_argon2id_str_verify(text.data(), password.reveal().data(),
                                             password.size()) == 0;
}

}  // namespace fairlead::vault
