// Members of projects and groups: one shape for both, and the rules for people who are members
// already.
//
// Levels are compared by compare() only: the ladder has words beside it. Blocking where it takes an
// Api; thread-safe.
// Source: https://docs.gitlab.com/api/project_members/, .../group_members/ (checked on 19.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "action/define.h"
#include "gitlab/access_level.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {

struct Member {
  std::int64_t id{0};
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> state;
  std::optional<std::int64_t> access_level;
  std::optional<std::string> expires_at;
  std::optional<std::string> created_at;
  std::optional<std::string> web_url;
  std::string result;
  std::optional<std::vector<std::string>> warnings;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{field("id", &Member::id, {.label = "User id"}),
                      field("username", &Member::username, {.label = "User name"}),
                      field("name", &Member::name, {.label = "Name"}),
                      field("state", &Member::state, {.label = "State"}),
                      field("access_level", &Member::access_level,
                            {.label = "Access level", .help = "A number: 30 is Developer."}),
                      field("expires_at", &Member::expires_at, {.label = "Expires"}),
                      field("created_at", &Member::created_at, {.label = "Member since"}),
                      field("web_url", &Member::web_url, {.label = "Profile"}),
                      field("result", &Member::result,
                            {.label = "Result",
                             .help = "added, kept, raised, set, inherited (has it through a "
                                     "group), or queued (waits for approval).",
                             .defaulted = true}),
                      field("warnings", &Member::warnings, {.label = "Warnings"}),
                      schema::rest(&Member::rest)};
  }
};

enum class IfMember { keep, raise, set, fail };
constexpr auto enum_names(IfMember) {
  using Name = schema::EnumName<IfMember>;
  return std::array{Name{IfMember::keep, "keep", "Keep the present level"},
                    Name{IfMember::raise, "raise", "Raise to the level, never lower"},
                    Name{IfMember::set, "set", "Set to the level"},
                    Name{IfMember::fail, "fail", "Fail"}};
}

// What to do with somebody who has `current` when `wanted` is asked for.
enum class Step { keep, change, fail, unclear };
Step next_step(IfMember policy, AccessLevel current, AccessLevel wanted);
// For Step::unclear: one of them is not a step of the ladder.
Error incomparable(AccessLevel current, AccessLevel wanted);

// Where members are: "/projects/12" or "/groups/ops%2Finfra".
struct MembersOf {
  std::string root;
  std::string words;  // "the project ops/incidents"
};
MembersOf members_of(ProjectRef const& project);
MembersOf members_of(GroupRef const& group);

enum class Membership { direct, with_inherited };
// Nothing if the user is no member. A missing project or group is an error.
Result<std::optional<Json>> find_member(action::Api& api, MembersOf const& of, std::int64_t user_id,
                                        Membership which);

// "404 Project Not Found" and "404 Group Not Found" are about where we looked; anything else about
// the member.
bool place_is_missing(Error const& error);
// GitLab refuses a level below what the user inherits from a group above.
bool refused_as_inherited(Error const& error);

}  // namespace fairlead::gitlab
