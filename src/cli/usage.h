// What is wrong with a command line, in our own words.
//
// The argument parser stops at the first fault with a few words of its own; here they become an
// Error like any other: what is wrong, where, and the help that says more. Called by run_cli before
// and after the parsing. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace fairlead::cli {

// `fairlead help run list` is `fairlead run list --help`, `fairlead version` is `--version`.
std::vector<std::string> with_common_words(std::vector<std::string> arguments);
// The first word that should be a command and is none: the parser would only ask for one.
std::optional<Error> unknown_command(CLI::App const& app,
                                     std::vector<std::string> const& arguments);
Error usage_fault(CLI::App const& app, std::vector<std::string> const& arguments,
                  CLI::ParseError const& fault);

}  // namespace fairlead::cli
