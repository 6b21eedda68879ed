// The programs of the one binary: serve, sandbox, demo, backup and restore, as the command line
// starts them.
//
// Each runs to its end and gives the exit code; errors are printed for people on standard error.
// main.cpp lists them.
#pragma once

#include <span>

#include "api/web_app.h"
#include "base/log.h"
#include "base/result.h"
#include "cli/cli.h"

namespace fairlead::app {

// `web`: the web application (app/web_files.h).
using WebFiles = std::span<api::WebFile const>;
int serve(cli::ServeOptions const& options, WebFiles web);
int run_sandbox(cli::SandboxCommandOptions const& options);
int demo(cli::DemoOptions const& options, WebFiles web);
int backup(cli::BackupOptions const& options);
int restore(cli::BackupOptions const& options);

// Prints the error as the commands do; gives its exit code.
int fail(Error const& error);

}  // namespace fairlead::app
