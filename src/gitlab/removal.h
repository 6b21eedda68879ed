// Removing people from projects and groups: what both actions share.
//
// Being no member is a success, since that is what was wanted. What remains through a group above
// is said, because a leaver who keeps access that way has not left. Blocking; thread-safe.
// Source: https://docs.gitlab.com/api/group_members/#remove-a-member-from-a-group-or-project
// (checked on 19.5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "action/define.h"
#include "gitlab/member.h"

namespace fairlead::gitlab {

struct Removal {
  std::string result;
  std::optional<std::int64_t> user_id;
  std::optional<std::int64_t> inherited_level;
  std::optional<std::vector<std::string>> warnings;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("result", &Removal::result,
              {.label = "Result", .help = "removed, not_a_member, or invitation_withdrawn."}),
        field("user_id", &Removal::user_id, {.label = "User id"}),
        field(
            "inherited_level", &Removal::inherited_level,
            {.label = "Inherited level", .help = "What the user still has through a group above."}),
        field("warnings", &Removal::warnings, {.label = "Warnings"})};
  }
};

struct RemovalTerms {
  std::optional<bool> skip_subresources;
  std::optional<bool> unassign_issuables;
};

action::Request removal_request(MembersOf const& of, UserRef const& user,
                                RemovalTerms const& terms);
Result<Removal> remove_member(action::Context& context, MembersOf const& of, UserRef const& user,
                              RemovalTerms const& terms);

// Withdraws what was sent to an address. Nothing: there was no invitation.
action::Request withdrawal_request(MembersOf const& of, std::string const& email);
Result<std::optional<Removal>> withdraw_invitation(action::Context& context, MembersOf const& of,
                                                   std::string const& email);

// For an address that no visible user has, the id stays open: it may have an invitation.
Result<void> resolve_leaver(action::Lookup const& lookup, UserRef& user);

}  // namespace fairlead::gitlab
