// doctor, key: what an operator looks after, as commands and as arguments.
//
// cli.cpp hands in how a command is added, so that CLI11 stays in .cpp files. Blocking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/access_cli.h"
#include "cli/cli.h"
#include "cli/session.h"

namespace fairlead::cli {

// What is given is changed; the rest stays.
struct ConnectionSetOptions {
  std::string name;
  std::optional<std::string> new_name;
  std::vector<std::string> aliases;
  enum class Writes { as_it_is, refused, allowed } writes{Writes::as_it_is};
  enum class Default { as_it_is, yes } is_default{Default::as_it_is};
  std::optional<std::string> minimum_role;
  std::optional<std::string> url;
  std::optional<std::string> proxy;
  // "": none any more.
  std::optional<std::string> ca_file;
  std::optional<std::string> client_cert_file;
  std::optional<std::string> client_key_file;
  std::optional<std::string> client_id;
  std::string client_secret_file;
};

// What the arguments came to.
struct CareArguments {
  ConnectionSetOptions connection;
  enum class Wait { no, yes } wait{Wait::no};
};

// `arguments` must outlive the parsing and the command.
void add_care(CLI::App& app, CareArguments& arguments, AddCommand const& add);

Result<void> connection_set(Session& session, ConnectionSetOptions const& options);
// Per action what it needs and whether the connection has it.
Result<void> connection_permissions(Session& session, std::string const& name);
// The server, its key, then every connection step by step. unavailable if a step failed.
Result<void> doctor(Session& session);
Result<void> key_status(Session& session);
// Starts a rotation; with Wait::yes until all is sealed anew.
Result<void> key_rotate(Session& session, CareArguments::Wait wait);

}  // namespace fairlead::cli
