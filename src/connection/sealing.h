// Which columns of a connection are sealed, and under which associated data.
//
// One place for it, so that no caller can seal a token as a client secret. Pure but for the vault;
// any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "connection/oauth.h"
#include "net/http.h"
#include "store/records.h"
#include "vault/vault.h"

namespace fairlead::connection {

// Empty stays empty.
Result<std::string> seal_column(vault::Vault& vault, std::string const& row,
                                std::string const& column, Secret const& secret);
Result<Secret> open_column(vault::Vault& vault, std::string const& row, std::string const& column,
                           std::string const& sealed);

Result<OAuthClient> oauth_client(vault::Vault& vault, store::ConnectionRecord const& record);
Result<net::TlsOptions> tls_options(vault::Vault& vault, store::ConnectionRecord const& record);
// Stores tokens, scopes and expiry into the record; the generation grows by one.
Result<void> put_tokens(vault::Vault& vault, store::ConnectionRecord& record,
                        TokenSet const& tokens, Time now);
// Adds how the instance is reached (TLS, proxy) and short limits to a request of ours.
Result<void> add_reach(vault::Vault& vault, store::ConnectionRecord const& record,
                       net::HttpRequest& request);

}  // namespace fairlead::connection
