// run list, show, logs, cancel.
#include "cli/commands.h"
#include "cli/run_view.h"

#include "base/text.h"

namespace fairlead::cli {
namespace {

constexpr int journal_page = 500;

std::string workflow_of(Json const& run) {
  Json const& workflow = run["workflow"];
  return workflow["namespace"].as_string() + "/" + workflow["name"].as_string() + ":" +
         workflow["version"].as_string();
}

Result<void> ended_well(Json const& run) {
  if (run["status"].as_string() != "faulted") return {};
  Error error = error_from_json(run["error"]);
  if (error.message.empty()) error.message = run["error"]["detail"].as_string();
  if (error.message.empty()) error.message = "The run faulted.";
  error.kind = ErrorKind::internal;
  error.title = "Run " + run["id"].as_string() + " faulted";
  if (error.remedy.empty()) error.remedy = "See `fairlead run logs " + run["id"].as_string() + "`.";
  return error;
}

// "0198... at /do/0/provision": the run and task that started this one.
std::string parent_words(Json const& parent) {
  if (!parent.is_object()) return "";
  return parent["run"].as_string() + " at " + parent["task"].as_string();
}

}  // namespace

Result<void> run_list(Session& session, RunListOptions const& options) {
  std::string path = "/api/v1/runs?limit=" + std::to_string(options.limit);
  if (!options.status.empty()) path += "&status=" + segment(options.status);
  if (!options.workflow.empty()) path += "&workflow=" + segment(options.workflow);
  FAIRLEAD_TRY(auto answer, session.server.get(path));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  bool const filtered = !options.status.empty() || !options.workflow.empty();
  Table table{
      .heading = {"RUN", "STATUS", "WORKFLOW", "STARTED", "TOOK", "CAUSE", "WAITING, ERROR"},
      .rows = {},
      .when_empty = filtered ? "No such runs."
                             : "No runs yet. Send an event: fairlead event send --type ... "
                               "--data '{...}'"};
  for (auto const& run : answer["items"].items()) {
    std::string started = run["startedAt"].as_string();
    if (started.size() > 19) started = started.substr(0, 10) + " " + started.substr(11, 8);
    table.rows.push_back(
        {run["id"].as_string(), run["status"].as_string(), workflow_of(run), started,
         span_of(session, run["startedAt"].as_string(), run["endedAt"].as_string()),
         run["cause"].as_string(),
         run["status"].as_string() == "faulted" ? error_phrase(run["error"])
                                                : waiting_words(run["waitingFor"].as_string())});
  }
  print(session.terminal, table);
  return {};
}

Result<void> run_show(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto run, session.server.get("/api/v1/runs/" + segment(id)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, run), Result<void>();
  print_pairs(
      session.terminal,
      {{"Run", run["id"].as_string()},
       {"Workflow", workflow_of(run)},
       {"Status", run["status"].as_string()},
       {"Waiting", waiting_words(run["waitingFor"].as_string())},
       {"Cause", run["cause"].as_string()},
       {"Parent", parent_words(run["parent"])},
       {"Replay of", run["replayOf"].as_string() +
                         (run["replayOfRemoved"].as_bool() ? " (its history is removed)" : "")},
       {"Started", run["startedAt"].as_string()},
       {"Took", span_of(session, run["startedAt"].as_string(), run["endedAt"].as_string())},
       {"Error", error_phrase(run["error"])},
       {"Output", phrase(run["output"])}});
  session.terminal.out << '\n';
  return run_logs(session, {.id = id, .follow = false});
}

Result<void> run_logs(Session& session, RunLogsOptions const& options) {
  if (options.follow) {
    FAIRLEAD_TRY(auto run, follow_run(session, options.id));
    return ended_well(run);
  }
  std::int64_t after = 0;
  while (true) {
    FAIRLEAD_TRY(auto page, session.server.get("/api/v1/runs/" + segment(options.id) +
                                               "/journal?limit=" + std::to_string(journal_page) +
                                               "&after=" + std::to_string(after)));
    for (auto const& entry : page["items"].items()) {
      after = entry["seq"].as_integer();
      if (session.terminal.output == Output::json)
        session.terminal.out << entry.dump() << '\n';
      else if (auto line = journal_line(session.terminal, entry))
        session.terminal.out << *line << '\n';
    }
    if (page["items"].size() < static_cast<std::size_t>(journal_page)) return {};
  }
}

Result<void> run_cancel(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto run,
               session.server.post("/api/v1/runs/" + segment(id) + "/cancel", Json::object()));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, run), Result<void>();
  session.terminal.out << "Cancel requested for run " << id << ".\n";
  return {};
}

}  // namespace fairlead::cli
