// The options of `fairlead serve`, as arguments.
//
// What they mean is docs/operate.md; ServeOptions (cli/cli.h) is what they come to. One-off, at the
// start of the program.
#pragma once

#include "cli/cli.h"

namespace CLI {
class App;
}

namespace fairlead::cli {

// `options` must outlive the parsing. Gives the new command, which has no callback yet.
CLI::App* add_serve(CLI::App& app, ServeOptions& options);

}  // namespace fairlead::cli
