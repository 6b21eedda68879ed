// Who may do what: effective roles through groups, and who sees which project, group and issue.
//
// A role in a group holds in its subgroups and their projects; the highest of all counts. Admins
// count as owners. Pure reads of World; hold its mutex.
#pragma once

#include <vector>

#include "sandbox/world.h"

namespace fairlead::sandbox {

// Where a membership comes from.
struct Grant {
  Member const* member{nullptr};
  Number group_id{0};  // 0: direct in the project
};

// The best grant of a user; member is nullptr if there is none. Expired memberships do not count.
Grant best_grant(World& world, Project const& project, Number user_id);
Grant best_grant(World& world, Group const& group, Number user_id);
// The best grant inherited from above (parents only).
Grant inherited_grant(World& world, Project const& project, Number user_id);
Grant inherited_grant(World& world, Group const& group, Number user_id);

// Level of the caller, 0 if none or nobody is signed in; admins and owners of a personal
// namespace: 50.
Number level_in(World& world, Project const& project, User const* user);
Number level_in(World& world, Group const& group, User const* user);

bool may_see(World& world, Project const& project, User const* user);
bool may_see(World& world, Group const& group, User const* user);
bool may_see(World& world, Project const& project, Issue const& issue, User const* user);

// The group itself and its parents, nearest first.
std::vector<Group*> group_chain(World& world, Number group_id);
bool expired(World& world, Member const& member);

}  // namespace fairlead::sandbox
