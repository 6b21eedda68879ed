// action list, show, run.
#include "base/text.h"
#include "cli/commands.h"
#include "cli/input_flags.h"
#include "schema/flags.h"

namespace fairlead::cli {
namespace {

std::string cell(Json const& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_null()) return "";
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (auto const& item : value.items())
      parts.push_back(item.is_object() ? item["username"].as_string() : cell(item));
    return join(parts, ", ");
  }
  return value.dump();
}

// The columns worth showing of a listing, in order of interest; only those that the items have.
std::vector<std::string> columns_of(Json const& item) {
  std::vector<std::string> columns;
  for (auto const* name :
       {"iid", "id", "status", "state", "path_with_namespace", "full_path", "username", "title",
        "name", "ref", "labels", "assignees", "source", "updated_at", "web_url"})
    if (item.contains(name) && columns.size() < 6) columns.emplace_back(name);
  return columns;
}

void print_items(Session& session, Json::Array const& items) {
  if (items.empty()) {
    session.terminal.out << "Nothing found.\n";
    return;
  }
  Table table;
  auto const columns = columns_of(items.front());
  for (auto column : columns) {
    for (auto& c : column)
      c = static_cast<char>(c == '_' ? ' ' : std::toupper(static_cast<unsigned char>(c)));
    table.heading.push_back(column);
  }
  for (auto const& item : items) {
    std::vector<std::string> row;
    for (auto const& column : columns)
      row.push_back(cell(item[column]));
    table.rows.push_back(std::move(row));
  }
  print(session.terminal, table);
}

void print_dry_run(Session& session, Json const& plan) {
  if (session.terminal.output == Output::json) return print_json(session.terminal, plan);
  auto& out = session.terminal.out;
  out << "Dry run of " << plan["action"].as_string() << " (" << plan["effect"].as_string()
      << "): nothing was sent.\n"
      << "Needs scope " << plan["scope"].as_string();
  if (plan["role"].as_string() != "none")
    out << " and role " << plan["role"].as_string() << " or higher";
  out << ".\n";
  for (auto const& request : plan["requests"].items()) {
    out << '\n'
        << toned(session.terminal, Tone::strong, request["method"].as_string()) << ' '
        << harmless(request["url"].as_string());
    out << '\n';
    if (!request["body"].is_null()) out << request["body"].pretty() << '\n';
  }
}

// A listing line by line: with --output json one array, written as it comes; for people a table a
// page.
Result<void> stream_listing(Session& session, std::string const& path, Json const& body) {
  constexpr std::size_t rows_per_table = 500;
  bool const json = session.terminal.output == Output::json;
  auto& out = session.terminal.out;
  Json summary;
  Json problem;
  Json::Array rows;
  std::int64_t count = 0;
  auto on_line = [&](std::string_view line) {
    auto item = Json::parse(line);
    if (!item.ok()) return true;
    if (item->size() == 1 && item->contains("summary")) return summary = (*item)["summary"], true;
    if (item->size() == 1 && item->contains("problem")) return problem = (*item)["problem"], true;
    if (json) {
      out << (count == 0 ? "[" : ",") << '\n' << line;
    } else {
      rows.push_back(std::move(*item));
      if (rows.size() == rows_per_table) print_items(session, std::exchange(rows, {}));
    }
    ++count;
    return out.good();
  };
  FAIRLEAD_CHECK(session.server.stream(
      {.method = net::Method::post, .path = path, .body = body, .accept = "application/x-ndjson"},
      on_line));
  if (json) out << (count == 0 ? "[]" : "\n]") << '\n';
  bool const nothing_found = count == 0 && problem.is_null() && !summary.is_null();
  if (!json && (!rows.empty() || nothing_found)) print_items(session, rows);
  if (!problem.is_null()) return error_from_json(problem);
  if (summary.is_null())
    return make_error(ErrorKind::unavailable,
                      "The listing broke off after " + std::to_string(count) + " items.");
  std::string const note = summary["note"].as_string();
  if (!note.empty()) session.terminal.err << note << " shown; give --all for all of them.\n";
  return {};
}

// What waits in a workflow waits here, too: asked again until it has ended.
Result<void> run_to_the_end(Session& session, std::string const& path, Json body) {
  std::string said;
  for (;;) {
    FAIRLEAD_TRY(auto answer, session.server.post(path, body));
    Json const& wait = answer["wait"];
    if (wait.is_null()) {
      print_json(session.terminal, answer["output"]);
      return {};
    }
    std::string const waiting_for = wait["waitingFor"].as_string();
    if (waiting_for != said && session.terminal.output != Output::json)
      session.terminal.err << "Waiting for " << (said = waiting_for) << " ..." << std::endl;
    body.set("waitState", wait["state"]);
    if (!session.pause.wait(Milliseconds(wait["checkAfterMs"].as_integer())))
      return make_error(ErrorKind::cancelled, "Stopped waiting; what was started goes on.");
  }
}

}  // namespace

Result<void> action_list(Session& session, std::string const& search) {
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/actions"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"ACTION", "VERSION", "EFFECT", "SCOPE", "WHAT IT DOES"},
              .rows = {},
              .when_empty = "No such action.",
              .overflow = Table::Overflow::wrap};
  for (auto const& item : answer["items"].items()) {
    std::string const haystack =
        to_lower_ascii(item["id"].as_string() + " " + item["description"].as_string());
    if (haystack.find(to_lower_ascii(search)) == std::string::npos) continue;
    table.rows.push_back({item["id"].as_string(), item["version"].as_string(),
                          item["effect"].as_string(), item["scope"].as_string(),
                          item["description"].as_string()});
  }
  print(session.terminal, table);
  return {};
}

Result<void> action_show(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto action, session.server.get("/api/v1/actions/" + segment(id)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, action), Result<void>();
  print_pairs(
      session.terminal,
      {{"Action", action["id"].as_string()},
       {"Title", action["title"].as_string()},
       {"In a workflow", "call: " + action["name"].as_string() + ":" +
                             action["version"].as_string() + "@" + action["catalog"].as_string()},
       {"Effect", action["effect"].as_string()},
       {"Needs", "scope " + action["scope"].as_string() + ", role " + action["role"].as_string()},
       {"GitLab", action["docsUrl"].as_string()}});
  session.terminal.out << '\n' << action["description"].as_string() << "\n\n";
  Table table{.heading = {"FLAG", "TAKES", "", "WHAT IT IS"},
              .rows = {},
              .when_empty = "It takes no input.",
              .overflow = Table::Overflow::wrap};
  for (auto const& flag : schema::flags(action["inputSchema"]))
    table.rows.push_back({flag_spelling(flag.name), flag.type,
                          flag.presence == schema::Flag::Presence::required ? "required" : "",
                          flag.help});
  print(session.terminal, table);
  return {};
}

Result<void> action_run(Session& session, ActionRunOptions const& options) {
  std::string const path = "/api/v1/actions/" + segment(options.id);
  FAIRLEAD_TRY(auto action, session.server.get(path));
  Json input = Json::object();
  if (!options.input.empty()) {
    FAIRLEAD_TRY(input, read_json(session, options.input));
  }
  FAIRLEAD_TRY(input, with_flags(std::move(input), action["inputSchema"], options.flags));
  Json body = Json::object({{"input", input}});
  if (!options.connection.empty()) body.set("connection", options.connection);
  if (options.dry_run) {
    body.set("dryRun", true);
    FAIRLEAD_TRY(auto plan, session.server.post(path + "/run", body));
    print_dry_run(session, plan);
    return {};
  }
  if (action["listing"].as_bool()) return stream_listing(session, path + "/run", body);
  return run_to_the_end(session, path + "/run", std::move(body));
}

}  // namespace fairlead::cli
