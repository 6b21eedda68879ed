#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/every_item.h"
#include "cli/run_view.h"
#include "cli/webhook_commands.h"

namespace fairlead::cli {
namespace {

constexpr std::string_view webhooks = "/api/v1/webhooks";
// The keeper looks once a second and asks GitLab three times.
constexpr int looks_max = 40;
constexpr Milliseconds between_looks = std::chrono::milliseconds(500);
constexpr std::size_t reasons_shown = 3;

std::string place_in_words(Json const& hook) {
  std::string const group = hook["group"].as_string();
  return group.empty() ? hook["project"].as_string() : "group " + group;
}

std::string why_in_words(Json const& hook) {
  std::vector<std::string> words;
  for (auto const& each : hook["wantedBy"].items()) {
    std::string const kind = each["kind"].as_string();
    std::string const name = each["name"].as_string();
    words.push_back(kind == "hand" ? "by hand (" + name + ")" : kind + " " + name);
  }
  if (words.empty()) return "nothing now";
  std::size_t const count = words.size();
  if (count > reasons_shown) {
    words.resize(reasons_shown);
    words.push_back(std::to_string(count - reasons_shown) + " more");
  }
  return join(words, ", ");
}

void print_one(Session& session, Json const& hook) {
  print_pairs(session.terminal, {{"Webhook", hook["id"].as_string()},
                                 {"For", place_in_words(hook)},
                                 {"Connection", hook["connection"].as_string()},
                                 {"Status", hook["status"].as_string()},
                                 {"Wanted by", why_in_words(hook)},
                                 {"Why polling", hook["reason"].as_string()}});
}

Result<Json> find_hook(Session& session, std::string const& id) {
  FAIRLEAD_TRY(auto const answer, every_item(session.server, webhooks));
  for (auto const& each : answer["items"].items())
    if (each["id"].as_string() == id) return each;
  return Json();
}

// As the keeper left it after its first look.
Result<Json> settled(Session& session, Json hook) {
  for (int look = 0; look < looks_max && hook["checkedAt"].is_null(); ++look) {
    if (!session.pause.wait(between_looks)) break;
    FAIRLEAD_TRY(Json now, find_hook(session, hook["id"].as_string()));
    if (now.is_object()) hook = std::move(now);
  }
  return hook;
}

// The id of the one that was meant; what was written if none fits, which the server then refuses.
Result<std::string> id_meant(Json const& hooks, WebhookOptions const& options) {
  std::vector<std::string> ids;
  std::vector<std::string> candidates;
  for (auto const& each : hooks.items()) {
    std::string const id = each["id"].as_string();
    if (id == options.hook) return id;
    std::string const group = each["group"].as_string();
    std::string const place = group.empty() ? each["project"].as_string() : "group:" + group;
    std::string const connection = each["connection"].as_string();
    bool const fits = options.connection.empty() || connection == options.connection;
    if (place != options.hook || !fits) continue;
    ids.push_back(id);
    candidates.push_back(id + " (connection " + connection + ")");
  }
  if (ids.empty()) return options.hook;
  if (ids.size() == 1) return ids.front();
  Error error = make_error(ErrorKind::conflict,
                           "\"" + options.hook + "\" means " + std::to_string(ids.size()) +
                               " webhooks: " + join(candidates, ", ") + ". Nothing was changed.");
  error.remedy = "Say whose it is with --connection, or name it by its id.";
  return error;
}

Error not_taken(Json const& hook) {
  Error error = make_error(
      ErrorKind::unavailable,
      "The webhook in " + place_in_words(hook) +
          " is kept in mind, but GitLab has none yet: " + hook["reason"].as_string() + ".");
  error.remedy =
      "It is tried again every ten minutes; `fairlead webhook list` shows how it stands.";
  return error;
}

}  // namespace

Result<void> webhook_list(Session& session) {
  FAIRLEAD_TRY(auto answer, every_item(session.server, webhooks));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, answer), Result<void>();
  Table table{
      .heading = {"CONNECTION", "FOR", "STATUS", "WANTED BY", "LAST DELIVERY", "WHY POLLING"},
      .rows = {},
      .when_empty =
          "No webhooks yet: they are made when a run waits for a pipeline or a workflow "
          "starts on events of a project; `fairlead webhook keep` makes one by hand."};
  for (auto const& each : answer["items"].items())
    table.rows.push_back({each["connection"].as_string(), place_in_words(each),
                          each["status"].as_string(), why_in_words(each), when(each["deliveredAt"]),
                          each["reason"].as_string()});
  print(session.terminal, table);
  return {};
}

Result<void> webhook_keep(Session& session, WebhookOptions const& options) {
  Json body = Json::object();
  if (!options.connection.empty()) body.set("connection", options.connection);
  if (!options.project.empty()) body.set("project", options.project);
  if (!options.group.empty()) body.set("group", options.group);
  FAIRLEAD_TRY(auto kept, session.server.post(webhooks, body));
  FAIRLEAD_TRY(auto const hook, settled(session, std::move(kept)));
  if (session.terminal.output == Output::json) {
    print_json(session.terminal, hook);
  } else {
    print_one(session, hook);
  }
  if (hook["status"].as_string() == "polling") return not_taken(hook);
  return {};
}

Result<void> webhook_forget(Session& session, WebhookOptions const& options) {
  FAIRLEAD_TRY(auto const all, every_item(session.server, webhooks));
  FAIRLEAD_TRY(auto const id, id_meant(all["items"], options));
  FAIRLEAD_TRY(auto const hook, session.server.remove(std::string(webhooks) + "/" + segment(id)));
  if (session.terminal.output == Output::json)
    return print_json(session.terminal, hook), Result<void>();
  bool const needed = !hook["wantedBy"].items().empty();
  session.terminal.out << "The webhook in " << harmless(place_in_words(hook))
                       << " is kept by hand no more. "
                       << (needed ? "It stays while it is wanted by " + harmless(why_in_words(hook))
                                  : "It is removed at GitLab now")
                       << ".\n";
  return {};
}

void add_webhooks(CLI::App& group, WebhookOptions& options, AddCommand const& add) {
  group.require_subcommand(1);
  add(group, "list", "each with its state and who wants it, or why there is none", webhook_list);
  auto* keep = add(group, "keep", "have a webhook in a project or group, whoever waits or not",
                   [&options](Session& session) { return webhook_keep(session, options); });
  auto* project = keep->add_option("project", options.project, "its path, number or URL");
  keep->add_option("--group", options.group, "a group instead: its path, number or URL")
      ->excludes(project);
  keep->add_option("--connection", options.connection, "through which; the default one if none");
  auto* forget = add(group, "forget", "keep it by hand no more: it goes once nothing needs it",
                     [&options](Session& session) { return webhook_forget(session, options); });
  forget->add_option("webhook", options.hook, "its project's path, group:<path>, or its id")
      ->required();
  forget->add_option("--connection", options.connection, "whose, if several have one there");
}

}  // namespace fairlead::cli
