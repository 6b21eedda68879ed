// workflow list, show, new, apply, run.
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/every_item.h"
#include "cli/run_view.h"
#include "cli/workflow_commands.h"

namespace fairlead::cli {
namespace {

constexpr std::string_view yaml_type = "application/yaml";

std::string full_name(Json const& workflow) {
  return workflow["namespace"].as_string() + "/" + workflow["name"].as_string();
}

}  // namespace

Result<WorkflowName> workflow_name(std::string const& text) {
  auto const slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
    return invalid_input("workflow",
                         "Name a workflow as namespace/name or namespace/name:version, not \"" +
                             shorten(text, 80) + "\".");
  WorkflowName name{
      .workflow_namespace = text.substr(0, slash), .name = text.substr(slash + 1), .version = {}};
  if (auto colon = name.name.find(':'); colon != std::string::npos) {
    name.version = name.name.substr(colon + 1);
    name.name.resize(colon);
  }
  return name;
}

namespace {

// "completed 2026-11-23 17:03:04"; "-" before the first one has ended.
std::string last_run(Json const& outcome) {
  if (!outcome.is_object()) return "-";
  return outcome["status"].as_string() + " " + when(outcome["endedAt"]);
}

}  // namespace

Result<void> workflow_list(Session& session) {
  FAIRLEAD_TRY(auto answer, every_item(session.server, "/api/v1/workflows"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"WORKFLOW", "VERSION", "STATUS", "STARTS ON", "LAST RUN", "TITLE"},
              .rows = {},
              .when_empty = "No workflows yet. Take a template: fairlead workflow new"};
  for (auto const& item : answer["items"].items())
    table.rows.push_back({full_name(item), item["version"].as_string(), item["status"].as_string(),
                          item["startsOn"].as_string(), last_run(item["lastOutcome"]),
                          item["title"].as_string()});
  print(session.terminal, table);
  return {};
}

Result<void> workflow_show(Session& session, std::string const& text) {
  FAIRLEAD_TRY(auto name, workflow_name(text));
  std::string path =
      "/api/v1/workflows/" + segment(name.workflow_namespace) + "/" + segment(name.name);
  if (!name.version.empty()) path += "?version=" + segment(name.version);
  FAIRLEAD_TRY(auto workflow, session.server.get(path));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, workflow), Result<void>();
  session.terminal.out << workflow["source"].as_string();
  print_schedule(session, workflow["schedule"]);
  return {};
}

Result<void> workflow_new(Session& session, WorkflowNewOptions const& options) {
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/templates"));
  if (options.from.empty()) {
    if (session.terminal.output == Output::json)
      return print_json(session.terminal, answer["items"]), Result<void>();
    Table table{.heading = {"TEMPLATE", "WHAT IT DOES"},
                .rows = {},
                .when_empty = "No templates.",
                .overflow = Table::Overflow::wrap};
    for (auto const& item : answer["items"].items())
      table.rows.push_back({item["name"].as_string(), item["summary"].as_string()});
    print(session.terminal, table);
    session.terminal.err
        << "Take one with: fairlead workflow new <template> --file workflow.yaml\n";
    return {};
  }
  std::vector<std::string> names;
  for (auto const& item : answer["items"].items()) {
    names.push_back(item["name"].as_string());
    if (item["name"].as_string() != options.from) continue;
    if (options.output.empty() || options.output == "-")
      return session.terminal.out << item["source"].as_string(), Result<void>();
    if (std::ifstream(options.output)) {
      Error error =
          make_error(ErrorKind::conflict, "The file " + options.output + " exists already.");
      error.remedy = "Choose another name with --file, or move the old file away.";
      return error;
    }
    std::ofstream file(options.output, std::ios::binary);
    file << item["source"].as_string();
    if (!file.flush())
      return make_error(ErrorKind::unavailable,
                        "The file " + options.output + " could not be written.");
    session.terminal.err << "Wrote " << options.output
                         << ". Fill in what is marked, then: fairlead workflow apply "
                         << options.output << '\n';
    return {};
  }
  std::string message = "There is no template \"" + options.from + "\".";
  if (auto nearest = nearest_name(options.from, names))
    message += " Did you mean \"" + *nearest + "\"?";
  Error error = make_error(ErrorKind::not_found, std::move(message));
  error.remedy = "Templates: " + join(names, ", ") + ".";
  return error;
}

Result<void> workflow_apply(Session& session, WorkflowApplyOptions const& options) {
  std::error_code ignored;
  if (options.files.size() == 1 && std::filesystem::is_directory(options.files[0], ignored)) {
    WorkflowFolderOptions const folder{
        .folder = options.files[0], .digest = options.plan, .prune = options.prune};
    return options.dry_run ? workflow_plan(session, folder)
                           : workflow_apply_folder(session, folder);
  }
  if (options.prune || !options.plan.empty())
    return invalid_input("files", "--prune and --plan go with one folder, not with files.");
  if (options.dry_run) return workflow_validate(session, {.files = options.files});
  Json all = Json::array();
  for (auto const& file : options.files) {
    FAIRLEAD_TRY(auto text, read_text(session, file));
    auto answer = session.server.send_text(net::Method::post, "/api/v1/workflows",
                                           {.content_type = std::string(yaml_type), .body = text});
    if (!answer.ok()) {
      print_problems(session, file, answer.error().details["problems"]);
      return std::move(answer).error();
    }
    if (session.terminal.output == Output::json) {
      all.push_back(*answer);
      continue;
    }
    session.terminal.out << (*answer)["change"].as_string() << " " << full_name(*answer) << " "
                         << (*answer)["version"].as_string() << '\n';
    print_problems(session, file, (*answer)["problems"]);
  }
  if (session.terminal.output == Output::json) print_json(session.terminal, all);
  return {};
}

Result<void> workflow_run(Session& session, WorkflowRunOptions const& options) {
  FAIRLEAD_TRY(auto name, workflow_name(options.name));
  Json body = Json::object();
  if (!name.version.empty()) body.set("version", name.version);
  if (!options.input.empty()) {
    FAIRLEAD_TRY(auto input, read_json(session, options.input));
    body.set("input", std::move(input));
  }
  FAIRLEAD_TRY(auto run,
               session.server.post("/api/v1/workflows/" + segment(name.workflow_namespace) + "/" +
                                       segment(name.name) + "/run",
                                   body));
  if (options.follow) return run_logs(session, {.id = run["id"].as_string(), .follow = true});
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, run), Result<void>();
  session.terminal.out << run["id"].as_string() << '\n';
  session.terminal.err << "Follow it with: fairlead run logs -f " << run["id"].as_string() << '\n';
  return {};
}

}  // namespace fairlead::cli
