#include "cli/cli.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fstream>
#include <iostream>
#include <optional>

#include "base/text.h"
#include "cli/access_cli.h"
#include "cli/care_commands.h"
#include "cli/commands.h"
#include "cli/globals.h"
#include "cli/run_control.h"
#include "cli/serve_options.h"
#include "cli/usage.h"
#include "cli/webhook_commands.h"
#include "cli/workflow_commands.h"
#include "cli/workflow_trials.h"

namespace fairlead::cli {
namespace {

constexpr int usage_error = 2;
constexpr int failed_there = 424;  // RFC 4918 11.4, as our actions say it
constexpr std::string_view default_server = "http://127.0.0.1:8420";

// What the arguments came to: one of the two is set.
struct Chosen {
  std::function<Result<void>(Session&)> command;
  std::function<int()> program;
};

struct Parsed {
  Globals globals;
  Chosen chosen;
  ServeOptions serve;
  SandboxCommandOptions sandbox;
  DemoOptions demo;
  BackupOptions backup;
  ConnectOptions connect;
  DisconnectOptions disconnect;
  ActionRunOptions action_run;
  WorkflowValidateOptions workflow_validate;
  WorkflowNewOptions workflow_new;
  WorkflowApplyOptions apply;
  WorkflowRunOptions workflow_run;
  WorkflowTrialOptions trial;
  WorkflowDiffOptions diff;
  WorkflowRollbackOptions rollback;
  WorkflowFolderOptions folder;
  RunListOptions run_list;
  RunLogsOptions run_logs;
  EventSendOptions event;
  EventListOptions event_list;
  std::string event_number;
  WebhookOptions webhook;
  ApprovalListOptions approval_list;
  ApprovalDecideOptions approval;
  RunPauseOptions run_pause;
  RunReplayOptions run_replay;
  RunSettleOptions run_settle;
  RunBulkOptions run_bulk;
  RunPruneOptions run_prune;
  AccessOptions access;
  CareArguments care;
  std::string name;
  std::string search;
  std::vector<std::string> files;
};

void add_globals(CLI::App& app, Globals& globals) {
  auto* group = app.add_option_group("Server", "which server, as whom");
  group->add_option("--server", globals.server, "its URL; else $FAIRLEAD_SERVER, or the local one");
  group->add_option("--token-file", globals.token_file,
                    "API token; else $FAIRLEAD_TOKEN, or admin.token");
  group->add_option("--data-folder", globals.data, "of a server on this machine");
  group->add_option("--server-ca-file", globals.ca_file,
                    "PEM file: the CA of the server's certificate");
  group->add_option("-o,--output", globals.output, "table for people, json for programs")
      ->check(CLI::IsMember({"table", "json"}));
}

CLI::App* add_command(CLI::App& parent, Parsed& parsed, std::string const& name,
                      std::string const& help, std::function<Result<void>(Session&)> command) {
  auto* app = parent.add_subcommand(name, help);
  add_globals(*app, parsed.globals);
  app->callback([&parsed, command = std::move(command)] { parsed.chosen.command = command; });
  return app;
}

void add_sandbox(CLI::App& app, Parsed& parsed,
                 std::function<int(SandboxCommandOptions const&)> program) {
  auto* sandbox = app.add_subcommand("sandbox", "run a GitLab look-alike to try things on");
  auto& box = parsed.sandbox;
  sandbox->add_option("--listen", box.listen, "address and port")->capture_default_str();
  sandbox->add_option("--sub-path", box.sub_path, "serve below this path, e.g. /gitlab");
  sandbox->add_option("--tls-cert", box.tls_cert_file, "PEM file: certificate chain");
  sandbox->add_option("--tls-key", box.tls_key_file, "PEM file: private key");
  sandbox->add_option("--issues", box.issues, "so many more issues in ops/incidents")
      ->check(CLI::Range(0, 100'000));
  sandbox->add_option("--redirect-uri", box.redirect_uris,
                      "redirect URI of the OAuth application (repeatable)");
  sandbox->add_flag("--manual-clock", box.manual_clock,
                    "time passes only when the control API says so");
  sandbox->callback([&parsed, program = std::move(program)] {
    parsed.chosen.program = [&parsed, program] { return program(parsed.sandbox); };
  });
}

void add_programs(CLI::App& app, Parsed& parsed, Programs const& programs) {
  auto* serve = add_serve(app, parsed.serve);
  serve->callback([&parsed, run = programs.serve] {
    parsed.chosen.program = [&parsed, run] { return run(parsed.serve); };
  });

  add_sandbox(app, parsed, programs.sandbox);

  auto* demo =
      app.add_subcommand("demo", "show the main job end to end: incident, issue, pipeline, closed");
  auto& show = parsed.demo;
  demo->add_flag("--keep", show.keep, "leave sandbox and server running at the end");
  demo->add_option("--gitlab", show.gitlab, "a real GitLab instead of the sandbox");
  demo->add_option("--client-id", show.client_id, "Application ID there");
  demo->add_option("--client-secret-file", show.client_secret_file,
                   "file with the application's Secret");
  demo->add_option("--ca-file", show.ca_file, "PEM file with that GitLab's CA");
  demo->add_option("--project", show.project, "project for the incident's issue")
      ->capture_default_str();
  demo->add_option("--runbook", show.runbook, "project with the runbook pipeline")
      ->capture_default_str();
  demo->add_option("--ref", show.ref, "its branch")->capture_default_str();
  demo->add_option("--data-folder", show.data, "data folder; a fresh one if not given");
  demo->callback([&parsed, run = programs.demo] {
    parsed.chosen.program = [&parsed, run] { return run(parsed.demo); };
  });
}

void add_backup(CLI::App& app, Parsed& parsed, std::string const& name, std::string const& help,
                std::function<int(BackupOptions const&)> program) {
  auto* command = app.add_subcommand(name, help);
  command->add_option("file", parsed.backup.file, "the backup")->required();
  command->add_option("--data-folder", parsed.backup.data, "folder for the database and keys");
  command->callback([&parsed, program = std::move(program)] {
    parsed.chosen.program = [&parsed, program] { return program(parsed.backup); };
  });
}

void add_connect(CLI::App& app, Parsed& parsed) {
  auto* connect = app.add_subcommand("connect", "connect an app");
  connect->require_subcommand(1);
  auto& options = parsed.connect;
  auto* gitlab =
      add_command(*connect, parsed, "gitlab", "connect a GitLab by OAuth 2.0 or an access token",
                  [&options](Session& session) { return connect_gitlab(session, options); });
  gitlab->add_option("--url", options.url, "the GitLab's address, with sub-path and port")
      ->required();
  gitlab->add_option("--client-id", options.client_id, "Application ID of the OAuth application");
  gitlab->add_option("--client-secret-file", options.client_secret_file,
                     "file with its Secret (- is standard input)");
  gitlab->add_option("--access-token-file", options.access_token_file,
                     "file with an access token, instead of OAuth");
  gitlab->add_option("--name", options.name, "what workflows call this connection")
      ->capture_default_str();
  gitlab->add_option("--scopes", options.scopes, "scopes to ask for")->capture_default_str();
  gitlab->add_option("--ca-file", options.ca_file, "PEM file: the GitLab's CA, if it is private");
  gitlab->add_option("--client-cert-file", options.client_cert_file,
                     "PEM file: TLS client certificate");
  gitlab->add_option("--client-key-file", options.client_key_file, "PEM file: its key");
  gitlab->add_option("--proxy", options.proxy, "http://host:port");
  gitlab->add_flag("--default", options.is_default, "make it the default connection");
  gitlab->add_flag("--device", options.device, "sign in with a code, if no browser gets here");
  gitlab->add_flag("--no-browser", options.no_browser, "only print the page to open");
  gitlab->add_option("--wait", options.wait_seconds, "seconds to wait for the sign-in")
      ->capture_default_str();
}

void add_connections(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("connection", "list, test, reconnect and remove connections");
  group->require_subcommand(1);
  add_command(*group, parsed, "list", "all connections", connection_list);
  add_command(*group, parsed, "show", "one connection",
              [&parsed](Session& session) { return connection_show(session, parsed.name); })
      ->add_option("name", parsed.name, "the connection")
      ->required();
  add_command(*group, parsed, "test", "check a connection step by step",
              [&parsed](Session& session) { return connection_test(session, parsed.name); })
      ->add_option("name", parsed.name, "the connection")
      ->required();
  auto* reconnect = add_command(
      *group, parsed, "reconnect", "sign in again; id, settings and workflows stay",
      [&parsed](Session& session) { return connection_reconnect(session, parsed.connect); });
  reconnect->add_option("name", parsed.connect.name, "the connection")->required();
  reconnect->add_option("--scopes", parsed.connect.new_scopes, "ask for these from now on");
  reconnect->add_flag("--device", parsed.connect.device, "sign in with a code");
  reconnect->add_flag("--no-browser", parsed.connect.no_browser, "only print the page to open");
  reconnect->add_option("--wait", parsed.connect.wait_seconds, "seconds to wait for the sign-in");
  auto* disconnect = add_command(
      *group, parsed, "disconnect", "forget a connection and wipe its tokens",
      [&parsed](Session& session) { return connection_disconnect(session, parsed.disconnect); });
  disconnect->add_option("name", parsed.disconnect.name, "the connection")->required();
  disconnect->add_flag("--revoke", parsed.disconnect.revoke, "revoke the tokens at GitLab, too");
  disconnect->add_flag("--yes", parsed.disconnect.yes, "without it, only what breaks is said");
}

void add_actions(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("action", "list, explain and run actions");
  group->require_subcommand(1);
  add_command(*group, parsed, "list", "all actions", [&parsed](Session& session) {
    return action_list(session, parsed.search);
  })->add_option("--search", parsed.search, "only those with this in name or description");
  add_command(*group, parsed, "show", "one action with its fields",
              [&parsed](Session& session) { return action_show(session, parsed.name); })
      ->add_option("action", parsed.name, "e.g. gitlab.create-issue")
      ->required();
  auto& options = parsed.action_run;
  auto* run = group->add_subcommand(
      "run", "run an action; its fields are flags: --title \"...\" --labels a,b");
  add_globals(*run, parsed.globals);
  run->add_option("action", options.id, "gitlab.create-issue")->required();
  run->add_option("--input", options.input, "the input as JSON, @file or -");
  run->add_option("--connection", options.connection, "else the default one");
  run->add_flag("--dry-run", options.dry_run, "show the literal request, send nothing");
  run->allow_extras();
  run->callback([&parsed, run] {
    parsed.action_run.flags = run->remaining();
    parsed.chosen.command = [&parsed](Session& session) {
      return action_run(session, parsed.action_run);
    };
  });
}

void add_workflows(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("workflow", "write, check, publish and start workflows");
  group->require_subcommand(1);
  add_command(*group, parsed, "list", "published workflows", workflow_list);
  add_command(*group, parsed, "show", "a workflow's text",
              [&parsed](Session& session) { return workflow_show(session, parsed.name); })
      ->add_option("workflow", parsed.name, "namespace/name[:version]")
      ->required();
  auto* fresh = add_command(
      *group, parsed, "new", "start from a template; without a name, list them",
      [&parsed](Session& session) { return workflow_new(session, parsed.workflow_new); });
  fresh->add_option("template", parsed.workflow_new.from, "its name");
  fresh->add_option("--file", parsed.workflow_new.output, "write it there");
  auto& validation = parsed.workflow_validate;
  auto* validate = add_command(
      *group, parsed, "validate", "check files and folders, say every problem with its place",
      [&validation](Session& session) { return workflow_validate(session, validation); });
  validate->add_option("files", validation.files, "YAML or JSON, or folders with such")->required();
  validate->add_flag("--offline", validation.offline, "by this command alone, as without a server");
  auto* apply = add_command(
      *group, parsed, "apply", "publish files or a folder; a published version never changes",
      [&parsed](Session& session) { return workflow_apply(session, parsed.apply); });
  apply->add_option("files", parsed.apply.files, "YAML or JSON, or one folder")->required();
  apply->add_flag("--dry-run", parsed.apply.dry_run, "only check");
  apply->add_flag("--prune", parsed.apply.prune, "disable what the folder has no file for");
  apply->add_option("--plan", parsed.apply.plan, "only if this is still what it would do");
  auto* run = add_command(
      *group, parsed, "run", "start a run by hand",
      [&parsed](Session& session) { return workflow_run(session, parsed.workflow_run); });
  run->add_option("workflow", parsed.workflow_run.name, "namespace/name[:version]")->required();
  run->add_option("--input", parsed.workflow_run.input, "JSON, @file or -");
  run->add_flag("-f,--follow", parsed.workflow_run.follow, "follow it to the end");
}

void add_named(CLI::App& group, Parsed& parsed, std::string const& name, std::string const& help,
               Result<void> (*command)(Session&, std::string const&)) {
  add_command(group, parsed, name, help,
              [&parsed, command](Session& session) { return command(session, parsed.name); })
      ->add_option("workflow", parsed.name, "namespace/name[:version]")
      ->required();
}

void add_workflow_versions(CLI::App& app, Parsed& parsed) {
  auto* group = app.get_subcommand("workflow");
  auto* diff =
      add_command(*group, parsed, "diff", "compare versions, task by task and as text",
                  [&parsed](Session& session) { return workflow_diff(session, parsed.diff); });
  diff->add_option("workflow", parsed.diff.name, "namespace/name")->required();
  diff->add_option("from", parsed.diff.from, "a version; else the one before");
  diff->add_option("to", parsed.diff.to, "a version; else the newest, or its draft");
  auto* rollback = add_command(
      *group, parsed, "rollback", "publish an old version's content as the next version",
      [&parsed](Session& session) { return workflow_rollback(session, parsed.rollback); });
  rollback->add_option("workflow", parsed.rollback.name, "namespace/name")->required();
  rollback->add_option("version", parsed.rollback.version, "the one to go back to")->required();
  add_command(*group, parsed, "draft", "save a draft; it may have faults yet",
              [&parsed](Session& session) { return workflow_draft(session, parsed.name); })
      ->add_option("file", parsed.name, "YAML or JSON")
      ->required();
  add_named(*group, parsed, "publish", "publish a draft", workflow_publish);
  add_named(*group, parsed, "discard", "throw a draft away", workflow_discard);
  add_named(*group, parsed, "disable", "start no runs of it any more", workflow_disable);
  add_named(*group, parsed, "enable", "undo disable", workflow_enable);
  auto* plan = add_command(
      *group, parsed, "plan", "what applying a folder would change; exit code 2 if anything",
      [&parsed](Session& session) { return workflow_plan(session, parsed.folder); });
  plan->add_option("folder", parsed.folder.folder, "with YAML or JSON files")->required();
  plan->add_flag("--prune", parsed.folder.prune, "disable what the folder has no file for");
  add_command(*group, parsed, "export", "write all published workflows into a folder",
              [&parsed](Session& session) { return workflow_export(session, parsed.name); })
      ->add_option("folder", parsed.name, "it is made if it is not there")
      ->required();
}

void add_catalog(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("catalog", "actions as Open Workflow functions");
  group->require_subcommand(1);
  add_command(*group, parsed, "export", "write all actions as function files",
              [&parsed](Session& session) { return catalog_export(session, parsed.name); })
      ->add_option("folder", parsed.name, "it is made if it is not there")
      ->required();
}

void add_run_pause(CLI::App& group, Parsed& parsed) {
  auto* pause =
      add_command(group, parsed, "pause", "begin nothing new; what is under way finishes",
                  [&parsed](Session& session) { return run_pause(session, parsed.run_pause); });
  pause->add_option("run", parsed.run_pause.id, "its id")->required();
  pause->add_option("--reason", parsed.run_pause.reason, "why, for those who come after");
  add_command(group, parsed, "resume", "let a paused, parked or suspended run go on",
              [&parsed](Session& session) { return run_resume(session, parsed.name); })
      ->add_option("run", parsed.name, "its id")
      ->required();
  add_command(group, parsed, "effects", "what a run did outside, and what is not known",
              [&parsed](Session& session) { return run_effects(session, parsed.name); })
      ->add_option("run", parsed.name, "its id")
      ->required();
}

void add_run_replay(CLI::App& group, Parsed& parsed) {
  auto& options = parsed.run_replay;
  auto* replay = add_command(group, parsed, "replay", "run it again, as a new run",
                             [&options](Session& session) { return run_replay(session, options); });
  replay->add_option("run", options.id, "its id")->required();
  replay->add_option("--from", options.from, "begin with this task, in the state it had then");
  replay->add_option("--input", options.input, "another input: JSON, @file or -");
  replay->add_option("--version", options.version, "another version; latest");
  replay
      ->add_option("--effects", options.effects, "for all effects; else: created ones are adopted")
      ->check(CLI::IsMember({"adopt", "repeat"}));
  replay->add_option("--adopt", options.adopt, "adopt this effect (its id; repeatable)");
  replay->add_option("--repeat", options.repeat, "do this effect again (its id; repeatable)");
  replay->add_flag("--preview", options.preview, "only show what becomes of each effect");
  replay->add_flag("-f,--follow", options.follow, "follow the new run to its end");
}

void add_run_settle(CLI::App& group, Parsed& parsed) {
  auto& options = parsed.run_settle;
  auto* settle =
      add_command(group, parsed, "settle", "say what became of an effect nobody can look up",
                  [&options](Session& session) { return run_settle(session, options); });
  settle->add_option("run", options.id, "its id")->required();
  settle->add_option("--task", options.task, "which task, if there are several");
  settle->add_option("--happened", options.happened,
                     "it did; what the task gives, as JSON, @file or -");
  settle->add_flag("--not-happened", options.not_happened, "it did not: send it again");
  settle->add_flag("--fail", options.fail, "let the task fail");
  settle->add_option("--reason", options.reason, "why, for the journal");
}

void add_run_orders(CLI::App& group, Parsed& parsed) {
  auto& options = parsed.run_bulk;
  auto* bulk = add_command(group, parsed, "bulk", "cancel, pause, resume or replay many runs",
                           [&options](Session& session) { return run_bulk(session, options); });
  bulk->add_option("action", options.action, "what to do")
      ->required()
      ->check(CLI::IsMember({"cancel", "pause", "resume", "replay"}));
  bulk->add_option("--status", options.statuses, "only runs in this status (repeatable)");
  bulk->add_option("--workflow", options.workflow, "only runs of namespace/name");
  bulk->add_option("--after", options.after, "started at this time or later");
  bulk->add_option("--before", options.before, "started before this time");
  bulk->add_option("--effects", options.effects, "of a replay: for all effects")
      ->check(CLI::IsMember({"adopt", "repeat"}));
  bulk->add_option("--reason", options.reason, "of a pause");
  bulk->add_flag("--dry-run", options.dry_run, "only count");
  bulk->add_flag("--yes", options.yes,
                 "do it; without this the count is shown and nothing is done");
  add_command(group, parsed, "prune", "remove old history now", [&parsed](Session& session) {
    return run_prune(session, parsed.run_prune);
  })->add_flag("--dry-run", parsed.run_prune.dry_run, "only count");
}

void add_runs(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("run", "see, follow and steer runs");
  group->require_subcommand(1);
  auto* list = add_command(*group, parsed, "list", "newest first", [&parsed](Session& session) {
    return run_list(session, parsed.run_list);
  });
  list->add_option("--status", parsed.run_list.status, "e.g. running, waiting, suspended, faulted");
  list->add_option("--workflow", parsed.run_list.workflow, "namespace/name");
  list->add_option("--limit", parsed.run_list.limit, "at most that many")
      ->capture_default_str()
      ->check(CLI::Range(1, 500));
  add_command(*group, parsed, "show", "one run",
              [&parsed](Session& session) { return run_show(session, parsed.name); })
      ->add_option("run", parsed.name, "its id")
      ->required();
  auto* logs =
      add_command(*group, parsed, "logs", "what happened, step by step",
                  [&parsed](Session& session) { return run_logs(session, parsed.run_logs); });
  logs->add_option("run", parsed.run_logs.id, "its id")->required();
  logs->add_flag("-f,--follow", parsed.run_logs.follow, "go on until it has ended");
  add_run_pause(*group, parsed);
  add_run_replay(*group, parsed);
  add_run_settle(*group, parsed);
  add_run_orders(*group, parsed);
  add_command(*group, parsed, "cancel", "stop a run",
              [&parsed](Session& session) { return run_cancel(session, parsed.name); })
      ->add_option("run", parsed.name, "its id")
      ->required();
}

void add_decision(CLI::App& group, Parsed& parsed, std::string const& word) {
  auto& options = parsed.approval;
  auto* app = add_command(group, parsed, word, word + " it", [&options, word](Session& session) {
    options.decision = word;
    return approval_decide(session, options);
  });
  app->add_option("approval", options.id, "its id")->required();
  app->add_option("--comment", options.comment, "why");
  app->add_option("--values", options.values, "the form's values: JSON, @file or -");
}

void add_approvals(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("approval", "decide what runs wait for");
  group->require_subcommand(1);
  auto& options = parsed.approval_list;
  auto* list = add_command(*group, parsed, "list", "newest first", [&options](Session& session) {
    return approval_list(session, options);
  });
  list->add_option("--status", options.status,
                   "open, approved, refused, expired, cancelled, or all")
      ->capture_default_str();
  list->add_option("--run", options.run, "of that run only");
  add_command(*group, parsed, "show", "one approval",
              [&parsed](Session& session) { return approval_show(session, parsed.name); })
      ->add_option("approval", parsed.name, "its id")
      ->required();
  add_decision(*group, parsed, "approve");
  add_decision(*group, parsed, "refuse");
}

void add_events(CLI::App& app, Parsed& parsed) {
  auto* group = app.add_subcommand("event", "send events, see what came in");
  group->require_subcommand(1);
  auto& options = parsed.event;
  auto* send = add_command(*group, parsed, "send", "send a CloudEvent to the server's inbox",
                           [&options](Session& session) { return event_send(session, options); });
  send->add_option("--type", options.type, "e.g. com.example.incident.opened");
  send->add_option("--source", options.source, "where it comes from")->capture_default_str();
  send->add_option("--id", options.id, "(source, id) is stored once; made up if not given");
  send->add_option("--subject", options.subject, "what it is about, e.g. INC-42");
  send->add_option("--data", options.data, "its data: JSON, @file or -");
  send->add_option("--file", options.file, "a whole CloudEvent as JSON instead");
  send->add_flag("-f,--follow", options.follow, "follow the runs it starts");
  send->add_flag("--dry-run", options.dry_run, "show the event, send nothing");
  auto* list =
      add_command(*group, parsed, "list", "what came in, newest first",
                  [&parsed](Session& session) { return event_list(session, parsed.event_list); });
  list->add_option("--limit", parsed.event_list.limit, "how many")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  auto* show =
      add_command(*group, parsed, "show", "an event with its data, and the runs it started",
                  [&parsed](Session& session) { return event_show(session, parsed.event_number); });
  show->add_option("number", parsed.event_number, "its number, as listed")->required();
}

Terminal make_terminal(Output output) {
  bool const people = ::isatty(STDOUT_FILENO) != 0;
  Terminal terminal{.out = std::cout, .err = std::cerr, .output = output};
  if (people && environment("NO_COLOR").empty() && environment("TERM") != "dumb")
    terminal.colours = Terminal::Colours::on;
  winsize size{};
  if (people && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    terminal.width = size.ws_col;
  if (!people) terminal.width = 1'000;
  return terminal;
}

// The exit code of a command that did its work.
Result<int> run_command(Parsed const& parsed, Surroundings const& surroundings,
                        Terminal const& terminal) {
  Globals const& globals = parsed.globals;
  std::string const data = globals.data.empty() ? default_data_folder() : globals.data;
  std::string server = globals.server.empty() ? environment("FAIRLEAD_SERVER") : globals.server;
  if (server.empty()) server = server_of_data(data);
  auto const server_is = server.empty() ? Session::ServerIs::assumed : Session::ServerIs::found;
  if (server.empty()) server = default_server;
  FAIRLEAD_TRY(auto token, token_of(globals, data));
  std::string ca;
  if (!globals.ca_file.empty()) {
    std::ifstream file(globals.ca_file);
    ca.assign(std::istreambuf_iterator<char>(file), {});
    if (ca.empty())
      return make_error(ErrorKind::not_found,
                        "The CA file " + globals.ca_file + " cannot be read.");
  }
  auto transport = surroundings.make_transport();
  Session session{.terminal = terminal,
                  .server = ServerClient(*transport, server, std::move(token), std::move(ca)),
                  .pause = surroundings.pause,
                  .clock = surroundings.clock,
                  .in = std::cin,
                  .check_workflow = surroundings.check_workflow,
                  .server_is = server_is};
  FAIRLEAD_CHECK(parsed.chosen.command(session));
  return session.exit_code;
}

void say_how_to_sign_in(Error& error) {
  if (error.title != "Not signed in") return;
  error.remedy =
      "Name a file with an API token (--token-file) or set FAIRLEAD_TOKEN. On the server's machine "
      "the org admin's is in admin.token of the data folder (--data-folder).";
}

}  // namespace

int run_cli(std::vector<std::string> const& given, Surroundings const& surroundings) {
  auto const arguments = with_common_words(given);
  CLI::App app(
      "Fairlead connects GitLab to workflows: one server, and this command to work with it.",
      "fairlead");
  app.set_version_flag("--version", "fairlead " + surroundings.version);
  app.require_subcommand(1);
  app.footer("Guides: docs/ in the source. Exit codes: docs/cli.md.");
  Parsed parsed;
  add_programs(app, parsed, surroundings.programs);
  add_backup(app, parsed, "backup", "copy the database of a data folder, also of a running server",
             surroundings.programs.backup);
  add_backup(app, parsed, "restore", "make a backup the database of an empty data folder",
             surroundings.programs.restore);
  add_connect(app, parsed);
  add_connections(app, parsed);
  add_actions(app, parsed);
  add_workflows(app, parsed);
  add_workflow_versions(app, parsed);
  add_catalog(app, parsed);
  add_runs(app, parsed);
  add_approvals(app, parsed);
  auto* webhooks = app.add_subcommand("webhook", "see and keep webhooks at GitLab");
  add_events(app, parsed);
  AddCommand const add = [&parsed](CLI::App& parent, std::string const& name,
                                   std::string const& help,
                                   std::function<Result<void>(Session&)> command) {
    return add_command(parent, parsed, name, help, std::move(command));
  };
  add_workflow_trials(*app.get_subcommand("workflow"), parsed.trial, add);
  add_webhooks(*webhooks, parsed.webhook, add);
  add_access(app, parsed.access, add);
  add_care(app, parsed.care, add);
  Terminal terminal = make_terminal(Output::table);
  if (auto error = unknown_command(app, arguments)) {
    print_error(terminal, *error);
    return usage_error;
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (CLI::ParseError const& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    print_error(terminal, usage_fault(app, arguments, error));
    return usage_error;
  }
  if (parsed.chosen.program) return parsed.chosen.program();
  if (parsed.globals.output == "json") terminal.output = Output::json;
  auto done = run_command(parsed, surroundings, terminal);
  std::cout.flush();
  if (done.ok()) return *done;
  Error error = std::move(done).error();
  say_how_to_sign_in(error);
  print_error(terminal, error);
  // What failed at the other end (a pipeline, say) is no conflict for whoever asked: plain failure.
  return error.status == failed_there ? 1 : exit_code(error.kind);
}

}  // namespace fairlead::cli
