#include "sandbox/crypto.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <array>

#include "base/assert.h"
#include "base/text.h"

namespace fairlead::sandbox {
namespace {

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  int const done = EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha256(), nullptr);
  FAIRLEAD_ASSERT(done == 1, "SHA-256 is available");
  return {reinterpret_cast<char const*>(out.data()), size};
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  auto const* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes),
                          bytes.size(), out.data(), &size);
  FAIRLEAD_ASSERT(done != nullptr, "HMAC-SHA-256 is available");
  return {reinterpret_cast<char const*>(out.data()), size};
}

struct SigningKey::Impl {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_RSA_gen(2048), EVP_PKEY_free};

  [[nodiscard]] std::string number(char const* name) const {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key.get(), name, &raw);
    std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> const value(raw, BN_free);
    FAIRLEAD_ASSERT(raw != nullptr, "an RSA key has this number");
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(raw)), '\0');
    BN_bn2bin(raw, reinterpret_cast<unsigned char*>(bytes.data()));
    return base64url_encode(bytes);
  }
};

SigningKey::SigningKey() : impl_(std::make_unique<Impl>()) {
  FAIRLEAD_ASSERT(impl_->key != nullptr, "an RSA key can be made");
}
SigningKey::~SigningKey() = default;

std::string SigningKey::sign(std::string_view text) const {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> const context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  std::size_t size = 0;
  bool const ready =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1;
  FAIRLEAD_ASSERT(ready, "RS256 is available");
  std::string out(size, '\0');
  int const done = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()),
                                  &size, bytes_of(text), text.size());
  FAIRLEAD_ASSERT(done == 1, "RS256 signs");
  out.resize(size);
  return out;
}

std::string SigningKey::modulus() const { return impl_->number(OSSL_PKEY_PARAM_RSA_N); }
std::string SigningKey::exponent() const { return impl_->number(OSSL_PKEY_PARAM_RSA_E); }

}  // namespace fairlead::sandbox
