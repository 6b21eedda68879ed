// workflow diff, rollback, draft, publish, discard, disable, enable.
#include "cli/workflow_commands.h"

namespace fairlead::cli {
namespace {

std::string path_of(WorkflowName const& name, std::string_view what) {
  return "/api/v1/workflows/" + segment(name.workflow_namespace) + "/" + segment(name.name) + "/" +
         std::string(what);
}

std::string full_name(Json const& workflow) {
  return workflow["namespace"].as_string() + "/" + workflow["name"].as_string();
}

// "published ops/nightly 1.0.1"
void print_change(Session& session, Json const& answer) {
  if (session.terminal.output == Output::json) return print_json(session.terminal, answer);
  auto const& version = answer["version"].as_string();
  session.terminal.out << answer["change"].as_string() << " " << full_name(answer)
                       << (version.empty() ? "" : " " + version) << '\n';
}

Result<void> post(Session& session, std::string const& text, std::string_view what,
                  Json const& body) {
  FAIRLEAD_TRY(auto const name, workflow_name(text));
  FAIRLEAD_TRY(auto const answer, session.server.post(path_of(name, what), body));
  print_change(session, answer);
  return {};
}

Tone tone_of(std::string const& line) {
  if (line.starts_with('+')) return Tone::good;
  if (line.starts_with('-')) return Tone::bad;
  return line.starts_with("@@") ? Tone::dim : Tone::plain;
}

}  // namespace

void print_changes(Session& session, Json const& changes) {
  for (auto const& change : changes.items()) {
    session.terminal.out << "  " << change["change"].as_string() << ' '
                         << harmless(change["pointer"].as_string());
    if (!change["before"].as_string().empty())
      session.terminal.out << " (was " << harmless(change["before"].as_string()) << ")";
    std::string places;
    for (auto const& place : change["changed"].items())
      places += (places.empty() ? ": " : ", ") + place.as_string();
    session.terminal.out << harmless(places) << '\n';
  }
}

void print_text_diff(Session& session, std::string const& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    auto const end = text.find('\n', begin);
    auto const line = text.substr(begin, end - begin);
    session.terminal.out << toned(session.terminal, tone_of(line), harmless(line)) << '\n';
    if (end == std::string::npos) return;
    begin = end + 1;
  }
}

void print_schedule(Session& session, Json const& schedule) {
  if (!schedule.is_object()) return;
  auto& err = session.terminal.err;
  err << "Schedule: " << harmless(schedule["plan"].as_string()) << '\n';
  if (!schedule["nextStart"].is_null())
    err << "Next start: " << schedule["nextStart"].as_string() << '\n';
  if (!schedule["lastStart"].is_null())
    err << "Last start: " << schedule["lastStart"].as_string() << ", run "
        << schedule["lastRun"].as_string() << '\n';
  if (schedule["skipped"].as_integer() > 0)
    err << "Left out: " << schedule["skipped"].as_integer() << ", last at "
        << schedule["skippedAt"].as_string() << ": " << harmless(schedule["skippedWhy"].as_string())
        << '\n';
}

Result<void> workflow_diff(Session& session, WorkflowDiffOptions const& options) {
  FAIRLEAD_TRY(auto const name, workflow_name(options.name));
  std::string query;
  if (!options.from.empty()) query += "?from=" + segment(options.from);
  if (!options.to.empty()) query += "&to=" + segment(options.to);
  FAIRLEAD_TRY(auto const answer, session.server.get(path_of(name, "diff" + query)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "from " << answer["from"].as_string() << " to "
                       << answer["to"].as_string() << '\n';
  print_changes(session, answer["changes"]);
  print_text_diff(session, answer["text"].as_string());
  return {};
}

Result<void> workflow_rollback(Session& session, WorkflowRollbackOptions const& options) {
  FAIRLEAD_CHECK(
      post(session, options.name, "rollback", Json::object({{"version", options.version}})));
  session.terminal.err << "It has the content of " << options.version
                       << ". Runs under way stay on their version.\n";
  return {};
}

Result<void> workflow_draft(Session& session, std::string const& file) {
  FAIRLEAD_TRY(auto const text, read_text(session, file));
  // Which workflow it is, only the server can say: it reads YAML.
  FAIRLEAD_TRY(auto const answer,
               session.server.send_text(net::Method::put, "/api/v1/workflows/draft",
                                        {.content_type = "application/yaml", .body = text}));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "saved draft " << full_name(answer) << " "
                       << answer["version"].as_string() << '\n';
  print_problems(session, file, answer["problems"]);
  return {};
}

Result<void> workflow_publish(Session& session, std::string const& text) {
  FAIRLEAD_TRY(auto const name, workflow_name(text));
  Json body = Json::object();
  if (!name.version.empty()) body.set("version", name.version);
  return post(session, text, "publish", body);
}

Result<void> workflow_discard(Session& session, std::string const& text) {
  FAIRLEAD_TRY(auto const name, workflow_name(text));
  if (name.version.empty()) {
    return invalid_input("workflow", "Name the draft with its version, as namespace/name:version.");
  }
  FAIRLEAD_CHECK(session.server.remove(path_of(name, "versions/" + segment(name.version))));
  session.terminal.out << "discarded draft " << harmless(text) << '\n';
  return {};
}

Result<void> workflow_disable(Session& session, std::string const& name) {
  return post(session, name, "disable", Json::object());
}

Result<void> workflow_enable(Session& session, std::string const& name) {
  return post(session, name, "enable", Json::object());
}

}  // namespace fairlead::cli
