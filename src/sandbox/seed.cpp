#include "sandbox/seed.h"

#include <array>

#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

User& add_user(World& world, std::string_view username, std::string_view name) {
  Number const id = world.next_id("user");
  User& user = world.state.users[id];
  user.id = id;
  user.namespace_id = world.next_id("namespace");
  user.username = username;
  user.name = name;
  user.email = std::string(username) + "@example.com";
  user.password = world.options.password;
  user.created_at = world.now() - std::chrono::days(365);
  return user;
}

void add_token(World& world, User const& user, std::string_view name,
               std::vector<std::string> scopes) {
  PersonalToken& token = world.state.personal_tokens["glpat-sandbox-" + std::string(name)];
  token.id = world.next_id("personal token");
  token.user_id = user.id;
  token.name = name;
  token.scopes = std::move(scopes);
  token.created_at = world.now() - std::chrono::days(30);
  token.expires_on = format_date(world.now() + std::chrono::days(335));
}

void add_tokens(World& world, User const& root, User const& alice, User const& bob) {
  add_token(world, root, "root-api", {"api"});
  add_token(world, alice, "alice-api", {"api"});
  add_token(world, alice, "alice-read-api", {"read_api"});
  add_token(world, alice, "alice-read-user", {"read_user"});
  add_token(world, bob, "bob-api", {"api"});
  add_token(world, alice, "alice-expired", {"api"});
  world.state.personal_tokens["glpat-sandbox-alice-expired"].expires_on =
      format_date(world.now() - std::chrono::days(1));
  add_token(world, alice, "alice-revoked", {"api"});
  world.state.personal_tokens["glpat-sandbox-alice-revoked"].revoked = true;
}

void add_application(World& world) {
  Application application;
  application.id = world.next_id("application");
  application.uid = world.options.client_id;
  application.secret = world.options.client_secret;
  application.name = "Fairlead";
  application.redirect_uris = world.options.redirect_uris;
  application.scopes = {"api",    "read_api", "read_user", "read_repository", "write_repository",
                        "openid", "profile",  "email"};
  world.state.applications[application.uid] = std::move(application);
}

void put_member(World& world, Roster& roster, User const& user, Number access_level) {
  roster.members[user.id] = {.user_id = user.id,
                             .access_level = access_level,
                             .created_by = 1,
                             .created_at = world.now() - std::chrono::days(100),
                             .expires_on = ""};
}

struct ProjectWish {
  std::string_view name;
  std::string_view path;
  std::string_view description;
  std::string_view visibility;
};

Project& seed_project(World& world, Group const& group, ProjectWish const& wish) {
  Project& project = add_project(world, {.name = std::string(wish.name),
                                         .path = std::string(wish.path),
                                         .namespace_id = group.id,
                                         .creator_id = 1});
  project.description = std::string(wish.description);
  project.visibility = wish.visibility;
  project.default_branch = "main";
  project.topics = {"sandbox"};
  add_branch(world, project, "main", "Initial commit").protected_ = true;
  project.has_ci_config = true;
  return project;
}

struct People {
  User& root;
  User& alice;
  User& bob;
  User& on_call;
  User& carol;
};

void seed_incidents(World& world, Project& project, People const& people) {
  for (std::string_view const name : {"incident", "sev::1", "sev::2", "automation"})
    label_named(world, project, name);
  Milestone milestone;
  milestone.id = world.next_id("milestone");
  milestone.iid = project.next_milestone_iid++;
  milestone.title = "Reliability Q4";
  milestone.created_at = milestone.updated_at = world.now();
  milestone.due_date = format_date(world.now() + std::chrono::days(30));
  project.milestones.push_back(milestone);
  Issue& issue = add_issue(world, project,
                           {.title = "Disk full on db-1",
                            .description = "Alert from monitoring.",
                            .author_id = people.alice.id});
  issue.label_ids = {label_named(world, project, "incident").id};
  issue.assignee_ids = {people.on_call.id};
  Issue& secret =
      add_issue(world, project,
                {.title = "Leaked key", .description = "Rotate it.", .author_id = people.root.id});
  secret.confidential = true;
  for (Issue& old : project.issues)
    old.created_at = old.updated_at = world.now() - std::chrono::days(90);
}

void seed_demo(World& world, People const& people) {
  Group& ops = add_group(world, "Operations", "ops", 0);
  ops.description = "Keeps things running";
  Number const ops_id = ops.id;
  put_member(world, ops.roster, people.root, level::owner);
  put_member(world, ops.roster, people.alice, level::owner);
  put_member(world, ops.roster, people.bob, level::developer);
  put_member(world, ops.roster, people.on_call, level::developer);
  Group& platform = add_group(world, "Platform", "platform", ops_id);
  put_member(world, platform.roster, people.carol, level::maintainer);
  Group& staff = add_group(world, "People", "people", 0);
  put_member(world, staff.roster, people.alice, level::owner);
  Group& dev = add_group(world, "Development", "dev", 0);
  dev.visibility = "public";
  put_member(world, dev.roster, people.alice, level::maintainer);
  put_member(world, dev.roster, people.carol, level::developer);

  Group const& operations = *world.group(ops_id);
  Project& incidents = seed_project(
      world, operations, {"Incidents", "incidents", "One issue per incident", "private"});
  seed_incidents(world, incidents, people);
  Project& runbooks =
      seed_project(world, operations, {"Runbooks", "runbooks", "Pipelines that repair", "private"});
  add_branch(world, runbooks, "restart-api", "Add a runbook");
  seed_project(world, platform, {"Cluster", "cluster", "Infrastructure as code", "internal"});
  seed_project(world, dev, {"Website", "website", "The public website", "public"})
      .branches["release/1.0"] =
      Branch{.name = "release/1.0",
             .commit = {.sha = new_sha(world), .message = "Release", .created_at = world.now()}};
  Project& wiki = seed_project(world, dev, {"Docs", "docs", "No issues, no CI here", "public"});
  wiki.issues_enabled = false;
  wiki.has_ci_config = false;
  if (world.options.issues > 0) {
    add_many_issues(world, *world.project_at("ops/incidents"),
                    static_cast<Number>(world.options.issues), "Incident");
  }
}

}  // namespace

void seed(World& world) {
  User& root = add_user(world, "root", "Administrator");
  root.admin = true;
  add_application(world);
  if (world.options.seed == SandboxOptions::Seed::none) {
    add_token(world, root, "root-api", {"api"});
    return;
  }
  User& alice = add_user(world, "alice", "Alice Archer");
  alice.public_email = "alice@example.com";
  User& bob = add_user(world, "bob", "Bob Baker");
  User& on_call = add_user(world, "on-call", "On Call");
  User& carol = add_user(world, "carol", "Carol Cook");
  User& blocked = add_user(world, "mallory", "Mallory Blocked");
  blocked.state = "blocked";
  User& bot = add_user(world, "project_1_bot", "Deploy bot");
  bot.bot = true;
  User& guest = add_user(world, "erin", "Erin External");
  guest.external = true;
  add_tokens(world, root, alice, bob);
  seed_demo(world, {.root = root, .alice = alice, .bob = bob, .on_call = on_call, .carol = carol});
}

void add_many_issues(World& world, Project& project, Number count, std::string_view title) {
  static constexpr std::array<std::string_view, 4> labels{"incident", "sev::1", "sev::2",
                                                          "automation"};
  std::array<Number, 4> ids{};
  for (std::size_t i = 0; i < labels.size(); ++i)
    ids[i] = label_named(world, project, labels[i]).id;
  std::vector<Number> authors;
  for (auto const& [id, user] : world.state.users) {
    if (!user.bot && user.state == "active" && !user.external) authors.push_back(id);
  }
  Time const start = world.now() - std::chrono::seconds(count);
  if (!project.issues.empty() && project.issues.back().created_at > start)
    project.issues_out_of_order = true;
  project.issues.reserve(project.issues.size() + static_cast<std::size_t>(count));
  for (Number i = 0; i < count; ++i) {
    auto const at = static_cast<std::size_t>(i);
    Issue& issue = add_issue(world, project,
                             {.title = std::string(title) + " " + std::to_string(i + 1),
                              .description = "Generated for a large project.",
                              .author_id = authors[at % authors.size()]});
    issue.created_at = issue.updated_at = start + std::chrono::seconds(i);
    issue.label_ids = {ids[at % ids.size()]};
  }
}

}  // namespace fairlead::sandbox
