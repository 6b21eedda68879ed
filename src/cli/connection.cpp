// connect gitlab; connection list, show, test, reconnect.
#include "cli/commands.h"
#include "cli/open_browser.h"

#include "base/text.h"

namespace fairlead::cli {
namespace {

constexpr Milliseconds poll_interval{500};
constexpr std::size_t step_width = 7;  // of "skipped" and "warning"

std::string yes_or_empty(Json const& value) { return value.as_bool() ? "yes" : ""; }

void print_connection(Session& session, Json const& connection) {
  if (session.terminal.output == Output::json) return print_json(session.terminal, connection);
  Json const& account = connection["account"];
  print_pairs(session.terminal,
              {{"Name", connection["name"].as_string()},
               {"GitLab", connection["baseUrl"].as_string()},
               {"Status", connection["status"].as_string()},
               {"Signed in as", account.is_null() ? "" : "@" + account["username"].as_string()},
               {"Scopes", connection["scopes"].as_string()},
               {"Way", connection["auth"].as_string() == "oauth" ? "OAuth 2.0" : "access token"},
               {"Application ID", connection["clientId"].as_string()},
               {"Token until", connection["tokenExpiresAt"].as_string()},
               {"Default", yes_or_empty(connection["default"])},
               {"Private CA", yes_or_empty(connection["privateCa"])},
               {"Proxy", connection["proxy"].as_string()},
               {"Last error", connection["lastError"]["message"].as_string()}});
}

// "" if no file is named; a file without anything in it is refused by the option that names it.
Result<std::string> optional_file(Session& session, std::string const& option,
                                  std::string const& name) {
  if (name.empty()) return std::string();
  FAIRLEAD_TRY(auto text, read_text(session, name));
  if (trim(text).empty())
    return invalid_input(option, (name == "-" ? "Standard input" : name) + " holds nothing.");
  return text;
}

Result<Json> connect_body(Session& session, ConnectOptions const& options) {
  Json body = Json::object({{"name", options.name}, {"app", "gitlab"}, {"baseUrl", options.url}});
  body.set("scopes", options.scopes);
  if (options.is_default) body.set("default", true);
  if (!options.client_id.empty()) body.set("clientId", options.client_id);
  FAIRLEAD_TRY(auto client_secret,
               optional_file(session, "--client-secret-file", options.client_secret_file));
  if (!trim(client_secret).empty()) body.set("clientSecret", trim(client_secret));
  FAIRLEAD_TRY(auto access_token,
               optional_file(session, "--access-token-file", options.access_token_file));
  if (!trim(access_token).empty()) body.set("accessToken", trim(access_token));
  FAIRLEAD_TRY(auto ca, optional_file(session, "--ca-file", options.ca_file));
  if (!ca.empty()) body.set("caPem", ca);
  FAIRLEAD_TRY(auto cert, optional_file(session, "--client-cert-file", options.client_cert_file));
  if (!cert.empty()) body.set("clientCertPem", cert);
  FAIRLEAD_TRY(auto key, optional_file(session, "--client-key-file", options.client_key_file));
  if (!key.empty()) body.set("clientKeyPem", key);
  if (!options.proxy.empty()) body.set("proxy", options.proxy);
  return body;
}

// Until GitLab redirected back to the server and it has (or failed to get) a token.
Result<Json> wait_for_sign_in(Session& session, ConnectOptions const& options,
                              std::string const& sign_in_id) {
  std::string const path = "/api/v1/connections/" + segment(options.name);
  Milliseconds const deadline = session.clock.steady() + std::chrono::seconds(options.wait_seconds);
  while (session.clock.steady() < deadline) {
    FAIRLEAD_TRY(auto connection, session.server.get(path));
    Json const& last = connection["lastSignIn"];
    if (last["id"].as_string() == sign_in_id) {
      if (last["outcome"].as_string() == "completed") return connection;
      return error_from_json(last["error"]);
    }
    if (!session.pause.wait(poll_interval))
      return make_error(ErrorKind::cancelled, "Stopped waiting for the sign-in.");
  }
  Error error = make_error(ErrorKind::timed_out, "Nobody signed in within " +
                                                     std::to_string(options.wait_seconds) + " s.");
  error.remedy = "Run `fairlead connection reconnect " + options.name + "` for a new link.";
  return error;
}

Json sign_in_body(ConnectOptions const& options) {
  Json body = Json::object();
  if (options.device) body.set("way", "device");
  if (!options.new_scopes.empty()) body.set("scopes", options.new_scopes);
  return body;
}

// Whoever asked for more than was granted is told, whatever the output is.
void print_signed_in(Session& session, Json const& connection) {
  print_connection(session, connection);
  Json const& missing = connection["lastSignIn"]["missing"];
  if (missing.items().empty()) return;
  session.terminal.err << "GitLab did not grant all that was asked for. Missing:";
  for (auto const& scope : missing.items())
    session.terminal.err << ' ' << harmless(scope.as_string());
  session.terminal.err << "\nTick it in the OAuth application's page in GitLab, then reconnect "
                          "again.\n";
}

Result<void> sign_in_by_device(Session& session, ConnectOptions const& options) {
  std::string const path = "/api/v1/connections/" + segment(options.name);
  FAIRLEAD_TRY(auto begun, session.server.post(path + "/sign-in", sign_in_body(options)));
  auto& err = session.terminal.err;
  err << "Open this page in any browser, on any machine, and sign in to GitLab:\n  "
      << toned(session.terminal, Tone::strong, harmless(begun["verificationUri"].as_string()))
      << "\n\nEnter this code there:\n  "
      << toned(session.terminal, Tone::strong, harmless(begun["userCode"].as_string()))
      << "\n\nWaiting until " << begun["expiresAt"].as_string() << " ..." << std::endl;
  FAIRLEAD_TRY(auto connection, wait_for_sign_in(session, options, begun["signIn"].as_string()));
  print_signed_in(session, connection);
  return {};
}

Result<void> sign_in(Session& session, ConnectOptions const& options) {
  if (options.device) return sign_in_by_device(session, options);
  std::string const path = "/api/v1/connections/" + segment(options.name);
  FAIRLEAD_TRY(auto begun, session.server.post(path + "/sign-in", sign_in_body(options)));
  auto& err = session.terminal.err;
  std::string const url = begun["startUrl"].as_string();
  err << "The OAuth application in GitLab needs this redirect URI:\n  "
      << begun["redirectUri"].as_string() << "\n\n"
      << "Open this page in a browser, sign in to GitLab and choose Authorize:\n  "
      << toned(session.terminal, Tone::strong, url) << "\n\n";
  if (!options.no_browser && open_browser(url)) err << "(A browser was opened.)\n";
  err << "Waiting for GitLab's answer ..." << std::endl;
  FAIRLEAD_TRY(auto connection, wait_for_sign_in(session, options, begun["signIn"].as_string()));
  print_signed_in(session, connection);
  return {};
}

// What does not work any more without the connection.
}  // namespace

Result<void> connect_gitlab(Session& session, ConnectOptions const& options) {
  FAIRLEAD_TRY(auto body, connect_body(session, options));
  FAIRLEAD_TRY(auto connection, session.server.post("/api/v1/connections", body));
  if (connection["status"].as_string() == "active") {
    print_connection(session, connection);
    return {};
  }
  return sign_in(session, options);
}

Result<void> connection_list(Session& session) {
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/connections"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{
      .heading = {"NAME", "STATUS", "GITLAB", "SIGNED IN AS", "SCOPES", "DEFAULT"},
      .rows = {},
      .when_empty =
          "No connections yet. Connect your GitLab: fairlead connect gitlab --url https://..."};
  for (auto const& item : answer["items"].items())
    table.rows.push_back({item["name"].as_string(), item["status"].as_string(),
                          item["baseUrl"].as_string(), item["account"]["username"].as_string(),
                          item["scopes"].as_string(), yes_or_empty(item["default"])});
  print(session.terminal, table);
  return {};
}

Result<void> connection_show(Session& session, std::string const& name) {
  FAIRLEAD_TRY(auto connection, session.server.get("/api/v1/connections/" + segment(name)));
  print_connection(session, connection);
  return {};
}

Result<void> connection_test(Session& session, std::string const& name) {
  FAIRLEAD_TRY(auto answer, session.server.post("/api/v1/connections/" + segment(name) + "/test",
                                                Json::object()));
  if (session.terminal.output == Output::json) {
    print_json(session.terminal, answer);
  } else {
    for (auto const& step : answer["steps"].items()) {
      std::string const state = step["state"].as_string();
      std::string const pad(state.size() < step_width ? step_width - state.size() : 0, ' ');
      session.terminal.out << toned(session.terminal, tone_of_status(state), state) << pad << "  "
                           << harmless(step["title"].as_string()) << ": "
                           << harmless(step["detail"].as_string()) << '\n';
      if (!step["fix"].as_string().empty())
        session.terminal.out << "         What to do: " << harmless(step["fix"].as_string())
                             << '\n';
    }
  }
  if (answer["ok"].as_bool()) return {};
  return make_error(ErrorKind::unavailable,
                    "The connection \"" + name + "\" does not work; see the failed step.");
}

Result<void> connection_reconnect(Session& session, ConnectOptions const& options) {
  return sign_in(session, options);
}

}  // namespace fairlead::cli
