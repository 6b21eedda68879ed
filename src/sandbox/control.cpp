// The calls below /-/sandbox/, all JSON:
//
//   GET    state              counts: {"projects": [{"id", "path", "issues", "openIssues", "notes",
//                             "pipelines", "members", "invitations", "hooks"}], "groups": [...],
//                             "users", "oauthTokens", "liveOauthTokens", "webhooks", "time"}
//   POST   reset              back to the seed (faults, plans and the clock stay as they are)
//   POST   clock              {"advanceMs"}: moves the time, and every pipeline with it
//   GET    faults             the faults that wait; DELETE drops them all
//   POST   faults             {"kind", "method", "path", "count", "skip", "when", "status",
//                             "delayMs", "retryAfterSeconds", "location", "body", "contentType",
//                             "fields"}; path: a piece of the decoded path; when: before or after
//                             the effect; kinds: throttle, application-limit, server-error, reset,
//                             slow, truncated, login-page, proxy-page, redirect, invalid-grant,
//                             missing-fields, clock-skew, spam, resource-lock, custom
//   POST   plans              {"project", "ref", "result", "seconds", "statuses": [], "failedJob"}:
//                             how pipelines of that project (and ref) run from now on
//   POST   pipelines/:id      {"status"}: at once
//   GET    tokens             the personal tokens by name, the OAuth applications, and the OAuth
//                             tokens given out
//   POST   tokens/:kind       expire or revoke all OAuth tokens; revoke-refresh: {"token"}
//   POST   issues             {"project", "count", "title"}: many issues at once
//   POST   projects/:id       {"hasCiConfig", "variablesRole", "issuesEnabled", "moveTo"}
//   POST   options            {"pipelineSeconds", "requestsPerMinute", "pipelinesPerMinute",
//                             "rateHeaders", "tier", "tokenSeconds", "autoConsentUser"}
//   POST   applications       {"uid", "secret", "name", "redirectUris": [], "scopes": [],
//                             "confidential"}
#include "sandbox/control.h"

#include <algorithm>

#include "sandbox/pipeline_run.h"
#include "sandbox/resources.h"
#include "sandbox/seed.h"

namespace fairlead::sandbox {
namespace {

constexpr Number issues_max = 1'000'000;

Result<Reply> done() { return json_reply(200, Json::object({{"status", "done"}})); }

Json project_counts(World& world, Project const& project) {
  std::size_t notes = 0;
  for (auto const& [issue, list] : project.notes) {
    notes += static_cast<std::size_t>(
        std::count_if(list.begin(), list.end(), [](Note const& note) { return !note.system; }));
  }
  (void)world;
  return Json::object({{"id", project.id},
                       {"path", project.full_path},
                       {"issues", project.issues.size()},
                       {"openIssues", project.open_issues},
                       {"notes", notes},
                       {"pipelines", project.pipeline_ids.size()},
                       {"members", project.roster.members.size()},
                       {"invitations", project.roster.invitations.size()},
                       {"hooks", project.hooks.size()}});
}

Result<Reply> get_state(Call& call) {
  World& world = call.world;
  Json projects = Json::array();
  for (auto const& [id, project] : world.state.projects)
    projects.push_back(project_counts(world, project));
  Json groups = Json::array();
  for (auto const& [id, group] : world.state.groups) {
    groups.push_back(Json::object({{"id", id},
                                   {"path", group.full_path},
                                   {"members", group.roster.members.size()},
                                   {"invitations", group.roster.invitations.size()},
                                   {"hooks", group.hooks.size()}}));
  }
  auto const live =
      std::count_if(world.state.access_tokens.begin(), world.state.access_tokens.end(),
                    [](auto const& entry) { return !entry.second.revoked; });
  return json_reply(
      200, Json::object({{"time", format_time(world.now())},
                         {"users", world.state.users.size()},
                         {"projects", std::move(projects)},
                         {"groups", std::move(groups)},
                         {"oauthTokens", world.state.access_tokens.size()},
                         {"liveOauthTokens", live},
                         {"webhooks", Json::object({{"waiting", world.deliveries.size()},
                                                    {"sent", world.deliveries_sent},
                                                    {"dropped", world.deliveries_dropped}})}}));
}

Result<Reply> post_reset(Call& call) {
  World& world = call.world;
  world.due.clear();
  world.deliveries.clear();
  world.hits.clear();
  world.state = State{};
  seed(world);
  return done();
}

Result<Reply> post_clock(Call& call) {
  call.in.require("advanceMs");
  auto const by = call.in.integer("advanceMs");
  FAIRLEAD_CHECK(call.in.check());
  call.world.clock.advance(Milliseconds(*by));
  settle(call.world);
  call.world.changed.notify_all();
  return json_reply(200, Json::object({{"time", format_time(call.now())}}));
}

Result<Reply> get_faults(Call& call) {
  Json rows = Json::array();
  for (Fault const& fault : call.world.faults.list())
    rows.push_back(to_json(fault));
  return json_reply(200, rows);
}

Result<Reply> post_fault(Call& call) {
  FAIRLEAD_TRY(Fault fault, fault_from_json(call.in.raw()));
  FAIRLEAD_CHECK(call.world.faults.add(std::move(fault)));
  return done();
}

Result<Reply> delete_faults(Call& call) {
  call.world.faults.clear();
  return done();
}

Result<Project*> named_project(Call& call, std::string const& reference) {
  Project* project = call.world.project_at(reference);
  for (auto& [id, other] : call.world.state.projects) {
    if (std::to_string(id) == reference) project = &other;
  }
  if (project == nullptr) return no_such("Project");
  return project;
}

Result<Reply> post_plan(Call& call) {
  Params& in = call.in;
  FAIRLEAD_TRY(Project * project, named_project(call, in.text("project")));
  PipelinePlan plan;
  plan.result = in.word(
      "result", "success",
      {"success", "failed", "canceled", "skipped", "manual", "scheduled", "warnings", "stuck"});
  if (in.filled("seconds")) {
    plan.run_time = Milliseconds(static_cast<std::int64_t>(in.raw("seconds").as_number() * 1000));
  }
  plan.failed_job = in.text("failedJob");
  for (std::string const& status : in.list("statuses")) {
    if (!known_status(status)) in.complain("statuses does not have a valid value");
    plan.statuses.push_back(status);
  }
  FAIRLEAD_CHECK(in.check());
  std::string const ref = in.text("ref");
  call.world.plans[std::to_string(project->id) + (ref.empty() ? "" : " " + ref)] = std::move(plan);
  return done();
}

Result<Reply> post_pipeline(Call& call) {
  FAIRLEAD_TRY(Number const id, call.number_argument(0, "id"));
  auto const it = call.world.state.pipelines.find(id);
  if (it == call.world.state.pipelines.end()) return not_found();
  std::string const status = call.in.text("status");
  if (!known_status(status)) return bad_parameters("status does not have a valid value");
  force_status(call.world, it->second, status);
  return done();
}

Result<Reply> post_tokens(Call& call) {
  std::string const& kind = call.arguments.at(0);
  if (kind == "revoke-refresh") {
    auto const refresh = call.world.state.refresh_tokens.find(call.in.text("token"));
    if (refresh == call.world.state.refresh_tokens.end()) return not_found();
    call.world.state.refresh_tokens.erase(refresh);
    return done();
  }
  if (kind != "expire" && kind != "revoke") return not_found();
  for (auto& [value, token] : call.world.state.access_tokens) {
    if (kind == "expire") token.lifetime = Milliseconds(0);
    if (kind == "revoke") token.revoked = true;
  }
  return done();
}

Result<Reply> get_tokens(Call& call) {
  Json tokens = Json::object();
  for (auto const& [value, token] : call.world.state.personal_tokens)
    tokens.set(token.name, value);
  Json applications = Json::array();
  for (auto const& [uid, application] : call.world.state.applications) {
    Json uris = Json::array();
    for (std::string const& uri : application.redirect_uris)
      uris.push_back(uri);
    applications.push_back(Json::object({{"uid", uid},
                                         {"secret", application.secret},
                                         {"name", application.name},
                                         {"redirectUris", std::move(uris)}}));
  }
  Json oauth = Json::array();
  for (auto const& [value, token] : call.world.state.access_tokens) {
    oauth.push_back(Json::object(
        {{"accessToken", value}, {"refreshToken", token.refresh}, {"revoked", token.revoked}}));
  }
  return json_reply(200, Json::object({{"personal", std::move(tokens)},
                                       {"oauth", std::move(oauth)},
                                       {"applications", std::move(applications)}}));
}

Result<Reply> post_issues(Call& call) {
  FAIRLEAD_TRY(Project * project, named_project(call, call.in.text("project")));
  Number const count = call.in.integer("count").value_or(1);
  std::string const title = call.in.text_or("title", "Issue");
  FAIRLEAD_CHECK(call.in.check());
  if (count < 0 || count > issues_max) return bad_parameters("count does not have a valid value");
  add_many_issues(call.world, *project, count, title);
  return json_reply(200, Json::object({{"issues", project->issues.size()}}));
}

Result<Reply> post_project(Call& call) {
  FAIRLEAD_TRY(Project * project, named_project(call, call.arguments.at(0)));
  if (auto const has = call.in.boolean("hasCiConfig")) project->has_ci_config = *has;
  if (auto const on = call.in.boolean("issuesEnabled")) project->issues_enabled = *on;
  if (call.in.filled("variablesRole")) project->variables_role = call.in.text("variablesRole");
  FAIRLEAD_CHECK(call.in.check());
  if (call.in.filled("moveTo"))
    move_project(call.world, *project, project->namespace_id, call.in.text("moveTo"));
  return done();
}

Result<Reply> post_options(Call& call) {
  Params& in = call.in;
  SandboxOptions& options = call.world.options;
  if (in.filled("pipelineSeconds")) {
    options.pipeline_run_time =
        Milliseconds(static_cast<std::int64_t>(in.raw("pipelineSeconds").as_number() * 1000));
  }
  if (auto const limit = in.integer("requestsPerMinute"))
    options.requests_per_minute = static_cast<int>(*limit);
  if (auto const limit = in.integer("pipelinesPerMinute"))
    options.pipelines_per_minute = static_cast<int>(*limit);
  if (auto const seconds = in.integer("tokenSeconds"))
    options.token_lifetime = std::chrono::seconds(*seconds);
  std::string const headers = in.word("rateHeaders", "", {"always", "only-when-limited"});
  std::string const tier = in.word("tier", "", {"free", "ultimate"});
  FAIRLEAD_CHECK(in.check());
  if (!headers.empty()) {
    options.rate_headers = headers == "always" ? SandboxOptions::RateHeaders::always
                                               : SandboxOptions::RateHeaders::only_when_limited;
  }
  if (!tier.empty())
    options.tier = tier == "free" ? SandboxOptions::Tier::free : SandboxOptions::Tier::ultimate;
  if (in.given("autoConsentUser")) call.world.auto_consent_user = in.text("autoConsentUser");
  return done();
}

Result<Reply> post_application(Call& call) {
  Params& in = call.in;
  in.require("uid");
  in.require("redirectUris");
  Application application;
  application.id = call.world.next_id("application");
  application.uid = in.text("uid");
  application.secret = in.text("secret");
  application.name = in.text_or("name", application.uid);
  application.redirect_uris = in.list("redirectUris");
  application.scopes = in.list("scopes");
  application.confidential = in.boolean("confidential").value_or(true);
  FAIRLEAD_CHECK(in.check());
  if (application.scopes.empty())
    application.scopes = {"api", "read_api", "read_user", "openid", "profile", "email"};
  std::string const uid = application.uid;
  call.world.state.applications[uid] = std::move(application);
  return done();
}

}  // namespace

ApiRoutes control_routes() {
  using enum net::Method;
  return {{get, "-/sandbox/state", get_state},
          {post, "-/sandbox/reset", post_reset},
          {post, "-/sandbox/clock", post_clock},
          {get, "-/sandbox/faults", get_faults},
          {post, "-/sandbox/faults", post_fault},
          {delete_, "-/sandbox/faults", delete_faults},
          {post, "-/sandbox/plans", post_plan},
          {post, "-/sandbox/pipelines/:id", post_pipeline},
          {get, "-/sandbox/tokens", get_tokens},
          {post, "-/sandbox/tokens/:kind", post_tokens},
          {post, "-/sandbox/issues", post_issues},
          {post, "-/sandbox/projects/:id", post_project},
          {post, "-/sandbox/options", post_options},
          {post, "-/sandbox/applications", post_application}};
}

}  // namespace fairlead::sandbox
