#include "connection/sealing.h"

#include "connection/care.h"

namespace fairlead::connection {

Result<std::string> seal_column(vault::Vault& vault, std::string const& row,
                                std::string const& column, Secret const& secret) {
  if (secret.empty()) return std::string();
  return vault.seal({.table = "connection", .row = row, .column = column}, secret);
}

Result<Secret> open_column(vault::Vault& vault, std::string const& row, std::string const& column,
                           std::string const& sealed) {
  if (sealed.empty()) return Secret();
  return vault.open({.table = "connection", .row = row, .column = column}, sealed);
}

Result<OAuthClient> oauth_client(vault::Vault& vault, store::ConnectionRecord const& record) {
  FAIRLEAD_TRY(auto secret,
               open_column(vault, record.id.text, "client_secret", record.sealed_client_secret));
  return OAuthClient{.base_url = record.base_url,
                     .client_id = record.client_id,
                     .client_secret = std::move(secret)};
}

Result<net::TlsOptions> tls_options(vault::Vault& vault, store::ConnectionRecord const& record) {
  net::TlsOptions tls;
  tls.ca_pem = record.settings["caPem"].as_string();
  tls.client_cert_pem = record.settings["clientCertPem"].as_string();
  FAIRLEAD_TRY(tls.client_key_pem,
               open_column(vault, record.id.text, "client_key", record.sealed_client_key));
  return tls;
}

Result<void> put_tokens(vault::Vault& vault, store::ConnectionRecord& record,
                        TokenSet const& tokens, Time now) {
  FAIRLEAD_TRY(record.sealed_access_token,
               seal_column(vault, record.id.text, "access_token", tokens.access_token));
  FAIRLEAD_TRY(record.sealed_refresh_token,
               seal_column(vault, record.id.text, "refresh_token", tokens.refresh_token));
  if (!tokens.scopes.empty()) record.scopes = tokens.scopes;
  // From our own receive time: GitLab's created_at would bring its clock's error in.
  record.token_expires_at =
      tokens.expires_in ? std::optional(now + *tokens.expires_in) : std::nullopt;
  note_pair(record, now);
  record.status = "active";
  record.last_error = Json();
  record.updated_at = now;
  return {};
}

Result<void> add_reach(vault::Vault& vault, store::ConnectionRecord const& record,
                       net::HttpRequest& request) {
  FAIRLEAD_TRY(request.tls, tls_options(vault, record));
  request.proxy = record.settings["proxy"].as_string();
  request.limits.total_timeout = std::chrono::seconds(30);
  request.limits.body_bytes_max = 1u << 20;
  return {};
}

}  // namespace fairlead::connection
