#include "net/certificates_test.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/assert.h"

namespace fairlead::net {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

std::string text_of(BIO* bio) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string pem_of(X509* cert) {
  auto* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, cert);
  return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
  auto* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio);
}

void add_extension(X509* cert, X509* issuer, int id, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  FAIRLEAD_ASSERT(extension != nullptr, "a certificate extension");
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert make_certificate(EVP_PKEY* key, std::string const& name, TestAuthority::Leaf const& span) {
  Cert cert(X509_new(), &X509_free);
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), span.begins_in_seconds);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), span.ends_in_seconds);
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
  return cert;
}

}  // namespace

struct TestAuthority::Impl {
  Key key{make_key()};
  Cert cert{make_certificate(key.get(), "Fairlead test CA", {})};
  std::string pem;
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  auto* const cert = impl_->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(cert, cert, NID_subject_key_identifier, "hash");
  X509_sign(cert, impl_->key.get(), EVP_sha256());
  impl_->pem = pem_of(cert);
}

TestAuthority::~TestAuthority() = default;

std::string const& TestAuthority::pem() const { return impl_->pem; }

Certificate TestAuthority::issue(Leaf const& leaf) const {
  auto const key = make_key();
  auto const cert = make_certificate(key.get(), "Fairlead test", leaf);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(impl_->cert.get()));
  add_extension(cert.get(), impl_->cert.get(), NID_subject_alt_name, leaf.alternative_names);
  X509_sign(cert.get(), impl_->key.get(), EVP_sha256());
  return {pem_of(cert.get()), Secret(pem_of(key.get()))};
}

}  // namespace fairlead::net
