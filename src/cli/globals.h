// Which server a command talks to, and as whom: what the global options, the environment and the
// data folder say, in that order (docs/cli.md).
//
// Reads files and the environment; nothing is kept. One thread.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace fairlead::cli {

struct Globals {
  std::string server;
  std::string token_file;
  std::string data;
  std::string ca_file;
  std::string output{"table"};
};

// "" if it is not set.
std::string environment(char const* name);
// The server a `serve` on this machine left its address for; "" if none did.
std::string server_of_data(std::string const& data);
// Empty: none was found. not_found: a file was named and cannot be read.
Result<Secret> token_of(Globals const& globals, std::string const& data);

}  // namespace fairlead::cli
