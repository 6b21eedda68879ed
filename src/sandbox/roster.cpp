#include "sandbox/roster.h"

#include <algorithm>
#include <array>

namespace fairlead::sandbox {
namespace {

constexpr std::array<Number, 8> levels{
    level::minimal,          level::guest,     level::planner,    level::reporter,
    level::security_manager, level::developer, level::maintainer, level::owner};

std::string_view name_of_level(Number access_level) {
  switch (access_level) {
    case level::minimal:
      return "Minimal Access";
    case level::guest:
      return "Guest";
    case level::planner:
      return "Planner";
    case level::reporter:
      return "Reporter";
    case level::security_manager:
      return "Security Manager";
    case level::developer:
      return "Developer";
    case level::maintainer:
      return "Maintainer";
    default:
      return "Owner";
  }
}

}  // namespace

bool known_level(Number access_level) {
  return std::find(levels.begin(), levels.end(), access_level) != levels.end();
}

Result<Place> find_place(Call& call) {
  Place place;
  if (call.pattern.starts_with("groups/")) {
    FAIRLEAD_TRY(place.group, find_group(call, call.arguments.at(0)));
  } else {
    FAIRLEAD_TRY(place.project, find_project(call, call.arguments.at(0)));
  }
  return place;
}

Number level_in(World& world, Place const& place, User const* user) {
  return place.group != nullptr ? level_in(world, *place.group, user)
                                : level_in(world, *place.project, user);
}

Grant inherited_grant(World& world, Place const& place, Number user_id) {
  return place.group != nullptr ? inherited_grant(world, *place.group, user_id)
                                : inherited_grant(world, *place.project, user_id);
}

Result<void> check_manages(Call& call, Place const& place) {
  if (call.user() == nullptr) return unauthorized();
  Number const needed = place.group != nullptr ? level::owner : level::maintainer;
  if (level_in(call.world, place, call.user()) < needed) return forbidden();
  return {};
}

std::optional<Complaint> complaint_about(World& world, Place const& place, Number user_id,
                                         Member const& wanted) {
  if (!known_level(wanted.access_level))
    return Complaint{"access_level", "is not included in the list"};
  if (!wanted.expires_on.empty() && wanted.expires_on < format_date(world.now())) {
    return Complaint{"expires_at", "cannot be a date in the past"};
  }
  Grant const above = inherited_grant(world, place, user_id);
  if (above.member != nullptr && wanted.access_level < above.member->access_level) {
    Group const* group = world.group(above.group_id);
    return Complaint{"access_level", "should be greater than or equal to " +
                                         std::string(name_of_level(above.member->access_level)) +
                                         " inherited membership from group " +
                                         (group == nullptr ? std::string() : group->name)};
  }
  return std::nullopt;
}

std::map<Number, Member> all_members(World& world, Place const& place) {
  std::map<Number, Member> members;
  auto const take = [&](Roster const& roster) {
    for (auto const& [id, member] : roster.members) {
      if (expired(world, member)) continue;
      auto const it = members.find(id);
      if (it == members.end() || it->second.access_level < member.access_level)
        members[id] = member;
    }
  };
  take(place.roster());
  Number const above =
      place.group != nullptr ? place.group->parent_id : place.project->namespace_id;
  for (Group const* group : group_chain(world, above))
    take(group->roster);
  return members;
}

}  // namespace fairlead::sandbox
