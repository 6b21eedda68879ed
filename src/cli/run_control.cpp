#include "cli/run_control.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_view.h"

namespace fairlead::cli {
namespace {

// More pages than that in one command: something goes round in circles.
constexpr int pages_max = 10'000;

std::string run_path(std::string const& id) { return "/api/v1/runs/" + segment(id); }

std::string task_name(std::string const& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

// Its status may change while this is printed: not said.
Result<void> say(Session& session, Json const& run, std::string const& words) {
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, run), Result<void>();
  session.terminal.out << words << '\n';
  return {};
}

Table effects_table(Json const& effects, std::string const& last) {
  Table table{.heading = {"EFFECT", "TASK", "ACTION", "STATE", last, "WHAT"},
              .rows = {},
              .when_empty = "It did nothing outside."};
  for (auto const& each : effects.items()) {
    std::string const link = each["link"].as_string();
    std::string third = each["kind"].as_string();
    if (last == "FATE") third = each["fate"].as_string();
    table.rows.push_back({each["effect"].as_string(), task_name(each["task"].as_string()),
                          each["call"].as_string(), each["state"].as_string(), third,
                          link.empty() ? phrase(each["output"]) : link});
  }
  return table;
}

Json choices_of(RunReplayOptions const& options) {
  Json choices = Json::object();
  for (auto const& each : options.adopt)
    choices.set(each, "adopt");
  for (auto const& each : options.repeat)
    choices.set(each, "repeat");
  return choices;
}

Json filter_of(RunBulkOptions const& options) {
  Json filter = Json::object();
  Json statuses = Json::array();
  for (auto const& each : options.statuses)
    statuses.push_back(each);
  if (!options.statuses.empty()) filter.set("status", std::move(statuses));
  if (!options.workflow.empty()) filter.set("workflow", options.workflow);
  if (!options.after.empty()) filter.set("startedAfter", options.after);
  if (!options.before.empty()) filter.set("startedBefore", options.before);
  return filter;
}

void show_done(Session& session, Json const& done) {
  if (session.terminal.output == Output::json) {
    session.terminal.out << done.dump() << '\n';
    return;
  }
  std::string words = "done";
  if (done["started"].is_string()) words = "new run " + done["started"].as_string();
  if (!done["done"].as_bool()) words = "refused: " + error_phrase(done["error"]);
  session.terminal.out << done["run"].as_string() << "  " << harmless(words) << '\n';
}

}  // namespace

Result<void> run_pause(Session& session, RunPauseOptions const& options) {
  Json body = Json::object();
  if (!options.reason.empty()) body.set("reason", options.reason);
  FAIRLEAD_TRY(auto run, session.server.post(run_path(options.id) + "/pause", body));
  return say(session, run,
             "Paused; what is under way finishes. To go on: fairlead run resume " + options.id);
}

Result<void> run_resume(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto run, session.server.post(run_path(id) + "/resume", Json::object()));
  return say(session, run, "Goes on.");
}

Result<void> run_effects(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto answer, session.server.get(run_path(id) + "/effects"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  print(session.terminal, effects_table(answer["items"], "KIND"));
  for (auto const& each : answer["items"].items()) {
    if (!each["waitsForDecision"].as_bool()) continue;
    for (auto const& candidate : each["candidates"].items())
      session.terminal.out << "It may be: " << phrase(candidate) << '\n';
    session.terminal.err << "Look, then say what became of it: fairlead run settle " << id
                         << " --task " << task_name(each["task"].as_string())
                         << " --happened '{...}' | --not-happened | --fail\n";
  }
  return {};
}

Result<void> run_replay(Session& session, RunReplayOptions const& options) {
  Json body = Json::object();
  if (!options.from.empty()) body.set("from", options.from);
  if (!options.version.empty()) body.set("version", options.version);
  if (!options.effects.empty()) body.set("effects", options.effects);
  if (Json choices = choices_of(options); !choices.empty()) body.set("choices", std::move(choices));
  if (!options.input.empty()) {
    FAIRLEAD_TRY(auto input, read_json(session, options.input));
    body.set("input", std::move(input));
  }
  if (options.preview) body.set("preview", true);
  FAIRLEAD_TRY(auto answer, session.server.post(run_path(options.id) + "/replay", body));
  if (options.preview) {
    if (session.terminal.output == Output::json)
      return print_json(session.terminal, answer), Result<void>();
    print(session.terminal, effects_table(answer["effects"], "FATE"));
    return {};
  }
  if (options.follow) return run_logs(session, {.id = answer["id"].as_string(), .follow = true});
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << answer["id"].as_string() << '\n';
  session.terminal.err << "Follow it with: fairlead run logs -f " << answer["id"].as_string()
                       << '\n';
  return {};
}

Result<void> run_settle(Session& session, RunSettleOptions const& options) {
  int const said =
      (options.happened.empty() ? 0 : 1) + (options.not_happened ? 1 : 0) + (options.fail ? 1 : 0);
  if (said != 1)
    return invalid_input("settle", "Say one of --happened, --not-happened and --fail.");
  Json body = Json::object({{"decision", options.fail           ? "fail"
                                         : options.not_happened ? "not-happened"
                                                                : "happened"}});
  if (!options.task.empty()) body.set("task", options.task);
  if (!options.reason.empty()) body.set("reason", options.reason);
  if (!options.happened.empty()) {
    FAIRLEAD_TRY(auto output, read_json(session, options.happened));
    body.set("output", std::move(output));
  }
  FAIRLEAD_TRY(auto run, session.server.post(run_path(options.id) + "/effects/decide", body));
  return say(session, run, "Settled; the run goes on.");
}

Result<void> run_bulk(Session& session, RunBulkOptions const& options) {
  Json body = Json::object({{"action", options.action}, {"filter", filter_of(options)}});
  if (!options.reason.empty()) body.set("reason", options.reason);
  if (!options.effects.empty()) body.set("effects", options.effects);
  Json counting = body;
  counting.set("dryRun", true);
  FAIRLEAD_TRY(auto const count, session.server.post("/api/v1/bulk/runs", counting));
  auto const runs = count["runs"].as_integer();
  std::string const many = std::string(count["complete"].as_bool() ? "" : "More than ") +
                           std::to_string(runs) + (runs == 1 ? " run" : " runs");
  if (options.dry_run || !options.yes) {
    if (session.terminal.output == Output::json)
      return print_json(session.terminal, count), Result<void>();
    session.terminal.out << many << " to " << options.action << ".\n";
    if (!options.dry_run) session.terminal.err << "Nothing was done. Add --yes to do it.\n";
    return {};
  }
  std::int64_t tried = 0;
  std::int64_t refused = 0;
  std::string cursor;
  for (int page = 0; page < pages_max && (page == 0 || !cursor.empty()); ++page) {
    if (!cursor.empty()) body.set("cursor", cursor);
    FAIRLEAD_TRY(auto const answer, session.server.post("/api/v1/bulk/runs", body));
    for (auto const& each : answer["items"].items()) {
      ++tried;
      refused += each["done"].as_bool() ? 0 : 1;
      show_done(session, each);
    }
    cursor = answer["nextCursor"].as_string();
    if (!cursor.empty()) session.terminal.err << tried << " of " << many << '\n';
  }
  session.terminal.err << options.action << ": " << tried - refused << " done, " << refused
                       << " refused\n";
  return {};
}

Result<void> run_prune(Session& session, RunPruneOptions const& options) {
  Json const body = Json::object({{"dryRun", options.dry_run}});
  FAIRLEAD_TRY(auto answer, session.server.post("/api/v1/history/prune", body));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"WORKFLOW", "RUNS", "JOURNAL ENTRIES"},
              .rows = {},
              .when_empty = "There is no history to remove."};
  for (auto const& each : answer["items"].items()) {
    table.rows.push_back({each["workflow"].as_string(), std::to_string(each["runs"].as_integer()),
                          std::to_string(each["entries"].as_integer())});
  }
  print(session.terminal, table);
  if (options.dry_run && !answer["items"].empty())
    session.terminal.err << "Nothing was removed: that was a dry run.\n";
  return {};
}

}  // namespace fairlead::cli
