// Secrets that the operator keeps outside of Fairlead: in files, in the environment, behind a
// command.
//
// One file a secret (`<folder>/<name>`, readable by its owner only); FAIRLEAD_SECRET_<NAME>, in
// upper case with _ for -; a command that is given the name and prints the value. One line break at
// the end is not part of a value. Thread-safe, blocking.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "access/secret_source.h"

namespace fairlead::access {

inline constexpr std::string_view secret_variable_prefix = "FAIRLEAD_SECRET_";
inline constexpr Milliseconds secret_command_timeout = std::chrono::seconds(10);

// Errors of find(): denied (others may read the file), corrupt (too large), unavailable.
std::unique_ptr<SecretSource> make_folder_secrets(std::filesystem::path folder);

// Variable (with prefix) -> value.
using SecretVariables = std::map<std::string, Secret>;
std::unique_ptr<SecretSource> make_environment_secrets(SecretVariables variables);

struct SecretCommandOptions {
  std::string program;                   // absolute path; called as `<program> <name>`
  std::vector<std::string> environment;  // of the program: "PATH=/usr/bin"
  Milliseconds timeout{secret_command_timeout};
};
// Exit code 0: the output is the value; 1 without output: there is none. Anything else, more than
// secret_bytes_max or the time-out: unavailable.
std::unique_ptr<SecretSource> make_command_secrets(SecretCommandOptions options,
                                                   Clock const& clock);

}  // namespace fairlead::access
