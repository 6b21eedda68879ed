#include "cli/care_commands.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/commands.h"

namespace fairlead::cli {
namespace {

constexpr Milliseconds poll_interval{500};
constexpr int polls_max = 7'200;  // an hour

void print_key(Session& session, Json const& key) {
  if (session.terminal.output == Output::json) return print_json(session.terminal, key);
  bool const rotating = key["rotating"].as_bool();
  std::string const clean = key["allResealedSince"].as_string();
  print_pairs(session.terminal,
              {{"Source", key["source"].as_string()},
               {"Rotation", !rotating       ? "none under way"
                            : clean.empty() ? "values are being sealed anew"
                                            : "everything is sealed with the new key"},
               {"Sealed anew", std::to_string(key["resealed"].as_integer())},
               {"Former key kept until", key["formerKeyKeptUntil"].as_string()},
               {"Former key's file", key["retiredKeyFile"].as_string()},
               {"Trouble", key["trouble"]["message"].as_string()}});
}

Result<void> wait_until_resealed(Session& session) {
  for (int i = 0; i < polls_max; ++i) {
    FAIRLEAD_TRY(auto key, session.server.get("/api/v1/key"));
    if (key["trouble"].is_object()) return error_from_json(key["trouble"]);
    if (!key["rotating"].as_bool() || key["allResealedSince"].is_string())
      return print_key(session, key), Result<void>();
    if (!session.pause.wait(poll_interval)) return make_error(ErrorKind::cancelled, "Interrupted.");
  }
  return make_error(ErrorKind::timed_out, "It takes more than an hour; it goes on by itself.");
}

void give(Json& body, char const* name, std::optional<std::string> const& value) {
  if (value) body.set(name, *value);
}

// The file's text; null, which takes it away, for a name that is empty.
Result<void> give_file(Session& session, Json& body, char const* name,
                       std::optional<std::string> const& file) {
  if (!file) return {};
  Json value;
  if (!file->empty()) {
    FAIRLEAD_TRY(auto text, read_text(session, *file));
    value = Json(std::move(text));
  }
  body.set(name, std::move(value));
  return {};
}

Result<Json> change_body(Session& session, ConnectionSetOptions const& options) {
  Json body = Json::object();
  give(body, "name", options.new_name);
  give(body, "minimumRole", options.minimum_role);
  give(body, "baseUrl", options.url);
  give(body, "proxy", options.proxy);
  give(body, "clientId", options.client_id);
  if (options.is_default == ConnectionSetOptions::Default::yes) body.set("default", true);
  using Writes = ConnectionSetOptions::Writes;
  if (options.writes != Writes::as_it_is) body.set("readOnly", options.writes == Writes::refused);
  if (!options.aliases.empty()) {
    Json aliases = Json::array();
    for (auto const& alias : options.aliases)
      aliases.push_back(alias);
    body.set("aliases", std::move(aliases));
  }
  FAIRLEAD_CHECK(give_file(session, body, "caPem", options.ca_file));
  FAIRLEAD_CHECK(give_file(session, body, "clientCertPem", options.client_cert_file));
  FAIRLEAD_CHECK(give_file(session, body, "clientKeyPem", options.client_key_file));
  if (!options.client_secret_file.empty()) {
    FAIRLEAD_TRY(auto secret, read_text(session, options.client_secret_file));
    body.set("clientSecret", trim(secret));
    wipe(secret);
  }
  if (!body.empty()) return body;
  return invalid_input("", "Say what to change, e.g. --read-only; see --help.");
}

}  // namespace

Result<void> connection_set(Session& session, ConnectionSetOptions const& options) {
  FAIRLEAD_TRY(auto const body, change_body(session, options));
  FAIRLEAD_TRY(
      auto const changed,
      session.server.send_text(net::Method::patch, "/api/v1/connections/" + segment(options.name),
                               {.content_type = "application/json", .body = body.dump()}));
  return connection_show(session, changed["name"].as_string());
}

Result<void> connection_permissions(Session& session, std::string const& name) {
  FAIRLEAD_TRY(auto answer,
               session.server.get("/api/v1/connections/" + segment(name) + "/permissions"));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  std::vector<std::string> granted;
  for (auto const& scope : answer["granted"].items())
    granted.push_back(scope.as_string());
  std::vector<std::string> missing;
  for (auto const& scope : answer["missing"].items())
    missing.push_back(scope.as_string());
  print_pairs(session.terminal,
              {{"Scopes", join(granted, " ")}, {"Asked for, not granted", join(missing, " ")}});
  Table table{.heading = {"ACTION", "ALLOWED", "SCOPE", "ROLE", "NARROWER SCOPE", "NOTE"},
              .rows = {},
              .when_empty = "There are no actions."};
  for (auto const& one : answer["actions"].items()) {
    std::string const allowed = !one["allowed"].as_bool()    ? "no"
                                : one["readsOnly"].as_bool() ? "reading"
                                                             : "yes";
    std::string const& reason = one["reason"].as_string();
    // Some documents name a scope that GitLab does not accept for it.
    std::string narrower = one["narrowerScope"].as_string();
    if (!narrower.empty() && !one["narrowerCovers"].as_bool()) narrower += " (too little)";
    table.rows.push_back({one["id"].as_string(), allowed, one["scope"].as_string(),
                          one["role"].as_string(), narrower,
                          reason.empty() ? one["note"].as_string() : reason});
  }
  print(session.terminal, table);
  return {};
}

Result<void> doctor(Session& session) {
  FAIRLEAD_TRY(auto ready, session.server.get("/readyz"));
  FAIRLEAD_TRY(auto connections, session.server.get("/api/v1/connections"));
  bool const people = session.terminal.output != Output::json;
  if (people) session.terminal.out << "server: " << ready["status"].as_string() << "\n";
  if (people && connections["items"].empty())
    session.terminal.out << "No connections yet. Connect your GitLab: fairlead connect gitlab "
                            "--url https://...\n";
  std::optional<Error> failed;
  for (auto const& one : connections["items"].items()) {
    if (people) session.terminal.out << "\nconnection " << one["name"].as_string() << "\n";
    auto tested = connection_test(session, one["name"].as_string());
    if (!tested.ok()) failed = std::move(tested).error();
  }
  if (failed) return *failed;
  return {};
}

Result<void> key_status(Session& session) {
  FAIRLEAD_TRY(auto key, session.server.get("/api/v1/key"));
  print_key(session, key);
  return {};
}

Result<void> key_rotate(Session& session, CareArguments::Wait wait) {
  FAIRLEAD_TRY(auto key, session.server.post("/api/v1/key/rotate", Json::object()));
  if (wait == CareArguments::Wait::yes) return wait_until_resealed(session);
  print_key(session, key);
  return {};
}

void add_connection_care(CLI::App& group, CareArguments& arguments, AddCommand const& add) {
  auto& options = arguments.connection;
  auto* set =
      add(group, "set", "change a connection: names, certificate, proxy, what it may do",
          [&arguments](Session& session) { return connection_set(session, arguments.connection); });
  set->add_option("name", options.name, "the connection")->required();
  set->add_option("--rename", options.new_name, "what workflows are to call it");
  set->add_option("--alias", options.aliases,
                  "a further name, e.g. of an environment; all of them");
  set->add_flag_callback(
      "--default", [&options] { options.is_default = ConnectionSetOptions::Default::yes; },
      "make it the default connection");
  set->add_flag_callback(
      "--read-only", [&options] { options.writes = ConnectionSetOptions::Writes::refused; },
      "refuse whatever writes, whatever its scopes");
  set->add_flag_callback(
      "--writable", [&options] { options.writes = ConnectionSetOptions::Writes::allowed; },
      "the opposite");
  set->add_option("--minimum-role", options.minimum_role, "the lowest role that may use it")
      ->check(CLI::IsMember({"viewer", "operator", "author", "org-admin"}));
  set->add_option("--url", options.url, "of its GitLab; another one needs a new sign-in");
  set->add_option("--proxy", options.proxy, "http://host:port; \"\" for none");
  set->add_option("--ca-file", options.ca_file, "PEM file: private CA; \"\" for none");
  set->add_option("--client-cert-file", options.client_cert_file,
                  "PEM file: TLS client certificate; \"\" for none");
  set->add_option("--client-key-file", options.client_key_file, "PEM file: its key; \"\" for none");
  set->add_option("--client-id", options.client_id, "another OAuth application; sign in again");
  set->add_option("--client-secret-file", options.client_secret_file,
                  "file with the renewed secret (- is standard input)");
  add(group, "permissions", "what each action needs and whether the connection has it",
      [&arguments](Session& session) {
        return connection_permissions(session, arguments.connection.name);
      })
      ->add_option("name", options.name, "the connection")
      ->required();
}

void add_care(CLI::App& app, CareArguments& arguments, AddCommand const& add) {
  add_connection_care(*app.get_subcommand("connection"), arguments, add);
  add(app, "doctor", "check the server and every connection step by step", doctor);

  auto* key = app.add_subcommand("key", "look after the master key");
  key->require_subcommand(1);
  add(*key, "status", "where it comes from, how a rotation stands", key_status);
  add(*key, "rotate", "make a new master key and seal everything anew, while the server goes on",
      [&arguments](Session& session) { return key_rotate(session, arguments.wait); })
      ->add_flag_callback(
          "--wait", [&arguments] { arguments.wait = CareArguments::Wait::yes; },
          "until everything is sealed anew");
}

}  // namespace fairlead::cli
