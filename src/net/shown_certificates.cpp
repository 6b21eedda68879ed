#include "net/shown_certificates.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "net/ca_bundle.h"
#include "net/curl_transfer.h"

namespace fairlead::net {
namespace {

constexpr std::size_t name_bytes_max = 256;

std::string text_of(X509_NAME const* name) {
  std::array<char, name_bytes_max> text{};
  if (X509_NAME_get_text_by_NID(name, NID_commonName, text.data(), text.size()) > 0)
    return text.data();
  X509_NAME_oneline(name, text.data(), text.size());
  return text.data();
}

Time time_of(ASN1_TIME const* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return Time(std::chrono::seconds(timegm(&parts)));
}

using Chain = std::vector<ShownCertificate>;

void keep(Chain& chain, X509* certificate) {
  if (certificate == nullptr || chain.size() >= certificates_max) return;
  chain.push_back({.subject = text_of(X509_get_subject_name(certificate)),
                   .issuer = text_of(X509_get_issuer_name(certificate)),
                   .ends_at = time_of(X509_get0_notAfter(certificate))});
}

// Judges as OpenSSL does, and looks at what it judged.
int judge(X509_STORE_CTX* store, void* kept) {
  int const verdict = X509_verify_cert(store);
  auto& chain = *static_cast<Chain*>(kept);
  chain.clear();
  auto* const judged = X509_STORE_CTX_get0_chain(store);
  for (int i = 0; judged != nullptr && i < sk_X509_num(judged); ++i)
    keep(chain, sk_X509_value(judged, i));
  if (chain.empty()) keep(chain, X509_STORE_CTX_get0_cert(store));
  return verdict;
}

CURLcode watch(CURL*, void* context, void* kept) {
  SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(context), &judge, kept);
  return CURLE_OK;
}

}  // namespace

std::vector<ShownCertificate> shown_certificates(HttpRequest const& request) {
  auto const url = parse_url(request.url);
  if (!url.ok() || url->scheme != "https") return {};
  CaBundle certificates(system_ca_places());
  AddressList const allowed;
  std::string const agent("Fairlead");
  CurlTransfer const transfer({.request = request,
                               .url = *url,
                               .user_agent = agent,
                               .total_timeout = request.limits.connect_timeout,
                               .certificates = certificates,
                               .allowed_private = allowed});
  Chain chain;
  CURL* const easy = transfer.easy();
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &watch);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &chain);
  curl_easy_perform(easy);  // what failed is the business of the request itself
  return chain;
}

}  // namespace fairlead::net
