// ServerApp: the composition root of the server. Reading start() tells what the program is made of.
//
// The only place that names concrete classes. Everything is made once, in order, and destroyed in
// reverse: nothing here is global. start() blocks until the server listens; stop() drains. One
// thread makes and stops it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/secret_hashicorp.h"
#include "api/web_app.h"
#include "base/log.h"
#include "base/result.h"
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

class ServerApp {
 public:
  // Errors: those of the store (folder in use, newer database), the vault (wrong key) and the port
  // (in use).
  static Result<std::unique_ptr<ServerApp>> start(ServerOptions options, Log& log);
  ~ServerApp();
  ServerApp(ServerApp const&) = delete;
  ServerApp& operator=(ServerApp const&) = delete;

  // "http://127.0.0.1:8420": where it listens.
  [[nodiscard]] std::string const& url() const;
  // What browsers and GitLab use.
  [[nodiscard]] std::string const& public_url() const;
  // The file with the org admin's API token.
  [[nodiscard]] std::filesystem::path const& token_file() const;
  // The one-time link for the first org admin, while there is nobody.
  [[nodiscard]] std::optional<Secret> setup_link() const;
  // Takes no more requests, lets running ones and effects under way finish, closes the store.
  // Idempotent.
  void stop();

 private:
  struct Parts;
  explicit ServerApp(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace fairlead::app
