// Project webhooks. Source: doc/api/project_webhooks.md (19.5).
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

Json hook_json(World& world, Project const& project, Hook const& hook) {
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
  json.set("project_id", project.id);
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

Result<Hook*> find_hook(Call& call, Project& project) {
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "hook_id"));
  for (Hook& hook : project.hooks) {
    if (hook.id == id) return &hook;
  }
  return not_found();
}

Result<Reply> list_hooks(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  return page_reply(
      call, project->hooks.size(), {},
      [&](std::size_t i) { return hook_json(call.world, *project, project->hooks[i]); },
      [&](std::size_t i) { return project->hooks[i].id; });
}

Result<Reply> get_hook(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, *project));
  return json_reply(200, hook_json(call.world, *project, *hook));
}

Result<Reply> create_hook(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  call.in.require("url");
  FAIRLEAD_CHECK(call.in.check());
  Hook hook;
  hook.events["push_events"] = true;
  FAIRLEAD_CHECK(apply(call, hook));
  hook.id = call.world.next_id("hook");
  hook.uuid = uuid7(call.world.random, call.now());
  hook.created_at = call.now();
  project->hooks.push_back(hook);
  return json_reply(201, hook_json(call.world, *project, hook));
}

Result<Reply> edit_hook(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, *project));
  Hook draft = *hook;
  FAIRLEAD_CHECK(apply(call, draft));
  *hook = std::move(draft);
  return json_reply(200, hook_json(call.world, *project, *hook));
}

Result<Reply> delete_hook(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, *project));
  Number const id = hook->id;
  std::erase_if(project->hooks, [id](Hook const& other) { return other.id == id; });
  return no_content();
}

Result<Reply> test_hook(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  FAIRLEAD_TRY(Hook * hook, find_hook(call, *project));
  std::string const& trigger = call.arguments.at(2);
  if (std::find(event_names.begin(), event_names.end(), trigger) == event_names.end()) {
    return bad_parameters("trigger does not have a valid value");
  }
  hook->failures_in_row = 0;
  hook->disabled_until.reset();
  if (!announce_test(call.world, *project, *hook, *call.user(), trigger)) {
    return refuse_message(422, "Ensure the project has data for this trigger.");
  }
  return json_reply(201, Json::object({{"message", "201 Created"}}));
}

}  // namespace

ApiRoutes hook_routes() {
  using enum net::Method;
  return {{get, "projects/:id/hooks", list_hooks, Need::signed_in},
          {post, "projects/:id/hooks", create_hook, Need::signed_in},
          {get, "projects/:id/hooks/:hook_id", get_hook, Need::signed_in},
          {put, "projects/:id/hooks/:hook_id", edit_hook, Need::signed_in},
          {delete_, "projects/:id/hooks/:hook_id", delete_hook, Need::signed_in},
          {post, "projects/:id/hooks/:hook_id/test/:trigger", test_hook, Need::signed_in}};
}

}  // namespace fairlead::sandbox
