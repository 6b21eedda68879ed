#include "cli/secret_commands.h"

namespace fairlead::cli {

Result<void> secret_set(Session& session, SecretSetOptions const& options) {
  FAIRLEAD_TRY(auto value, read_text(session, options.file));
  // The line break that editors and echo add is no part of it.
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  FAIRLEAD_TRY(auto answer, session.server.send_text(
                                net::Method::put, "/api/v1/secrets/" + segment(options.name),
                                {.content_type = "application/json",
                                 .body = Json::object({{"value", value}}).dump()}));
  wipe(value);
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "Set the secret \"" << options.name
                       << "\". A workflow uses it with use: {secrets: [" << options.name
                       << "]} and ${ $secrets." << options.name << " }.\n";
  return {};
}

Result<void> secret_list(Session& session) {
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/secrets"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"NAME", "FROM", "SET BY", "SET AT"},
              .rows = {},
              .when_empty = "No secrets yet. Set one: fairlead secret set <name> < file"};
  for (auto const& item : answer["items"].items())
    table.rows.push_back({item["name"].as_string(), item["source"].as_string(),
                          item["updatedBy"].as_string(), item["updatedAt"].as_string()});
  print(session.terminal, table);
  return {};
}

Result<void> secret_remove(Session& session, std::string const& name) {
  FAIRLEAD_TRY(auto answer, session.server.remove("/api/v1/secrets/" + segment(name)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "Removed the secret \"" << name << "\".\n";
  return {};
}

}  // namespace fairlead::cli
