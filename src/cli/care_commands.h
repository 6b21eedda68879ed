// doctor, key: what an operator looks after, as commands and as arguments.
//
// cli.cpp hands in how a command is added, so that CLI11 stays in .cpp files. Blocking.
#pragma once

#include "base/result.h"
#include "cli/access_cli.h"
#include "cli/cli.h"
#include "cli/session.h"

namespace fairlead::cli {

// What the arguments came to.
struct CareArguments {
  enum class Wait { no, yes } wait{Wait::no};
};

// `arguments` must outlive the parsing and the command.
void add_care(CLI::App& app, CareArguments& arguments, AddCommand const& add);

// Where secrets are in HashiCorp Vault: --vault-...
void add_hashicorp(CLI::App& serve, ServeOptions::Hashicorp& options);

// The server, its key, then every connection step by step. unavailable if a step failed.
Result<void> doctor(Session& session);
Result<void> key_status(Session& session);
// Starts a rotation; with Wait::yes until all is sealed anew.
Result<void> key_rotate(Session& session, CareArguments::Wait wait);

}  // namespace fairlead::cli
