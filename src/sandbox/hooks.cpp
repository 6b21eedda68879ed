// Webhooks of projects and of groups, and their logs. Source: doc/api/project_webhooks.md,
// doc/api/group_webhooks.md (19.5).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/events.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

constexpr std::array<std::string_view, 17> event_names{"push_events",
                                                       "tag_push_events",
                                                       "merge_requests_events",
                                                       "repository_update_events",
                                                       "issues_events",
                                                       "confidential_issues_events",
                                                       "note_events",
                                                       "confidential_note_events",
                                                       "pipeline_events",
                                                       "wiki_page_events",
                                                       "deployment_events",
                                                       "feature_flag_events",
                                                       "job_events",
                                                       "releases_events",
                                                       "milestone_events",
                                                       "emoji_events",
                                                       "resource_access_token_events"};

// Where the hooks of a call sit.
struct Place {
  std::vector<Hook>* hooks{nullptr};
  Project* project{nullptr};  // of a group: one that a test can take something from, if any
  Group* group{nullptr};
};
using FindPlace = Result<Place> (*)(Call&);

Result<Place> project_place(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  return Place{.hooks = &project->hooks, .project = project};
}

bool is_below(World& world, Project const& project, Number group_id) {
  auto const chain = group_chain(world, project.namespace_id);
  return std::any_of(chain.begin(), chain.end(),
                     [group_id](Group const* above) { return above->id == group_id; });
}

// A feature of Premium and Ultimate, for the owners of the group.
Result<Place> group_place(Call& call) {
  if (call.world.options.tier == SandboxOptions::Tier::free) return not_found();
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments.at(0)));
  if (!is_owner(level_in(call.world, *group, call.user()))) return forbidden();
  Place place{.hooks = &group->hooks, .group = group};
  for (auto& [id, project] : call.world.state.projects) {
    bool const better = place.project == nullptr || place.project->pipeline_ids.empty();
    if (better && is_below(call.world, project, group->id)) place.project = &project;
  }
  return place;
}

Json hook_json(World& world, Place const& place, Hook const& hook) {
  bool const resting = hook.disabled_until && *hook.disabled_until > world.now();
  Json json = Json::object({{"id", hook.id},
                            {"url", hook.url},
                            {"name", text_or_null(hook.name)},
                            {"description", text_or_null(hook.description)},
                            {"created_at", format_time(hook.created_at)}});
  for (std::string_view const name : event_names) {
    auto const it = hook.events.find(name);
    json.set(name, it != hook.events.end() && it->second);
  }
  json.set("enable_ssl_verification", hook.verify_tls);
  json.set("alert_status", resting ? "temporarily_disabled" : "executable");
  json.set("disabled_until", resting ? Json(format_time(*hook.disabled_until)) : Json());
  json.set("url_variables", Json::array());
  json.set("push_events_branch_filter", text_or_null(hook.branch_filter));
  json.set("branch_filter_strategy", "wildcard");
  json.set("custom_webhook_template", Json());
  json.set("custom_headers", Json::array());
  json.set("token_present", !hook.token.empty());
  json.set("signing_token_present", !hook.signing_token.empty());
  if (place.group != nullptr) {
    json.set("group_id", place.group->id);
    for (char const* name : {"subgroup_events", "member_events", "project_events"})
      json.set(name, false);
  } else {
    json.set("project_id", place.project->id);
  }
  return json;
}

bool valid_url(std::string const& url) {
  return (url.starts_with("http://") && url.size() > 7) ||
         (url.starts_with("https://") && url.size() > 8);
}

bool valid_signing_token(std::string const& token) {
  if (!token.starts_with("whsec_")) return false;
  auto const key = base64_decode(std::string_view(token).substr(6));
  return key && key->size() >= 24 && key->size() <= 64;
}

Result<void> apply(Call& call, Hook& hook) {
  Params& in = call.in;
  for (std::string_view const name : event_names) {
    if (auto const on = in.boolean(name)) hook.events[std::string(name)] = *on;
  }
  if (auto const verify = in.boolean("enable_ssl_verification")) hook.verify_tls = *verify;
  FAIRLEAD_CHECK(in.check());
  if (in.given("url")) {
    std::string const url = in.text("url");
    if (!valid_url(url)) return refuse_message(422, "Invalid url given");
    if (url != hook.url && !in.given("token"))
      hook.token.clear();  // a new place must not get the old secret
    hook.url = url;
  }
  if (in.given("token")) hook.token = in.text("token");
  if (in.filled("signing_token")) {
    if (!valid_signing_token(in.text("signing_token")))
      return invalid_model("signing_token", "is invalid");
    hook.signing_token = in.text("signing_token");
  } else if (in.given("signing_token")) {
    hook.signing_token.clear();
  }
  if (in.given("name")) hook.name = in.text("name");
  if (in.given("description")) hook.description = in.text("description");
  if (in.given("push_events_branch_filter"))
    hook.branch_filter = in.text("push_events_branch_filter");
  return {};
}

Result<Hook*> find_hook(Call& call, Place const& place) {
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "hook_id"));
  for (Hook& hook : *place.hooks) {
    if (hook.id == id) return &hook;
  }
  return not_found();
}

template <FindPlace find>
Result<Reply> list_hooks(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  return page_reply(
      call, place.hooks->size(), {},
      [&](std::size_t i) { return hook_json(call.world, place, (*place.hooks)[i]); },
      [&](std::size_t i) { return (*place.hooks)[i].id; });
}

template <FindPlace find>
Result<Reply> get_hook(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  return json_reply(200, hook_json(call.world, place, *hook));
}

template <FindPlace find>
Result<Reply> create_hook(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  call.in.require("url");
  FAIRLEAD_CHECK(call.in.check());
  Hook hook;
  hook.events["push_events"] = true;
  FAIRLEAD_CHECK(apply(call, hook));
  hook.id = call.world.next_id("hook");
  hook.uuid = uuid7(call.world.random, call.now());
  hook.created_at = call.now();
  place.hooks->push_back(hook);
  return json_reply(201, hook_json(call.world, place, hook));
}

template <FindPlace find>
Result<Reply> edit_hook(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  Hook draft = *hook;
  FAIRLEAD_CHECK(apply(call, draft));
  *hook = std::move(draft);
  return json_reply(200, hook_json(call.world, place, *hook));
}

template <FindPlace find>
Result<Reply> delete_hook(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  Number const id = hook->id;
  std::erase_if(*place.hooks, [id](Hook const& other) { return other.id == id; });
  return no_content();
}

Number group_of(Place const& place) { return place.group == nullptr ? 0 : place.group->id; }

template <FindPlace find>
Result<Reply> test_hook(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  std::string const& trigger = call.arguments.at(2);
  if (std::find(event_names.begin(), event_names.end(), trigger) == event_names.end()) {
    return bad_parameters("trigger does not have a valid value");
  }
  hook->failures_in_row = 0;
  hook->disabled_until.reset();
  bool const sent =
      place.project != nullptr &&
      announce_test(call.world,
                    {.project = *place.project, .hook = *hook, .group_id = group_of(place)},
                    *call.user(), trigger);
  if (!sent) return refuse_message(422, "Ensure the project has data for this trigger.");
  return json_reply(201, Json::object({{"message", "201 Created"}}));
}

// ---- the log ----

constexpr Number log_page_max = 20;

// "pipeline_hooks" of "Pipeline Hook"
std::string trigger_of(std::string const& event) {
  std::string word = to_lower_ascii(event);
  std::replace(word.begin(), word.end(), ' ', '_');
  return word + "s";
}

Json log_json(HookLog const& entry) {
  auto body = Json::parse(entry.body);
  return Json::object({{"id", entry.id},
                       {"url", entry.url},
                       {"trigger", trigger_of(entry.event)},
                       {"request_headers", entry.headers},
                       {"request_data", body.ok() ? std::move(body).value() : Json()},
                       {"response_headers", Json::object()},
                       {"response_body", ""},
                       {"response_status", entry.status},
                       {"execution_duration", 0.1}});
}

bool has_status(HookLog const& entry, std::string const& wanted) {
  if (wanted.empty() || entry.status == wanted) return true;
  return (wanted == "successful" && entry.status.starts_with("2")) ||
         (wanted == "client_failure" && entry.status.starts_with("4")) ||
         (wanted == "server_failure" && entry.status.starts_with("5"));
}

template <FindPlace find>
Result<Reply> list_log(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  std::string const wanted = call.in.text("status");
  if (call.in.integer("per_page").value_or(0) > log_page_max)
    return bad_parameters("per_page does not have a valid value");
  std::vector<HookLog const*> rows;
  for (HookLog const& entry : hook->log) {
    if (has_status(entry, wanted)) rows.push_back(&entry);
  }
  return page_reply(
      call, rows.size(), {}, [&](std::size_t i) { return log_json(*rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

template <FindPlace find>
Result<Reply> resend(Call& call) {
  FAIRLEAD_TRY(Place const place, find(call));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, place));
  FAIRLEAD_TRY(Number const id, call.number_argument(2, "hook_log_id"));
  auto const entry = std::find_if(hook->log.begin(), hook->log.end(),
                                  [id](HookLog const& one) { return one.id == id; });
  if (entry == hook->log.end()) return not_found();
  if (entry->url != hook->url || place.project == nullptr)
    return refuse_message(422, "The hook URL has changed. Unable to resend the request.");
  announce_again(call.world,
                 {.project = *place.project, .hook = *hook, .group_id = group_of(place)}, *entry);
  return json_reply(201, Json::object({{"response_status", 200}}));
}

template <FindPlace find>
void add_routes(ApiRoutes& routes, std::array<std::string_view, 5> const& paths) {
  using enum net::Method;
  auto add = [&routes](net::Method method, std::string_view path, Handler handler) {
    routes.push_back({method, path, handler, Need::signed_in});
  };
  add(get, paths[0], list_hooks<find>);
  add(post, paths[0], create_hook<find>);
  add(get, paths[1], get_hook<find>);
  add(put, paths[1], edit_hook<find>);
  add(delete_, paths[1], delete_hook<find>);
  add(post, paths[2], test_hook<find>);
  add(get, paths[3], list_log<find>);
  add(post, paths[4], resend<find>);
}

}  // namespace

ApiRoutes hook_routes() {
  ApiRoutes routes;
  add_routes<project_place>(
      routes, {"projects/:id/hooks", "projects/:id/hooks/:hook_id",
               "projects/:id/hooks/:hook_id/test/:trigger", "projects/:id/hooks/:hook_id/events",
               "projects/:id/hooks/:hook_id/events/:hook_log_id/resend"});
  add_routes<group_place>(
      routes,
      {"groups/:id/hooks", "groups/:id/hooks/:hook_id", "groups/:id/hooks/:hook_id/test/:trigger",
       "groups/:id/hooks/:hook_id/events", "groups/:id/hooks/:hook_id/events/:hook_log_id/resend"});
  return routes;
}

}  // namespace fairlead::sandbox
