#include "cli/care_commands.h"

#include <CLI/CLI.hpp>

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

}  // namespace

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

void add_hashicorp(CLI::App& serve, ServeOptions::Hashicorp& options) {
  serve.add_option("--vault-address", options.address,
                   "HashiCorp Vault that holds secrets, e.g. https://vault.example.com:8200");
  serve.add_option("--vault-mount", options.mount, "its key-value engine, version 2")
      ->capture_default_str();
  serve.add_option("--vault-path", options.path, "folder in it: <mount>/<path>/<name of secret>")
      ->capture_default_str();
  serve.add_option("--vault-namespace", options.space, "of Vault Enterprise");
  serve.add_option("--vault-token-file", options.token_file, "file with a token");
  serve.add_option("--vault-role-id-file", options.role_id_file, "or of an AppRole: the role id");
  serve.add_option("--vault-secret-id-file", options.secret_id_file, "and the secret id");
  serve.add_option("--vault-ca-file", options.ca_file, "PEM file: the CA of its certificate");
}

void add_care(CLI::App& app, CareArguments& arguments, AddCommand const& add) {
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
