#include "cli/people_commands.h"

#include "cli/every_item.h"
#include "net/url.h"

namespace fairlead::cli {
namespace {

constexpr std::string_view users = "/api/v1/users";
constexpr std::string_view tokens = "/api/v1/tokens";

std::string user_path(std::string const& username) {
  return std::string(users) + "/" + segment(username);
}

// "2026-11-23 08:15" of an RFC 3339 time; "" stays "".
std::string minute_of(Json const& time) {
  std::string text = time.as_string().substr(0, 16);
  if (text.size() == 16) text[10] = ' ';
  return text;
}

Result<std::string> password_from(Session& session, std::string const& file) {
  if (file.empty()) return std::string();
  FAIRLEAD_TRY(auto text, read_text(session, file));
  // The line break that editors and echo add is no part of it.
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (!text.empty()) return text;
  return invalid_input("--password-file", "The password is empty.");
}

Result<Json> patch(Session& session, std::string const& path, Json const& body) {
  return session.server.send_text(net::Method::patch, path,
                                  {.content_type = "application/json", .body = body.dump()});
}

Result<void> said(Session& session, Json const& answer, std::string const& text) {
  if (session.terminal.output == Output::json)
    print_json(session.terminal, answer);
  else
    session.terminal.out << text;
  return {};
}

std::string link_text(std::string const& username, std::string const& link) {
  return "\"" + username + "\" sets a password with this link, once, within 24 hours:\n" + link +
         "\n";
}

Json given(UserOptions const& options) {
  Json body = Json::object();
  if (!options.name.empty()) body.set("name", options.name);
  if (!options.email.empty()) body.set("email", options.email);
  if (!options.role.empty()) body.set("role", options.role);
  return body;
}

}  // namespace

// ---- users ----

Result<void> user_list(Session& session) {
  FAIRLEAD_TRY(auto answer, every_item(session.server, users));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"USERNAME", "ROLE", "STATE", "NAME", "E-MAIL", "LAST SIGN-IN"},
              .rows = {},
              .when_empty =
                  "No users yet. The first one is made with the link that `fairlead "
                  "serve` prints at its start."};
  for (auto const& user : answer["items"].items())
    table.rows.push_back({user["username"].as_string(), user["role"].as_string(),
                          user["disabled"].as_bool() ? "disabled" : "active",
                          user["name"].as_string(), user["email"].as_string(),
                          minute_of(user["signedInAt"])});
  print(session.terminal, table);
  return {};
}

Result<void> user_add(Session& session, UserOptions const& options) {
  Json body = given(options);
  body.set("username", options.username);
  FAIRLEAD_TRY(auto password, password_from(session, options.password_file));
  if (!password.empty()) body.set("password", password);
  wipe(password);
  FAIRLEAD_TRY(auto answer, session.server.post(users, body));
  std::string const username = answer["username"].as_string();
  std::string text =
      "Added the user \"" + username + "\" with the role " + answer["role"].as_string() + ".\n";
  if (answer.contains("passwordLink"))
    text += link_text(username, answer["passwordLink"].as_string());
  return said(session, answer, text);
}

Result<void> user_change(Session& session, UserOptions const& options) {
  Json const body = given(options);
  if (body.empty()) return invalid_input("", "Nothing to change: give --role, --name or --email.");
  FAIRLEAD_TRY(auto answer, patch(session, user_path(options.username), body));
  return said(session, answer, "Changed the user \"" + answer["username"].as_string() + "\".\n");
}

Result<void> user_switch(Session& session, std::string const& username, Account account) {
  bool const disabled = account == Account::disabled;
  FAIRLEAD_TRY(auto answer,
               patch(session, user_path(username), Json::object({{"disabled", disabled}})));
  return said(session, answer,
              std::string(disabled ? "Disabled" : "Enabled") + " the user \"" +
                  answer["username"].as_string() + "\"" +
                  (disabled ? "; sessions and API tokens do not work any more.\n" : ".\n"));
}

Result<void> user_remove(Session& session, std::string const& username) {
  FAIRLEAD_TRY(auto answer, session.server.remove(user_path(username)));
  return said(session, answer,
              "Removed the user \"" + username + "\" with all sessions and API tokens.\n");
}

Result<void> user_reset_password(Session& session, UserOptions const& options) {
  if (options.password_file.empty()) {
    FAIRLEAD_TRY(auto answer, session.server.post(user_path(options.username) + "/password-link",
                                                  Json::object()));
    return said(session, answer,
                link_text(answer["username"].as_string(), answer["link"].as_string()));
  }
  FAIRLEAD_TRY(auto password, password_from(session, options.password_file));
  Json const body = Json::object({{"password", password}});
  wipe(password);
  FAIRLEAD_TRY(auto answer, patch(session, user_path(options.username), body));
  return said(
      session, answer,
      "Set the password of \"" + answer["username"].as_string() + "\" and ended all sessions.\n");
}

// ---- tokens ----

Result<void> token_list(Session& session) {
  FAIRLEAD_TRY(auto answer, every_item(session.server, tokens));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"ID", "NAME", "ROLE", "USER", "MADE", "ENDS"},
              .rows = {},
              .when_empty = "No API tokens. Make one: fairlead token create NAME --role operator"};
  for (auto const& token : answer["items"].items())
    table.rows.push_back({token["id"].as_string(), token["name"].as_string(),
                          token["role"].as_string(), token["user"].as_string(),
                          minute_of(token["createdAt"]), minute_of(token["expiresAt"])});
  print(session.terminal, table);
  return {};
}

Result<void> token_create(Session& session, TokenOptions const& options) {
  Json body = Json::object({{"name", options.name}, {"role", options.role}});
  bool const date = options.expires.size() == std::string_view("2027-01-31").size();
  if (!options.expires.empty()) body.set("expiresAt", options.expires + (date ? "T00:00:00Z" : ""));
  FAIRLEAD_TRY(auto answer, session.server.post(tokens, body));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  session.terminal.err << "The API token \"" << options.name << "\"; it is shown this once:\n";
  session.terminal.out << answer["token"].as_string() << "\n";
  return {};
}

Result<void> token_revoke(Session& session, std::string const& name_or_id) {
  FAIRLEAD_TRY(auto const all, session.server.get(tokens));
  std::string id;
  for (auto const& token : all["items"].items()) {
    if (token["id"].as_string() == name_or_id) id = name_or_id;
    if (token["name"].as_string() != name_or_id || id == name_or_id) continue;
    if (!id.empty())
      return invalid_input("token", "Several tokens are named \"" + name_or_id +
                                        "\": give the id (`fairlead token list`).");
    id = token["id"].as_string();
  }
  FAIRLEAD_TRY(auto answer, session.server.remove(std::string(tokens) + "/" +
                                                  segment(id.empty() ? name_or_id : id)));
  return said(session, answer, "Revoked the API token \"" + name_or_id + "\".\n");
}

// ---- audit ----

Result<void> audit_list(Session& session, AuditOptions const& options) {
  net::QueryPairs query{{"limit", std::to_string(options.limit)}};
  for (auto const& [name, value] : {std::pair{"actor", &options.actor},
                                    {"action", &options.action},
                                    {"from", &options.from},
                                    {"to", &options.to}})
    if (!value->empty()) query.emplace_back(name, *value);
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/audit?" + net::encode_query(query)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer["items"]), Result<void>();
  Table table{.heading = {"NO", "AT", "WHO", "ACTION", "TARGET", "OUTCOME", "FROM"},
              .rows = {},
              .when_empty = "The audit log has no such entries."};
  for (auto const& entry : answer["items"].items())
    table.rows.push_back({std::to_string(entry["seq"].as_integer()), minute_of(entry["at"]),
                          harmless(entry["actor"]["name"].as_string()), entry["action"].as_string(),
                          harmless(entry["target"].as_string()), entry["outcome"].as_string(),
                          entry["from"].as_string()});
  print(session.terminal, table);
  return {};
}

Result<void> audit_export(Session& session) {
  std::optional<Error> problem;
  ServerClient::Stream wanted;
  wanted.path = "/api/v1/audit/export";
  wanted.accept = "application/x-ndjson";
  FAIRLEAD_CHECK(session.server.stream(wanted, [&](std::string_view line) {
    auto const json = Json::parse(line);
    if (json.ok() && json->contains("problem")) {
      problem = error_from_json((*json)["problem"]);
      return false;
    }
    session.terminal.out << line << "\n";
    return true;
  }));
  if (problem) return *problem;
  return {};
}

Result<void> audit_check(Session& session) {
  FAIRLEAD_TRY(auto answer, session.server.get("/api/v1/audit/check"));
  bool const whole = answer["whole"].as_bool();
  if (session.terminal.output == Output::json) print_json(session.terminal, answer);
  if (whole && session.terminal.output == Output::table)
    session.terminal.out << "The audit log is whole: " << answer["entries"].as_integer()
                         << " entries. Head: " << answer["head"]["hash"].as_string() << "\n";
  if (whole) return {};
  Error error =
      make_error(ErrorKind::corrupt, "The audit log was tampered with: entry " +
                                         std::to_string(answer["brokenAt"].as_integer()) +
                                         " is not the one that was written, or is missing.");
  error.title = "The audit log is broken";
  error.remedy =
      "Compare it with a backup or an export from before, and find out who can write to the data "
      "folder.";
  return error;
}

}  // namespace fairlead::cli
