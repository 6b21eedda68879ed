// ServerOptions: what a server is started with, and the part of it that people are shown.
//
// Values. Secrets in it are held as such and never shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "access/secret_hashicorp.h"
#include "api/web_app.h"
#include "base/json.h"
#include "base/secret.h"
#include "net/address_list.h"
#include "workflow/policies.h"

namespace fairlead::app {

struct ServerOptions {
  std::filesystem::path data;  // made if missing
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};   // 0: any free one
  std::string public_url;  // "": made of address and port
  std::string tls_cert_pem;
  Secret tls_key_pem;
  // How long ended runs are kept, where their workflow does not say.
  workflow::Retention retention;
  std::string secrets_folder;  // one file a secret; "": none
  // Header for the trace collector -> the secret that is its value.
  std::vector<std::pair<std::string, std::string>> trace_headers;
  std::string secrets_command;  // prints the secret it is given the name of; "": none
  access::HashicorpOptions hashicorp;
  net::AddressList trusted_proxies;  // their X-Forwarded-For is believed
  // Hosts, addresses and networks that calls of workflows may reach though they are private.
  std::vector<std::string> allowed_private;
  net::AddressList allowed_http;            // GitLabs that have no https
  Milliseconds request_timeout{60'000};     // of an outgoing request, at most
  std::size_t payload_bytes_max{1u << 20};  // of one value of a run
  std::span<api::WebFile const> web;        // the web application; may be empty
};

// For the settings page: no secrets, no folders.
[[nodiscard]] Json shown(ServerOptions const& options);

}  // namespace fairlead::app
