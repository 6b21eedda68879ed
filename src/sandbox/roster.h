// Members and invitations of a group or project, seen as one kind of place with the same rules.
//
// Source: doc/api/members.md, doc/api/invitations.md (19.5), services/members/*. Hold World::mutex.
#pragma once

#include <optional>
#include <string>

#include "sandbox/access.h"
#include "sandbox/call.h"

namespace fairlead::sandbox {

// A group or a project; exactly one is set.
struct Place {
  Group* group{nullptr};
  Project* project{nullptr};

  [[nodiscard]] Roster& roster() const {
    return group != nullptr ? group->roster : project->roster;
  }
};

// The place of argument 0, by the pattern's first word ("groups/..." or "projects/...").
Result<Place> find_place(Call& call);
Number level_in(World& world, Place const& place, User const* user);
Grant inherited_grant(World& world, Place const& place, Number user_id);
// Maintainer manages a project's members, only Owner a group's; else 403.
Result<void> check_manages(Call& call, Place const& place);

bool known_level(Number access_level);
// What is wrong with giving this user that level until then, in GitLab's words; empty if nothing.
struct Complaint {
  std::string field;
  std::string text;
};
std::optional<Complaint> complaint_about(World& world, Place const& place, Number user_id,
                                         Member const& wanted);

// The best valid membership of every user, inherited ones included, by user id.
std::map<Number, Member> all_members(World& world, Place const& place);

}  // namespace fairlead::sandbox
