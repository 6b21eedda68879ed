// The programs of the one binary: serve, sandbox and demo, as the command line starts them.
//
// Each runs to its end and gives the exit code; errors are printed for people on standard error.
// main.cpp lists them.
#pragma once

#include "base/log.h"
#include "base/result.h"
#include "cli/cli.h"

namespace fairlead::app {

int serve(cli::ServeOptions const& options);
int run_sandbox(cli::SandboxCommandOptions const& options);
int demo(cli::DemoOptions const& options);

// Prints the error as the commands do; gives its exit code.
int fail(Error const& error);

}  // namespace fairlead::app
