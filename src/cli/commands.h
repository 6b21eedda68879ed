// The commands that talk to a server, one function each; each gives the process's exit code.
//
// They print results through Session::terminal and return an Error for everything that failed;
// cli.cpp prints it and turns it into the exit code. Blocking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/session.h"

namespace fairlead::cli {

struct ConnectOptions {
  std::string name{"gitlab"};
  std::string url;
  std::string client_id;
  std::string client_secret_file;  // file, or "-" for standard input
  std::string access_token_file;   // instead of OAuth
  std::string scopes{"api"};
  std::string new_scopes;  // of a reconnect: "" asks for the same as before
  std::string ca_file;
  std::string client_cert_file;
  std::string client_key_file;
  std::string proxy;
  bool is_default{false};
  bool no_browser{false};
  bool device{false};  // by device code
  int wait_seconds{600};
};
Result<void> connect_gitlab(Session& session, ConnectOptions const& options);

Result<void> connection_list(Session& session);
Result<void> connection_show(Session& session, std::string const& name);
// Error denied-like exit if a step failed.
Result<void> connection_test(Session& session, std::string const& name);
Result<void> connection_reconnect(Session& session, ConnectOptions const& options);
struct DisconnectOptions {
  std::string name;
  bool revoke{false};
  bool yes{false};  // without it: says what breaks, does nothing, invalid_input
};
Result<void> connection_disconnect(Session& session, DisconnectOptions const& options);

struct ActionRunOptions {
  std::string id;
  std::string input;  // JSON, "@file" or "-"; "" if none
  std::string connection;
  bool dry_run{false};
  std::vector<std::string>
      flags;  // "--title", "text", "--labels", "a,b": fields of the action's input
};
Result<void> action_list(Session& session, std::string const& search);
Result<void> action_show(Session& session, std::string const& id);
Result<void> action_run(Session& session, ActionRunOptions const& options);

Result<void> workflow_list(Session& session);
struct WorkflowName {
  std::string workflow_namespace;
  std::string name;
  std::string version;  // "" is the newest
};
// "namespace/name" or "namespace/name:version".
Result<WorkflowName> workflow_name(std::string const& text);
Result<void> workflow_show(Session& session, std::string const& name);
struct WorkflowValidateOptions {
  std::vector<std::string> files;  // and folders
  bool offline{false};
};
// Asks the server where there is one, which knows its connections and secrets, too; else checks on
// this machine.
Result<void> workflow_validate(Session& session, WorkflowValidateOptions const& options);
struct WorkflowNewOptions {
  std::string from;    // template's name; "" lists them
  std::string output;  // file; "" or "-" is standard output
};
Result<void> workflow_new(Session& session, WorkflowNewOptions const& options);
struct WorkflowApplyOptions {
  std::vector<std::string> files;  // or one folder
  bool dry_run{false};
  bool prune{false};  // of a folder
  std::string plan;   // its plan's digest
};
Result<void> workflow_apply(Session& session, WorkflowApplyOptions const& options);
struct WorkflowRunOptions {
  std::string name;
  std::string input;
  bool follow{false};
};
Result<void> workflow_run(Session& session, WorkflowRunOptions const& options);

struct RunListOptions {
  std::string status;
  std::string workflow;
  int limit{20};
};
Result<void> run_list(Session& session, RunListOptions const& options);
Result<void> run_show(Session& session, std::string const& id);
struct RunLogsOptions {
  std::string id;
  bool follow{false};
};
Result<void> run_logs(Session& session, RunLogsOptions const& options);
Result<void> run_cancel(Session& session, std::string const& id);

struct ApprovalListOptions {
  std::string status{"open"};  // "all": any
  std::string run;
};
Result<void> approval_list(Session& session, ApprovalListOptions const& options);
Result<void> approval_show(Session& session, std::string const& id);
struct ApprovalDecideOptions {
  std::string id;
  std::string decision;  // "approve", "refuse"
  std::string comment;
  std::string values;  // JSON, "@file" or "-"; "" if none
};
Result<void> approval_decide(Session& session, ApprovalDecideOptions const& options);

struct EventSendOptions {
  std::string type;
  std::string source{"/fairlead/cli"};
  std::string id;  // "" makes one
  std::string subject;
  std::string data;    // JSON, "@file", "-"
  std::string file;    // a whole CloudEvent instead
  bool follow{false};  // follow the runs it starts
  bool dry_run{false};
};
Result<void> event_send(Session& session, EventSendOptions const& options);
struct EventListOptions {
  int limit{50};
};
// Newest first.
Result<void> event_list(Session& session, EventListOptions const& options);
// The whole event and the runs it started. not_found.
Result<void> event_show(Session& session, std::string const& seq);

}  // namespace fairlead::cli
