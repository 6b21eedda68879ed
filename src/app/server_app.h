// ServerApp: the composition root of the server. Reading start() tells what the program is made of.
//
// The only place that names concrete classes. Everything is made once, in order, and destroyed in
// reverse: nothing here is global. start() blocks until the server listens; stop() drains. One
// thread makes and stops it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/server_options.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::app {

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
