#include "vault/rsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace fairlead::vault {
namespace {

constexpr int key_bits_min = 2'048;
constexpr int key_bits_max = 8'192;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<::BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<::OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<::OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<::EVP_PKEY_CTX_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<::EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<::EVP_MD_CTX_free>>;

unsigned char const* as_bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

Number number_of(std::string_view bytes) {
  if (bytes.size() > static_cast<std::size_t>(key_bits_max) / 8 + 1) return nullptr;
  return Number(::BN_bin2bn(as_bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey public_key(RsaPublicKey const& key) {
  Number const modulus = number_of(key.modulus);
  Number const exponent = number_of(key.exponent);
  if (!modulus || !exponent) return nullptr;
  int const bits = ::BN_num_bits(modulus.get());
  if (bits < key_bits_min || bits > key_bits_max) return nullptr;
  Builder const builder(::OSSL_PARAM_BLD_new());
  if (!builder ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
    return nullptr;
  Parameters const parameters(::OSSL_PARAM_BLD_to_param(builder.get()));
  KeyContext const context(::EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || !context || ::EVP_PKEY_fromdata_init(context.get()) != 1 ||
      ::EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return PublicKey(made);
}

}  // namespace

bool verify_rs256(RsaPublicKey const& key, std::string_view message, std::string_view signature) {
  PublicKey const made = public_key(key);
  DigestContext const context(::EVP_MD_CTX_new());
  return made && context &&
         ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, made.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), as_bytes(signature), signature.size(), as_bytes(message),
                            message.size()) == 1;
}

}  // namespace fairlead::vault
