#include "connection/settings.h"

#include <algorithm>

#include "base/text.h"
#include "connection/sealing.h"
#include "net/url.h"

namespace fairlead::connection {
namespace {

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > connection_name_length_max) return false;
  if (name.front() == '-' || name.back() == '-') return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::string instance_root(std::string_view base_url) {
  std::string root(trim(base_url));
  while (!root.empty() && root.back() == '/')
    root.pop_back();
  if (root.ends_with("/api/v4")) root.resize(root.size() - 7);
  while (!root.empty() && root.back() == '/')
    root.pop_back();
  return root;
}

Result<void> check_name(std::string const& field, std::string_view name) {
  if (good_name(name)) return {};
  return invalid_input(field,
                       "The name \"" + shorten(name, 80) +
                           "\" does not fit: use 1 to 63 lower-case letters, digits and hyphens.");
}

Result<void> check_base_url(std::string_view base_url) {
  auto url = net::parse_url(instance_root(base_url));
  if (!url.ok()) {
    Error error = std::move(url).error();
    error.where = "baseUrl";
    error.remedy =
        "Give the address of your GitLab as a browser shows it, e.g. https://gitlab.example.com.";
    return error;
  }
  if (url->query.empty() && url->fragment.empty()) return {};
  return invalid_input("baseUrl", "The GitLab URL must not have a query or a fragment.");
}

Result<void> check_scheme(std::string_view base_url, net::AddressList const& allowed_http) {
  FAIRLEAD_TRY(auto const url, net::parse_url(instance_root(base_url)));
  FAIRLEAD_TRY(auto const here, net::AddressList::parse({"localhost", "127.0.0.0/8", "::1"}, ""));
  bool const fine = here.has_host(url.host) || allowed_http.has_host(url.host);
  if (url.scheme != "http" || fine) return {};
  Error error = invalid_input("baseUrl", "The URL is http: tokens would travel unencrypted.");
  error.remedy =
      "Give the https address. If there is none, the server's administrator can allow "
      "this host: fairlead serve --allow-http " +
      url.host + ".";
  return error;
}

Result<void> check_reach(Reach const& reach) {
  if (!reach.proxy.empty()) {
    auto proxy = net::parse_url(reach.proxy);
    if (!proxy.ok()) {
      Error error = std::move(proxy).error();
      error.where = "proxy";
      error.remedy = "Give the proxy as http://host:port, without a user name and password.";
      return error;
    }
  }
  for (auto const& [field, pem] :
       {std::pair{"caPem", &reach.ca_pem}, std::pair{"clientCertPem", &reach.client_cert_pem}})
    if (pem->find("PRIVATE KEY-----") != std::string::npos)
      return invalid_input(field,
                           "There is a private key in this PEM text. Give the client certificate's "
                           "key apart, as clientKeyPem: it is stored encrypted.");
  return {};
}

Result<void> put_reach(vault::Vault& vault, Reach const& reach, store::ConnectionRecord& record) {
  if (!reach.ca_pem.empty()) record.settings.set("caPem", reach.ca_pem);
  if (!reach.client_cert_pem.empty()) record.settings.set("clientCertPem", reach.client_cert_pem);
  if (!reach.proxy.empty()) record.settings.set("proxy", reach.proxy);
  FAIRLEAD_TRY(record.sealed_client_key,
               seal_column(vault, record.id.text, "client_key", reach.client_key_pem));
  return {};
}

}  // namespace fairlead::connection
