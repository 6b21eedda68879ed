// The commands for versions of workflows and for workflows kept in a folder.
//
// As those of commands.h: they print through Session::terminal and return an Error for what failed.
// Blocking.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace fairlead::cli {

// The exit code of `workflow plan` when applying would change something.
inline constexpr int plan_has_changes = 2;
// Files read from one folder.
inline constexpr std::size_t plan_files_max = 1'000;

struct WorkflowDiffOptions {
  std::string name;
  std::string from;
  std::string to;
};
Result<void> workflow_diff(Session& session, WorkflowDiffOptions const& options);
struct WorkflowRollbackOptions {
  std::string name;
  std::string version;
};
Result<void> workflow_rollback(Session& session, WorkflowRollbackOptions const& options);
Result<void> workflow_draft(Session& session, std::string const& file);
// "namespace/name" or "namespace/name:version".
Result<void> workflow_publish(Session& session, std::string const& name);
Result<void> workflow_discard(Session& session, std::string const& name);
Result<void> workflow_disable(Session& session, std::string const& name);
Result<void> workflow_enable(Session& session, std::string const& name);

struct WorkflowFolderOptions {
  std::string folder;
  std::string digest;  // of the plan that is applied; "" for any
  bool prune{false};
};
// Sets Session::exit_code.
Result<void> workflow_plan(Session& session, WorkflowFolderOptions const& options);
Result<void> workflow_apply_folder(Session& session, WorkflowFolderOptions const& options);
Result<void> workflow_export(Session& session, std::string const& folder);
// All actions as function files, in the layout of an Open Workflow catalog.
Result<void> catalog_export(Session& session, std::string const& folder);
// Whether a path the server named stays below the folder it is meant for.
bool stays_below(std::string const& path);

struct FolderText {
  std::string path;  // below the folder, with slashes
  std::string source;
};
// The workflow files (.yaml, .yml, .json) of a folder and those below it, by path; below hidden
// folders (.git) nothing is looked at. Errors: not_found, invalid_input (more than plan_files_max).
Result<std::vector<FolderText>> read_folder(Session& session, std::filesystem::path const& folder);

// How texts are judged, and what is said of a good one.
struct Judge {
  std::string good;
  // {ok, problems, document}, as POST /workflows/validate.
  std::function<Result<Json>(std::string const& source)> ask;
};
// Judges files, and each file of folders, and prints what is found; how many are not good.
Result<int> judge_texts(Session& session, std::vector<std::string> const& names,
                        Judge const& judge);
// As compilers say it: "file.yaml:7:5: error: message".
void print_problems(Session& session, std::string const& file, Json const& problems);
// The differences of two versions, task by task; and line by line.
void print_changes(Session& session, Json const& changes);
void print_text_diff(Session& session, std::string const& text);
// "Next start: ...", what was skipped and why; nothing if `schedule` is null.
void print_schedule(Session& session, Json const& schedule);

}  // namespace fairlead::cli
