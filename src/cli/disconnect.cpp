// connection disconnect: what breaks is said first, and nothing happens without --yes.
#include "base/text.h"
#include "cli/commands.h"

namespace fairlead::cli {
namespace {

void print_impact(Session& session, Json const& impact) {
  std::ostream& out = session.terminal.out;
  std::vector<std::string> names;
  for (auto const& each : impact["workflows"].items())
    names.push_back(each["namespace"].as_string() + "/" + each["name"].as_string());
  if (!names.empty())
    out << "Without it these workflows fail at their steps with it: " << harmless(join(names, ", "))
        << ".\n";
  auto const runs = impact["waitingRuns"].is_null() ? 0 : impact["waitingRuns"].as_integer();
  if (runs > 0)
    out << runs << (impact["more"].as_bool() ? " or more" : "") << " of their runs "
        << (runs == 1 ? "has" : "have") << " not ended.\n";
}

Result<void> tell(Session& session, std::string const& name) {
  FAIRLEAD_TRY(auto const connection, session.server.get("/api/v1/connections/" + segment(name)));
  FAIRLEAD_TRY(auto const impact,
               session.server.get("/api/v1/connections/" + segment(name) + "/impact"));
  print_impact(session, impact);
  if (connection["default"].as_bool())
    session.terminal.out
        << "It is the default connection: steps that name none fail until another one is it.\n";
  Error error = make_error(ErrorKind::invalid_input,
                           "\"" + name + "\" was not disconnected: nobody said yes.");
  error.where = "--yes";
  error.remedy = "Add --yes to disconnect it and to wipe its tokens here.";
  return error;
}

}  // namespace

Result<void> connection_disconnect(Session& session, DisconnectOptions const& options) {
  if (!options.yes) return tell(session, options.name);
  std::string path = "/api/v1/connections/" + segment(options.name);
  if (options.revoke) path += "?revoke=true";
  FAIRLEAD_TRY(auto answer, session.server.remove(path));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.out << "Disconnected \"" << options.name << "\"; its tokens are wiped here"
                       << (options.revoke && answer["note"].as_string().empty()
                               ? " and revoked at GitLab"
                               : "")
                       << ".\n";
  if (!answer["note"].as_string().empty())
    session.terminal.out << answer["note"].as_string() << '\n';
  print_impact(session, answer["impact"]);
  return {};
}

}  // namespace fairlead::cli
