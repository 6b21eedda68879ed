// Secrets kept in HashiCorp Vault (or OpenBao): its key-value engine, version 2, over HTTP.
//
// Signed in by a token from a file (which an agent may renew) or by AppRole; one login serves until
// most of its lease is over. A secret with the one key `value` is that text, any other is its JSON
// object. Values are kept for a short time, so that a loop does not ask a thousand times. Blocking;
// thread-safe.
// Source: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2, .../auth/approle (1.17).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "access/secret_source.h"
#include "base/clock.h"
#include "net/http.h"

namespace fairlead::access {

// A changed value is seen after this at the latest.
inline constexpr Milliseconds hashicorp_cache_time = std::chrono::seconds(30);
inline constexpr std::size_t hashicorp_cached_max = 1'000;
inline constexpr Milliseconds hashicorp_timeout = std::chrono::seconds(10);

struct HashicorpOptions {
  std::string address;           // "https://vault.example.com:8200"; "": not used
  std::string mount{"secret"};   // of the key-value engine
  std::string path{"fairlead"};  // folder in it; a secret is <mount>/<path>/<name>
  std::string space;             // X-Vault-Namespace; "": none
  std::filesystem::path token_file;
  std::filesystem::path role_id_file;
  std::filesystem::path secret_id_file;
  std::string ca_pem;
};

// Errors: invalid_input (address, neither or both ways to sign in).
Result<void> check(HashicorpOptions const& options);

// Errors of find(): denied (login or policy), unavailable, corrupt (not Vault's answer, another
// engine version).
std::unique_ptr<SecretSource> make_hashicorp_secrets(HashicorpOptions options,
                                                     net::HttpTransport& transport,
                                                     Clock const& clock);

}  // namespace fairlead::access
