#include "gitlab/kept_hooks.h"

#include "action/request.h"
#include "base/text.h"
#include "gitlab/hook_place.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {
namespace {

using store::WebhookRecord;

struct Named {
  std::string target;
  std::string path;
};

Error no_such_place(KeepAsk const& ask, std::string const& place) {
  bool const of_group = !ask.group.empty();
  std::string const kind = of_group ? "group" : "project";
  Error error = make_error(ErrorKind::not_found,
                           "GitLab shows the connection's user no " + kind + " \"" + place + "\".");
  error.where = kind;
  error.remedy = "Check the path, or make the user " +
                 std::string(of_group ? "an Owner of the group." : "a Maintainer of the project.");
  return error;
}

// The project's number, which runs name it by; the group's full path.
Result<Named> name_place(action::Api& api, KeepAsk const& ask) {
  bool const of_group = !ask.group.empty();
  std::string place(trim(of_group ? ask.group : ask.project));
  if (place.find("://") != std::string::npos) {
    FAIRLEAD_TRY(auto const pasted, read_pasted_url(place, api.base_url()));
    place = pasted.path;
  }
  auto const shown = api.send(action::get(of_group ? "/groups/{}" : "/projects/{}", place));
  if (!shown.ok() && shown.error().kind == ErrorKind::not_found) return no_such_place(ask, place);
  if (!shown.ok()) return shown.error();
  Json const& body = shown->body;
  if (of_group) return Named{.target = group_place(body["full_path"].string_or(place)), .path = {}};
  FAIRLEAD_TRY(auto const number, id_of(body, "the project"));
  return Named{.target = std::to_string(number), .path = body["path_with_namespace"].string_or("")};
}

}  // namespace

// Of any connection to that GitLab: a place has one hook.
Result<std::optional<WebhookRecord>> KeptHooks::find(store::ConnectionRecord const& connection,
                                                     std::string const& target) {
  FAIRLEAD_TRY(auto const hooks, parts_.store.webhooks().list());
  for (auto const& hook : hooks) {
    if (hook.target != target) continue;
    auto const theirs = parts_.store.connections().get(hook.connection);
    if (theirs.ok() && theirs->base_url == connection.base_url) return std::optional(hook);
  }
  return std::optional<WebhookRecord>();
}

Result<KeptHooks::Kept> KeptHooks::keep(KeepAsk const& ask) {
  if (ask.project.empty() == ask.group.empty())
    return invalid_input("project", "Name either a project or a group.");
  FAIRLEAD_TRY(auto const connection, parts_.store.connections().find(ask.connection));
  FAIRLEAD_TRY(auto const api, parts_.apis.open(connection.name));
  FAIRLEAD_TRY(auto const named, name_place(*api, ask));
  FAIRLEAD_TRY(auto found, find(connection, named.target));
  Kept kept;
  if (!found) {
    kept.hook = new_hook_record(parts_.maker, connection.id, named.target);
    kept.hook.path = named.path;
    kept.hook.keep = WebhookRecord::Keep::by_hand;
    kept.hook.kept_by = ask.by;
    auto put = parts_.store.webhooks().put(kept.hook);
    parts_.wants.changed();
    if (put.ok()) return kept;
    if (put.error().kind != ErrorKind::conflict) return std::move(put).error();
    // A run began to wait there at the same moment.
    FAIRLEAD_TRY(found, find(connection, named.target));
    if (!found) return std::move(put).error();
  }
  FAIRLEAD_CHECK(parts_.store.webhooks().keep(found->id, {.by = ask.by}));
  parts_.wants.changed();
  FAIRLEAD_TRY(auto const now, parts_.store.webhooks().find(found->id));
  kept.hook = now.value_or(*found);
  kept.was = Kept::Was::there;
  return kept;
}

Result<WebhookRecord> KeptHooks::forget(std::string const& id) {
  FAIRLEAD_TRY(bool const known, parts_.store.webhooks().keep(
                                     id, {.keep = WebhookRecord::Keep::forgotten, .by = ""}));
  FAIRLEAD_TRY(auto const hook, parts_.store.webhooks().find(id));
  if (!known || !hook)
    return make_error(ErrorKind::not_found, "There is no webhook with the id " + id + ".");
  parts_.wants.changed();
  return *hook;
}

}  // namespace fairlead::gitlab
