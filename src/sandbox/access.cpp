#include "sandbox/access.h"

#include <algorithm>

namespace fairlead::sandbox {
namespace {

void keep_better(World& world, Grant& best, Roster const& roster, Number user_id, Number group_id) {
  auto const it = roster.members.find(user_id);
  if (it == roster.members.end() || expired(world, it->second)) return;
  if (best.member == nullptr || it->second.access_level > best.member->access_level) {
    best = {.member = &it->second, .group_id = group_id};
  }
}

Grant grant_from_groups(World& world, Number group_id, Number user_id) {
  Grant best;
  for (Group* group : group_chain(world, group_id)) {
    keep_better(world, best, group->roster, user_id, group->id);
  }
  return best;
}

bool open_to(std::string const& visibility, User const* user) {
  if (visibility == "public") return true;
  return visibility == "internal" && user != nullptr && !user->external;
}

}  // namespace

bool expired(World& world, Member const& member) {
  return !member.expires_on.empty() && member.expires_on <= format_date(world.now());
}

std::vector<Group*> group_chain(World& world, Number group_id) {
  std::vector<Group*> chain;
  static constexpr std::size_t depth_max = 20;  // as GitLab limits nesting
  while (chain.size() < depth_max) {
    Group* group = world.group(group_id);
    if (group == nullptr) break;
    chain.push_back(group);
    group_id = group->parent_id;
  }
  return chain;
}

Grant inherited_grant(World& world, Project const& project, Number user_id) {
  return grant_from_groups(world, project.namespace_id, user_id);
}

Grant inherited_grant(World& world, Group const& group, Number user_id) {
  return grant_from_groups(world, group.parent_id, user_id);
}

Grant best_grant(World& world, Project const& project, Number user_id) {
  Grant best = inherited_grant(world, project, user_id);
  keep_better(world, best, project.roster, user_id, 0);
  return best;
}

Grant best_grant(World& world, Group const& group, Number user_id) {
  return grant_from_groups(world, group.id, user_id);
}

Number level_in(World& world, Project const& project, User const* user) {
  if (user == nullptr) return level::none;
  if (user->admin || user->namespace_id == project.namespace_id) return level::owner;
  Grant const grant = best_grant(world, project, user->id);
  return grant.member == nullptr ? level::none : grant.member->access_level;
}

Number level_in(World& world, Group const& group, User const* user) {
  if (user == nullptr) return level::none;
  if (user->admin) return level::owner;
  Grant const grant = best_grant(world, group, user->id);
  return grant.member == nullptr ? level::none : grant.member->access_level;
}

bool may_see(World& world, Project const& project, User const* user) {
  return open_to(project.visibility, user) || level_in(world, project, user) >= level::guest;
}

bool may_see(World& world, Group const& group, User const* user) {
  if (open_to(group.visibility, user) || level_in(world, group, user) >= level::guest) return true;
  // A member of anything below sees the group's name.
  if (user == nullptr) return false;
  return std::any_of(world.state.projects.begin(), world.state.projects.end(),
                     [&](auto const& entry) {
                       Project const& project = entry.second;
                       if (!project.roster.members.contains(user->id)) return false;
                       auto const chain = group_chain(world, project.namespace_id);
                       return std::any_of(chain.begin(), chain.end(),
                                          [&](Group* above) { return above->id == group.id; });
                     });
}

bool may_see(World& world, Project const& project, Issue const& issue, User const* user) {
  if (!issue.confidential) return true;
  if (user == nullptr) return false;
  if (level_in(world, project, user) >= level::planner || issue.author_id == user->id) return true;
  return std::find(issue.assignee_ids.begin(), issue.assignee_ids.end(), user->id) !=
         issue.assignee_ids.end();
}

}  // namespace fairlead::sandbox
