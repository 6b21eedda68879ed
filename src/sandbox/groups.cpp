// Groups and subgroups. Source: doc/api/groups.md (19.5), lib/api/entities/group.rb.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

struct Filter {
  std::string search;
  std::string visibility;
  std::string deletion_on;
  std::vector<Number> skip;
  std::optional<Number> min_level;
  bool owned{false};
  bool members_only{false};
  bool top_level{false};
  Number below{0};  // only descendants of this group
  bool direct_only{false};
};

bool below(World& world, Group const& group, Number ancestor, bool direct_only) {
  if (direct_only) return group.parent_id == ancestor;
  auto const chain = group_chain(world, group.parent_id);
  return std::any_of(chain.begin(), chain.end(),
                     [ancestor](Group* above) { return above->id == ancestor; });
}

bool matches(Call& call, Filter const& filter, Group const& group) {
  World& world = call.world;
  if (!may_see(world, group, call.user())) return false;
  if (filter.below != 0 && !below(world, group, filter.below, filter.direct_only)) return false;
  if (std::find(filter.skip.begin(), filter.skip.end(), group.id) != filter.skip.end())
    return false;
  if (!filter.visibility.empty() && group.visibility != filter.visibility) return false;
  if (!filter.deletion_on.empty() && group.marked_for_deletion_on != filter.deletion_on)
    return false;
  if (filter.top_level && group.parent_id != 0) return false;
  bool const text = contains_ignoring_case(group.name, filter.search) ||
                    contains_ignoring_case(group.path, filter.search) ||
                    contains_ignoring_case(group.full_path, filter.search);
  if (!text) return false;
  Number const role = level_in(world, group, call.user());
  if (filter.owned && role < level::owner) return false;
  if (filter.members_only && role < level::guest) return false;
  return !filter.min_level || role >= *filter.min_level;
}

Result<Reply> groups_page(Call& call, Filter filter) {
  Params& in = call.in;
  std::string const by = in.word("order_by", "name", {"name", "path", "id", "similarity"});
  std::string const sort = in.word("sort", "asc", {"asc", "desc"});
  filter.search = in.text("search");
  filter.visibility = in.word("visibility", "", {"private", "internal", "public"});
  filter.deletion_on = in.date("marked_for_deletion_on");
  filter.skip = in.integers("skip_groups");
  filter.min_level = in.integer("min_access_level");
  in.word("min_access_level", "", {"10", "15", "20", "25", "30", "40", "50"});
  filter.owned = in.flag("owned");
  filter.members_only = !in.boolean("all_available").value_or(true);
  filter.top_level = in.flag("top_level_only");
  FAIRLEAD_CHECK(in.check());
  std::vector<Group const*> rows;
  for (auto const& [id, group] : call.world.state.groups) {
    if (matches(call, filter, group)) rows.push_back(&group);
  }
  std::stable_sort(rows.begin(), rows.end(), [&by](Group const* a, Group const* b) {
    if (by == "id") return a->id < b->id;
    if (by == "path") return a->path < b->path;
    return to_lower_ascii(a->name) < to_lower_ascii(b->name);
  });
  if (sort == "desc") std::reverse(rows.begin(), rows.end());
  bool const keyset = by == "name" && sort == "asc";
  PageRules const rules{
      .offset_limited_type = "Group",
      .defaults = {{"order_by", by}, {"owned", "false"}, {"sort", sort}, {"statistics", "false"}},
      .keyset = keyset ? PageRules::Keyset::by_cursor : PageRules::Keyset::none};
  return page_reply(
      call, rows.size(), rules, [&](std::size_t i) { return group_json(call.world, *rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

Result<Reply> list_groups(Call& call) { return groups_page(call, {}); }

Result<Reply> list_descendants(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments[0]));
  Filter filter;
  filter.below = group->id;
  return groups_page(call, filter);
}

Result<Reply> list_subgroups(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments[0]));
  Filter filter;
  filter.below = group->id;
  filter.direct_only = true;
  return groups_page(call, filter);
}

Result<Reply> get_group(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments[0]));
  Json json = group_json(call.world, *group);
  json.set("shared_with_groups", Json::array());
  if (level_in(call.world, *group, call.user()) >= level::owner) {
    json.set("runners_token", "GR1348941group" + std::to_string(group->id));
  }
  json.set("prevent_sharing_groups_outside_hierarchy", false);
  if (call.in.boolean("with_projects").value_or(true)) {
    Json projects = Json::array();
    for (auto const& [id, project] : call.world.state.projects) {
      if (project.namespace_id == group->id && may_see(call.world, project, call.user())) {
        projects.push_back(project_json(call, project, ProjectDetail::listed));
      }
    }
    json.set("projects", std::move(projects));
    json.set("shared_projects", Json::array());
  }
  return json_reply(200, json);
}

Result<void> check_parent(Call& call, Number parent_id) {
  if (parent_id == 0) {
    if (!call.user()->can_create_group) return forbidden();
    return {};
  }
  Group const* parent = call.world.group(parent_id);
  if (parent == nullptr || !may_see(call.world, *parent, call.user())) return no_such("Group");
  if (level_in(call.world, *parent, call.user()) < level::maintainer) return forbidden();
  return {};
}

Result<Reply> create_group(Call& call) {
  Params& in = call.in;
  in.require("name");
  in.require("path");
  std::string const name = in.text("name");
  std::string const path = in.text("path");
  Number const parent_id = in.integer("parent_id").value_or(0);
  std::string const visibility =
      in.word("visibility", "private", {"private", "internal", "public"});
  FAIRLEAD_CHECK(in.check());
  FAIRLEAD_CHECK(check_parent(call, parent_id));
  std::string const full =
      parent_id == 0 ? path : call.world.group(parent_id)->full_path + "/" + path;
  bool const taken = call.world.group_at(full) != nullptr ||
                     call.world.project_at(full) != nullptr ||
                     (parent_id == 0 && call.world.user_named(path) != nullptr);
  if (taken) {
    return refuse_message(400, R"(Failed to save group {:path=>["has already been taken"]})");
  }
  if (!valid_path(path)) {
    return refuse_message(400, R"(Failed to save group {:path=>["can only include )"
                               R"(non-accented letters, digits, '_', '-' and '.'."]})");
  }
  Group& group = add_group(call.world, name, path, parent_id);
  group.visibility = visibility;
  group.description = in.text("description");
  group.roster.members[call.user()->id] = {.user_id = call.user()->id,
                                           .access_level = level::owner,
                                           .created_by = call.user()->id,
                                           .created_at = call.now(),
                                           .expires_on = ""};
  return json_reply(201, group_json(call.world, group));
}

Result<Group*> find_owned(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments.at(0)));
  if (level_in(call.world, *group, call.user()) < level::owner) return forbidden();
  return group;
}

Result<Reply> edit_group(Call& call) {
  FAIRLEAD_TRY(Group * group, find_owned(call));
  std::string const visibility =
      call.in.word("visibility", group->visibility, {"private", "internal", "public"});
  FAIRLEAD_CHECK(call.in.check());
  if (call.in.filled("name")) group->name = call.in.text("name");
  if (call.in.given("description")) group->description = call.in.text("description");
  group->visibility = visibility;
  return json_reply(200, group_json(call.world, *group));
}

Result<Reply> delete_group(Call& call) {
  FAIRLEAD_TRY(Group * group, find_owned(call));
  group->marked_for_deletion_on = format_date(call.now() + std::chrono::days(7));
  return json_reply(202, Json::object({{"message", "202 Accepted"}}));
}

}  // namespace

Json group_json(World& world, Group const& group) {
  Json json = Json::object({{"id", group.id},
                            {"web_url", world.web_url("groups/" + group.full_path)},
                            {"name", group.name},
                            {"path", group.path},
                            {"description", group.description},
                            {"visibility", group.visibility},
                            {"share_with_group_lock", false},
                            {"require_two_factor_authentication", false},
                            {"two_factor_grace_period", 48},
                            {"project_creation_level", "developer"},
                            {"auto_devops_enabled", Json()},
                            {"subgroup_creation_level", "maintainer"},
                            {"emails_disabled", false},
                            {"emails_enabled", true},
                            {"mentions_disabled", Json()},
                            {"lfs_enabled", true},
                            {"math_rendering_limits_enabled", true},
                            {"lock_math_rendering_limits_enabled", false},
                            {"default_branch", Json()},
                            {"default_branch_protection", 2}});
  json.set(
      "default_branch_protection_defaults",
      Json::object({{"allowed_to_push", Json::array({Json::object({{"access_level", 40}})})},
                    {"allow_force_push", false},
                    {"allowed_to_merge", Json::array({Json::object({{"access_level", 40}})})}}));
  json.set("avatar_url", Json());
  json.set("request_access_enabled", true);
  json.set("full_name", group.full_name);
  json.set("full_path", group.full_path);
  json.set("created_at", format_time(group.created_at));
  json.set("parent_id", group.parent_id == 0 ? Json() : Json(group.parent_id));
  json.set("organization_id", 1);
  json.set("shared_runners_setting", "enabled");
  json.set("max_artifacts_size", Json());
  json.set("marked_for_deletion_on", text_or_null(group.marked_for_deletion_on));
  return json;
}

Group& add_group(World& world, std::string name, std::string path, Number parent_id) {
  Number const id = world.next_id("namespace");
  Group& group = world.state.groups[id];
  group.id = id;
  group.parent_id = parent_id;
  group.name = std::move(name);
  group.path = std::move(path);
  Group const* parent = parent_id == 0 ? nullptr : world.group(parent_id);
  group.full_path = parent == nullptr ? group.path : parent->full_path + "/" + group.path;
  group.full_name = parent == nullptr ? group.name : parent->full_name + " / " + group.name;
  group.created_at = world.now();
  world.state.group_paths[to_lower_ascii(group.full_path)] = id;
  return group;
}

ApiRoutes group_routes() {
  using enum net::Method;
  return {{get, "groups", list_groups, Need::nothing},
          {post, "groups", create_group, Need::signed_in},
          {get, "groups/:id", get_group, Need::nothing},
          {put, "groups/:id", edit_group, Need::signed_in},
          {delete_, "groups/:id", delete_group, Need::signed_in},
          {get, "groups/:id/subgroups", list_subgroups, Need::nothing},
          {get, "groups/:id/descendant_groups", list_descendants, Need::nothing}};
}

}  // namespace fairlead::sandbox
