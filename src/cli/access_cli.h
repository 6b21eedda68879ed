// The command line of who may do what: secret, user, token, audit.
//
// Beside cli.cpp, which hands in how a command is hung up and keeps the options alive while they
// are read. One thread.
#pragma once

#include <functional>
#include <string>

#include "cli/people_commands.h"
#include "cli/secret_commands.h"

namespace CLI {
class App;
}

namespace fairlead::cli {

struct AccessOptions {
  SecretSetOptions secret;
  UserOptions user;
  TokenOptions token;
  AuditOptions audit;
  std::string name;
};

using AddCommand =
    std::function<CLI::App*(CLI::App& parent, std::string const& name, std::string const& help,
                            std::function<Result<void>(Session&)> command)>;

// `options` outlives the parsing and the command.
void add_access(CLI::App& app, AccessOptions& options, AddCommand const& add);

}  // namespace fairlead::cli
