// Projects and namespaces. Source: doc/api/projects.md, doc/api/namespaces.md (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/project_filter.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Result<Reply> list_projects(Call& call) { return list_projects_of(call, {}); }

Result<Reply> list_user_projects(Call& call) {
  User const* user = call.world.user_named(call.arguments[0]);
  if (user == nullptr) {
    auto const id = call.number_argument(0, "user_id");
    user = id.ok() ? call.world.user(*id) : nullptr;
  }
  if (user == nullptr) return no_such("User");
  return list_projects_of(call, {.namespaces = {user->namespace_id}});
}

Result<Reply> list_group_projects(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments[0]));
  std::vector<Number> namespaces{group->id};
  if (call.in.flag("include_subgroups")) {
    for (auto const& [id, other] : call.world.state.groups) {
      if (id == group->id) continue;
      auto const chain = group_chain(call.world, id);
      bool const below = std::any_of(chain.begin(), chain.end(),
                                     [&](Group* above) { return above->id == group->id; });
      if (below) namespaces.push_back(id);
    }
  }
  return list_projects_of(call, {.namespaces = std::move(namespaces)});
}

Result<Reply> get_project(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  bool const license = call.in.flag("license");
  bool const statistics = call.in.flag("statistics");
  FAIRLEAD_CHECK(call.in.check());
  (void)statistics;  // read by project_json
  if (call.user() == nullptr)
    return json_reply(200, project_json(call, *project, ProjectDetail::simple));
  Json json = project_json(call, *project, ProjectDetail::full);
  if (license) {
    json.set("license_url", Json());
    json.set("license", Json());
  }
  return json_reply(200, json);
}

// The namespace a new project goes to, with the right to create there.
Result<Number> target_namespace(Call& call) {
  auto const wanted = call.in.integer("namespace_id");
  FAIRLEAD_CHECK(call.in.check());
  if (!wanted || *wanted == call.user()->namespace_id) return call.user()->namespace_id;
  Group const* group = call.world.group(*wanted);
  User const* other = call.world.owner_of_namespace(*wanted);
  if (group == nullptr && (other == nullptr || !call.admin())) return no_such("Namespace");
  if (group == nullptr) return *wanted;
  if (!may_see(call.world, *group, call.user())) return no_such("Namespace");
  if (level_in(call.world, *group, call.user()) < level::developer) return forbidden();
  return *wanted;
}

Result<void> check_new_project(Call& call, NewProject const& wanted) {
  static std::vector<std::string> const reserved{"badges", "blame", "blob",  "builds", "commits",
                                                 "create", "edit",  "files", "new",    "raw",
                                                 "refs",   "tree",  "wikis", "-"};
  if (!valid_path(wanted.path)) {
    return invalid_model(
        "path",
        "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in "
        "'.git' or end in '.atom'");
  }
  if (std::find(reserved.begin(), reserved.end(), wanted.path) != reserved.end()) {
    return refuse(
        400, Json::object(
                 {{"message",
                   Json::object(
                       {{"project_namespace.path",
                         Json::array({Json(wanted.path + " is a reserved name")})},
                        {"path", Json::array({Json(wanted.path + " is a reserved name")})}})}}));
  }
  World& world = call.world;
  std::string const full_path = world.namespace_path(wanted.namespace_id) + "/" + wanted.path;
  bool const path_taken =
      world.project_at(full_path) != nullptr || world.group_at(full_path) != nullptr;
  bool const name_taken =
      std::any_of(world.state.projects.begin(), world.state.projects.end(), [&](auto const& entry) {
        return entry.second.namespace_id == wanted.namespace_id && entry.second.name == wanted.name;
      });
  if (!path_taken && !name_taken) return {};
  Json const taken = Json::array({Json("has already been taken")});
  Json fields = Json::object();
  if (name_taken) fields.set("project_namespace.name", taken);
  if (name_taken) fields.set("name", taken);
  if (path_taken) fields.set("path", taken);
  return refuse(400, Json::object({{"message", std::move(fields)}}));
}

// A project may not be more open than the group that holds it.
Result<void> check_visibility(Call& call, Number namespace_id, std::string const& visibility) {
  static std::vector<std::string> const order{"private", "internal", "public"};
  auto const rank = [](std::string const& word) {
    return std::find(order.begin(), order.end(), word) - order.begin();
  };
  Group const* group = call.world.group(namespace_id);
  if (group == nullptr || rank(visibility) <= rank(group->visibility)) return {};
  return invalid_model("visibility_level",
                       visibility + " is not allowed in a " + group->visibility + " group.");
}

void apply_settings(Call& call, Project& project) {
  Params& in = call.in;
  if (in.given("description")) {
    project.description =
        in.raw("description").is_null() ? std::nullopt : std::optional(in.text("description"));
  }
  if (in.given("topics")) {
    project.topics = in.list("topics");
  } else if (in.given("tag_list")) {
    project.topics = in.list("tag_list");
  }
  if (auto const enabled = in.boolean("issues_enabled")) project.issues_enabled = *enabled;
  if (in.filled("issues_access_level"))
    project.issues_enabled = in.text("issues_access_level") != "disabled";
  if (in.filled("merge_method")) project.merge_method = in.text("merge_method");
  if (in.given("ci_config_path")) project.ci_config_path = in.text("ci_config_path");
  if (in.filled("visibility")) project.visibility = in.text("visibility");
  if (in.filled("ci_pipeline_variables_minimum_override_role")) {
    project.variables_role = in.text("ci_pipeline_variables_minimum_override_role");
  }
}

void check_setting_words(Params& in) {
  in.word("visibility", "", {"private", "internal", "public"});
  in.word("merge_method", "", {"ff", "rebase_merge", "merge"});
  in.word("issues_access_level", "", {"disabled", "private", "enabled"});
  in.word("squash_option", "", {"never", "always", "default_on", "default_off"});
  in.word("ci_pipeline_variables_minimum_override_role", "",
          {"no_one_allowed", "developer", "maintainer", "owner"});
  in.boolean("issues_enabled");
}

void fill_repository(Call& call, Project& project) {
  if (call.in.flag("initialize_with_readme")) {
    project.default_branch = call.in.text_or("default_branch", "main");
    add_branch(call.world, project, project.default_branch, "Initial commit").protected_ = true;
  } else if (call.in.filled("template_name") || call.in.filled("import_url")) {
    // The copy of a template or import is there at once and its repository a moment later: here at
    // once too.
    project.default_branch = "main";
    add_branch(call.world, project, "main", "Initialized from template").protected_ = true;
    project.has_ci_config = call.in.filled("template_name");
    project.import_status = "finished";
  }
}

Result<Reply> create_project(Call& call) {
  Params& in = call.in;
  in.at_least_one_of({"name", "path"});
  check_setting_words(in);
  std::string const name = in.text("name");
  std::string const path = in.text("path");
  FAIRLEAD_CHECK(in.check());
  FAIRLEAD_TRY(Number const namespace_id, target_namespace(call));
  NewProject const wanted{.name = name.empty() ? path : name,
                          .path = path.empty() ? path_from_name(name) : path,
                          .namespace_id = namespace_id,
                          .creator_id = call.user()->id};
  FAIRLEAD_CHECK(check_new_project(call, wanted));
  FAIRLEAD_CHECK(check_visibility(call, namespace_id, in.text_or("visibility", "private")));
  Project& project = add_project(call.world, wanted);
  if (!in.filled("visibility")) project.visibility = "private";
  apply_settings(call, project);
  fill_repository(call, project);
  // The creator of a project in a group becomes a direct Owner unless the group already gave that.
  if (level_in(call.world, project, call.user()) < level::owner ||
      call.user()->namespace_id == namespace_id) {
    project.roster.members[call.user()->id] = {.user_id = call.user()->id,
                                               .access_level = level::owner,
                                               .created_by = call.user()->id,
                                               .created_at = call.now(),
                                               .expires_on = ""};
  }
  return json_reply(201, project_json(call, project, ProjectDetail::full));
}

Result<Reply> edit_project(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_maintainer));
  check_setting_words(call.in);
  FAIRLEAD_CHECK(call.in.check());
  FAIRLEAD_CHECK(check_visibility(call, project->namespace_id,
                                  call.in.text_or("visibility", project->visibility)));
  std::string const path = call.in.text_or("path", project->path);
  if (path != project->path) {
    FAIRLEAD_CHECK(
        check_new_project(call, {.name = "", .path = path, .namespace_id = project->namespace_id}));
    move_project(call.world, *project, project->namespace_id, path);
  }
  if (call.in.filled("name")) project->name = call.in.text("name");
  if (call.in.filled("default_branch")) project->default_branch = call.in.text("default_branch");
  apply_settings(call, *project);
  project->updated_at = call.now();
  return json_reply(200, project_json(call, *project, ProjectDetail::full));
}

Result<Reply> transfer_project(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, is_owner));
  call.in.require("namespace");
  FAIRLEAD_CHECK(call.in.check());
  FAIRLEAD_TRY(Group * group, find_group(call, call.in.text("namespace")));
  if (level_in(call.world, *group, call.user()) < level::maintainer) return forbidden();
  move_project(call.world, *project, group->id, project->path);
  return json_reply(200, project_json(call, *project, ProjectDetail::full));
}

// Deleting only marks it, as since 16: it is still listed until the day has come.
Result<Reply> delete_project(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, is_owner));
  project->marked_for_deletion_on = format_date(call.now() + std::chrono::days(7));
  return json_reply(202, Json::object({{"message", "202 Accepted"}}));
}

Result<Reply> set_archived(Call& call, bool archived) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, is_owner));
  project->archived = archived;
  return json_reply(201, project_json(call, *project, ProjectDetail::full));
}

Result<Reply> archive_project(Call& call) { return set_archived(call, true); }
Result<Reply> unarchive_project(Call& call) { return set_archived(call, false); }

std::vector<Number> visible_namespaces(Call& call) {
  std::vector<Number> ids{call.user()->namespace_id};
  for (auto const& [id, group] : call.world.state.groups) {
    if (level_in(call.world, group, call.user()) >= level::guest) ids.push_back(id);
  }
  return ids;
}

Result<Reply> list_namespaces(Call& call) {
  std::string const search = call.in.text("search");
  bool const owned = call.in.flag("owned_only");
  bool const top = call.in.flag("top_level_only");
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Number> ids = visible_namespaces(call);
  std::erase_if(ids, [&](Number id) {
    Group const* group = call.world.group(id);
    if (group != nullptr && owned && level_in(call.world, *group, call.user()) < level::owner)
      return true;
    if (group != nullptr && top && group->parent_id != 0) return true;
    return !search.empty() && !contains_ignoring_case(call.world.namespace_path(id), search);
  });
  return page_reply(
      call, ids.size(), {}, [&](std::size_t i) { return namespace_json(call.world, ids[i]); },
      [&](std::size_t i) { return ids[i]; });
}

Result<Reply> get_namespace(Call& call) {
  for (Number const id : visible_namespaces(call)) {
    if (std::to_string(id) == call.arguments[0] ||
        equals_ignoring_case(call.world.namespace_path(id), call.arguments[0])) {
      return json_reply(200, namespace_json(call.world, id));
    }
  }
  return no_such("Namespace");
}

}  // namespace

Project& add_project(World& world, NewProject const& wanted) {
  Number const id = world.next_id("project");
  Project& project = world.state.projects[id];
  project.id = id;
  project.namespace_id = wanted.namespace_id;
  project.creator_id = wanted.creator_id;
  project.name = wanted.name;
  project.path = wanted.path;
  project.full_path = world.namespace_path(wanted.namespace_id) + "/" + wanted.path;
  project.created_at = project.updated_at = project.last_activity_at = world.now();
  project.runners_token = "GR1348941" + random_token(world.random, 15);
  world.state.project_paths[to_lower_ascii(project.full_path)] = id;
  return project;
}

void move_project(World& world, Project& project, Number namespace_id, std::string path) {
  std::string const former = to_lower_ascii(project.full_path);
  world.state.project_paths.erase(former);
  world.state.moved_paths[former] = project.id;
  project.namespace_id = namespace_id;
  project.path = std::move(path);
  project.full_path = world.namespace_path(namespace_id) + "/" + project.path;
  world.state.project_paths[to_lower_ascii(project.full_path)] = project.id;
}

ApiRoutes project_routes() {
  using enum net::Method;
  return {{get, "projects", list_projects, Need::nothing},
          {post, "projects", create_project, Need::signed_in},
          {get, "projects/:id", get_project, Need::nothing},
          {put, "projects/:id", edit_project, Need::signed_in},
          {delete_, "projects/:id", delete_project, Need::signed_in},
          {put, "projects/:id/transfer", transfer_project, Need::signed_in},
          {post, "projects/:id/archive", archive_project, Need::signed_in},
          {post, "projects/:id/unarchive", unarchive_project, Need::signed_in},
          {get, "users/:user_id/projects", list_user_projects, Need::nothing},
          {get, "groups/:id/projects", list_group_projects, Need::nothing},
          {get, "namespaces", list_namespaces, Need::signed_in},
          {get, "namespaces/:id", get_namespace, Need::signed_in}};
}

}  // namespace fairlead::sandbox
