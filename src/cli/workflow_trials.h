// workflow check, dry-run: what there is to say of a workflow's text before it is published.
//
// As the App's builder does, through the server: check also looks at GitLab, dry-run shows each
// step with a sample input and asks nobody. cli.cpp hands in how a command is added. Blocking.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/access_cli.h"
#include "cli/session.h"

namespace fairlead::cli {

// The exit code of `workflow dry-run` when a step would fail or is not allowed.
inline constexpr int dry_run_fails = 1;

struct WorkflowTrialOptions {
  std::vector<std::string> files;  // to check: and folders
  std::string file;                // to dry-run
  std::string input;               // JSON, "@file" or "-"; "" if none
};

// `group` is the command `workflow`; `options` outlives the parsing and the command.
void add_workflow_trials(CLI::App& group, WorkflowTrialOptions& options, AddCommand const& add);

// invalid_input if a file cannot be published as it is.
Result<void> workflow_check(Session& session, WorkflowTrialOptions const& options);
// Sets Session::exit_code.
Result<void> workflow_dry_run(Session& session, WorkflowTrialOptions const& options);

}  // namespace fairlead::cli
