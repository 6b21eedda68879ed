// A project as JSON: simple, as listed, and whole with the fields that only maintainers get.
// Source: lib/api/entities/project.rb and basic_project_details.rb (19.5),
// json-schemas/projects.json.
#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Json strings(std::vector<std::string> const& list) {
  Json out = Json::array();
  for (std::string const& item : list)
    out.push_back(item);
  return out;
}

Json access_json(Grant const& grant, bool of_group) {
  if (grant.member == nullptr || (grant.group_id != 0) != of_group) return {};
  return Json::object({{"access_level", grant.member->access_level}, {"notification_level", 3}});
}

Json permissions_json(Call& call, Project const& project) {
  Json json = Json::object({{"project_access", Json()}, {"group_access", Json()}});
  if (call.user() == nullptr) return json;
  auto const direct = project.roster.members.find(call.user()->id);
  if (direct != project.roster.members.end() && !expired(call.world, direct->second)) {
    json.set("project_access", access_json({.member = &direct->second, .group_id = 0}, false));
  }
  json.set("group_access",
           access_json(inherited_grant(call.world, project, call.user()->id), true));
  return json;
}

void add_simple(World& world, Project const& project, Json& json) {
  std::string const web = world.web_url(project.full_path);
  std::size_t const scheme = world.base_url.find("://");
  std::string const host =
      scheme == std::string::npos ? "localhost" : world.base_url.substr(scheme + 3);
  json.set("id", project.id);
  json.set("description", project.description ? Json(*project.description) : Json());
  json.set("name", project.name);
  json.set("name_with_namespace",
           world.namespace_name(project.namespace_id) + " / " + project.name);
  json.set("path", project.path);
  json.set("path_with_namespace", project.full_path);
  json.set("created_at", format_time(project.created_at));
  json.set("default_branch", text_or_null(project.default_branch));
  json.set("tag_list", strings(project.topics));
  json.set("topics", strings(project.topics));
  json.set("ssh_url_to_repo",
           "git@" + host.substr(0, host.find_first_of(":/")) + ":" + project.full_path + ".git");
  json.set("http_url_to_repo", web + ".git");
  json.set("web_url", web);
  json.set("readme_url", project.default_branch.empty()
                             ? Json()
                             : Json(web + "/-/blob/" + project.default_branch + "/README.md"));
  json.set("forks_count", 0);
  json.set("avatar_url", Json());
  json.set("star_count", project.starred ? 1 : 0);
  json.set("last_activity_at", format_time(project.last_activity_at));
  json.set("visibility", project.visibility);
  json.set("namespace", namespace_json(world, project.namespace_id));
}

void add_links(World& world, Project const& project, Json& json) {
  std::string const self = world.api_url("/projects/" + std::to_string(project.id));
  json.set("_links", Json::object({{"self", self},
                                   {"issues", self + "/issues"},
                                   {"merge_requests", self + "/merge_requests"},
                                   {"repo_branches", self + "/repository/branches"},
                                   {"labels", self + "/labels"},
                                   {"events", self + "/events"},
                                   {"members", self + "/members"},
                                   {"cluster_agents", self + "/cluster_agents"}}));
}

void add_features(Project const& project, Json& json) {
  json.set("issues_enabled", project.issues_enabled);
  for (char const* name : {"merge_requests_enabled", "wiki_enabled", "jobs_enabled",
                           "snippets_enabled", "container_registry_enabled", "packages_enabled"}) {
    json.set(name, true);
  }
  json.set("service_desk_enabled", false);
  json.set("service_desk_address", Json());
  json.set("can_create_merge_request_in", true);
  json.set("issues_access_level", project.issues_enabled ? "enabled" : "disabled");
  for (char const* name :
       {"repository_access_level", "merge_requests_access_level", "forking_access_level",
        "wiki_access_level", "builds_access_level", "snippets_access_level",
        "analytics_access_level", "releases_access_level", "environments_access_level",
        "feature_flags_access_level", "infrastructure_access_level", "monitor_access_level",
        "model_experiments_access_level", "model_registry_access_level",
        "container_registry_access_level"}) {
    json.set(name, "enabled");
  }
  json.set("pages_access_level", "private");
  json.set("security_and_compliance_access_level", "private");
  json.set("requirements_access_level", "enabled");
  json.set("emails_disabled", false);
  json.set("emails_enabled", true);
  json.set("shared_runners_enabled", true);
  json.set("group_runners_enabled", true);
  json.set("lfs_enabled", true);
  json.set("request_access_enabled", true);
}

void add_settings(Project const& project, Json& json) {
  json.set("import_url", Json());
  json.set("import_type", Json());
  json.set("import_status", project.import_status);
  json.set("description_html", project.description ? "<p>" + *project.description + "</p>" : "");
  json.set("updated_at", format_time(project.updated_at));
  json.set("ci_default_git_depth", 20);
  json.set("ci_forward_deployment_enabled", true);
  json.set("ci_job_token_scope_enabled", false);
  json.set("ci_separated_caches", true);
  json.set("build_git_strategy", "fetch");
  json.set("keep_latest_artifact", true);
  json.set("restrict_user_defined_variables", project.variables_role != "developer");
  json.set("ci_pipeline_variables_minimum_override_role", project.variables_role);
  json.set("auto_cancel_pending_pipelines", "enabled");
  json.set("build_timeout", 3'600);
  json.set("auto_devops_enabled", false);
  json.set("auto_devops_deploy_strategy", "continuous");
  json.set("ci_config_path", project.ci_config_path);
  json.set("public_jobs", true);
  json.set("shared_with_groups", Json::array());
  json.set("only_allow_merge_if_pipeline_succeeds", false);
  json.set("allow_merge_on_skipped_pipeline", Json());
  json.set("only_allow_merge_if_all_discussions_are_resolved", false);
  json.set("remove_source_branch_after_merge", true);
  json.set("printing_merge_request_link_enabled", true);
  json.set("merge_method", project.merge_method);
  json.set("squash_option", "default_off");
  json.set("enforce_auth_checks_on_uploads", true);
  json.set("suggestion_commit_message", Json());
  json.set("merge_commit_template", Json());
  json.set("squash_commit_template", Json());
  json.set("issue_branch_template", Json());
  json.set("autoclose_referenced_issues", true);
  json.set("repository_object_format", "sha1");
  json.set("external_authorization_classification_label", "");
}

void add_statistics(Project const& project, Json& json) {
  Number const commits = project.default_branch.empty() ? 0 : 1;
  json.set("statistics", Json::object({{"commit_count", commits},
                                       {"storage_size", commits * 4'096},
                                       {"repository_size", commits * 4'096},
                                       {"wiki_size", 0},
                                       {"lfs_objects_size", 0},
                                       {"job_artifacts_size", 0},
                                       {"pipeline_artifacts_size", 0},
                                       {"packages_size", 0},
                                       {"snippets_size", 0},
                                       {"uploads_size", 0},
                                       {"container_registry_size", 0}}));
}

}  // namespace

Json namespace_json(World& world, Number namespace_id) {
  if (Group const* group = world.group(namespace_id)) {
    return Json::object({{"id", group->id},
                         {"name", group->name},
                         {"path", group->path},
                         {"kind", "group"},
                         {"full_path", group->full_path},
                         {"parent_id", group->parent_id == 0 ? Json() : Json(group->parent_id)},
                         {"avatar_url", Json()},
                         {"web_url", world.web_url("groups/" + group->full_path)}});
  }
  User const* user = world.owner_of_namespace(namespace_id);
  if (user == nullptr) return {};
  return Json::object({{"id", namespace_id},
                       {"name", user->name},
                       {"path", user->username},
                       {"kind", "user"},
                       {"full_path", user->username},
                       {"parent_id", Json()},
                       {"avatar_url", Json()},
                       {"web_url", world.web_url(user->username)}});
}

Json project_json(Call& call, Project const& project, ProjectDetail detail) {
  World& world = call.world;
  Json json = Json::object();
  add_simple(world, project, json);
  if (detail == ProjectDetail::simple) {
    json.erase("visibility");
    return json;
  }
  add_links(world, project, json);
  json.set("container_registry_image_prefix", "registry.sandbox.invalid/" + project.full_path);
  json.set("empty_repo", project.branches.empty());
  json.set("archived", project.archived);
  json.set("resolve_outdated_diff_discussions", false);
  json.set("creator_id", project.creator_id);
  json.set("mr_default_target_self", false);
  json.set("marked_for_deletion_at", text_or_null(project.marked_for_deletion_on));
  json.set("marked_for_deletion_on", text_or_null(project.marked_for_deletion_on));
  if (User const* owner = world.owner_of_namespace(project.namespace_id)) {
    json.set("owner", user_json(world, owner));
  }
  add_features(project, json);
  add_settings(project, json);
  if (project.issues_enabled) json.set("open_issues_count", project.open_issues);
  if (detail == ProjectDetail::full) json.set("import_error", Json());
  if (level_in(world, project, call.user()) >= level::maintainer) {
    json.set("runners_token", project.runners_token);
    json.set("runner_token_expiration_interval", Json());
  }
  if (call.in.flag("statistics") && level_in(world, project, call.user()) >= level::reporter) {
    add_statistics(project, json);
  }
  json.set("permissions", permissions_json(call, project));
  return json;
}

}  // namespace fairlead::sandbox
