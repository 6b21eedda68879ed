#include "gitlab/group_hooks.h"

#include <algorithm>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/hook_kinds.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {
namespace {

bool is_below(std::string_view path, std::string_view group) {
  return path == group || (path.starts_with(group) && path.substr(group.size()).starts_with('/'));
}

}  // namespace

// Of that GitLab, those that deliver.
Result<std::vector<std::string>> GroupHooks::groups_in_use(std::string const& base_url) {
  std::vector<std::string> groups;
  FAIRLEAD_TRY(auto const hooks, parts_.store.webhooks().list());
  for (auto const& hook : hooks) {
    auto place = place_of(hook.target);
    if (place.kind != HookPlace::Kind::group || hook.status == "polling") continue;
    auto const connection = parts_.store.connections().get(hook.connection);
    if (connection.ok() && connection->base_url == base_url) groups.push_back(std::move(place.id));
  }
  return groups;
}

Result<std::string> GroupHooks::group_of(WebhookTarget const& target, std::string const& project) {
  Time const now = parts_.clock.now();
  auto const key = std::pair(target.connection.text, project);
  auto const found = known_.find(key);
  if (found != known_.end() && now - found->second.at < group_known_for) return found->second.group;
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(target.name, {.workflow = "fairlead/keeper", .call = {}}));
  auto const answer = api->send(action::get("/projects/{}", project));
  bool const hidden = !answer.ok() && (answer.error().kind == ErrorKind::not_found ||
                                       answer.error().kind == ErrorKind::denied);
  if (!answer.ok() && !hidden) return answer.error();
  Known known{.group = {}, .at = now};
  if (answer.ok() && answer->body["namespace"]["kind"].as_string() == "group")
    known.group = answer->body["namespace"]["full_path"].as_string();
  if (known_.size() >= groups_known_max) known_.clear();
  return (known_[key] = std::move(known)).group;
}

Result<bool> GroupHooks::has_siblings(WebhookTarget const& target, std::string const& group,
                                      std::vector<std::string> const& awaited) {
  std::size_t count = 0;
  int looked_at = 0;
  for (auto const& project : awaited) {
    if (count >= group_hook_from || ++looked_at > group_lookups_max) break;
    FAIRLEAD_TRY(auto const theirs, group_of(target, project));
    if (theirs == group) ++count;
  }
  return count >= group_hook_from;
}

Result<store::WebhookRecord> GroupHooks::covered_by(WebhookTarget const& project,
                                                    std::string const& group) {
  WebhookTarget whole = project;
  whole.place = group_place(group);
  whole.path.clear();
  FAIRLEAD_TRY(auto own, parts_.store.webhooks().find_for(project.connection, project.place));
  // What the project's own one tells of is not to be lost with it.
  if (own) whole.kinds = split(join_kinds(own->kinds, whole.kinds), ' ');
  FAIRLEAD_TRY(auto hook, parts_.webhooks.ensure(whole));
  // Refused: its record says why. Each project has its own.
  if (hook.status == "polling") return parts_.webhooks.ensure(project);
  bool const kept = own && own->keep == store::WebhookRecord::Keep::by_hand;
  if (hook.status == "verified" && kept) return hook;
  if (hook.status == "verified") {
    auto const removed = parts_.webhooks.remove(project);
    if (!removed.ok())
      parts_.log.warning("a webhook that a group's one replaces could not be removed",
                         {{"project", project.place}, {"error", describe(removed.error())}});
    return hook;
  }
  // Until the group's has proved itself, one that is there goes on.
  if (own && own->status == "verified") return std::move(*own);
  return hook;
}

Result<store::WebhookRecord> GroupHooks::ensure(WebhookTarget const& project,
                                                std::vector<std::string> const& awaited) {
  if (!parts_.webhooks.why_unreachable(project).empty()) return parts_.webhooks.ensure(project);
  FAIRLEAD_TRY(auto const in_use, groups_in_use(project.base_url));
  if (in_use.empty() && awaited.size() < group_hook_from) return parts_.webhooks.ensure(project);
  FAIRLEAD_TRY(auto const group, group_of(project, project.place));
  if (group.empty()) return parts_.webhooks.ensure(project);
  auto const above = std::find_if(in_use.begin(), in_use.end(),
                                  [&](auto const& one) { return is_below(group, one); });
  if (above != in_use.end()) return covered_by(project, *above);
  FAIRLEAD_TRY(bool const worth_it, has_siblings(project, group, awaited));
  return worth_it ? covered_by(project, group) : parts_.webhooks.ensure(project);
}

}  // namespace fairlead::gitlab
