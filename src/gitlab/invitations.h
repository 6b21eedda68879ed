// Inviting several people at once: who needs what, the one request for all of them, and one result
// for each.
//
// GitLab's call says 201 even where it fails, changes the level of people who are members already,
// and names failures in a map by address or user name. So members and pending invitations are
// looked up first, and only who is neither is sent.
// Source: https://docs.gitlab.com/api/invitations/ (checked on 19.5). Blocking; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "action/define.h"
#include "gitlab/member.h"

namespace fairlead::gitlab {

struct InvitationResult {
  std::string address;
  std::string result;
  std::optional<std::int64_t> user_id;
  std::optional<std::int64_t> access_level;
  std::optional<std::string> message;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("address", &InvitationResult::address,
              {.label = "Address", .help = "The e-mail address or user as given."}),
        field("result", &InvitationResult::result,
              {.label = "Result",
               .help = "invited, added, kept, raised, set, already_invited, queued (waits for "
                       "approval), or failed."}),
        field("user_id", &InvitationResult::user_id,
              {.label = "User id", .help = "If GitLab shows a user with that address."}),
        field("access_level", &InvitationResult::access_level,
              {.label = "Access level", .help = "What the person has now."}),
        field("message", &InvitationResult::message,
              {.label = "Message", .help = "GitLab's words where it failed."})};
  }
};

struct Invitees {
  std::vector<std::string> emails;
  std::vector<UserRef> users;  // id 0: GitLab shows no such user
};

struct InvitationTerms {
  AccessLevel level;
  std::string expires_at;  // "": never
  std::optional<std::int64_t> member_role_id;
  IfMember if_member{IfMember::keep};
};

// The POST for these people.
action::Request invitation_request(MembersOf const& of, Invitees const& who,
                                   InvitationTerms const& terms);
// One result for each, in the order emails, users. Errors: those that concern the whole request,
// before anybody was invited.
Result<std::vector<InvitationResult>> invite(action::Api& api, MembersOf const& of,
                                             Invitees const& who, InvitationTerms const& terms);
// Results if all of them are members or invited at that level; nothing if somebody is not.
Result<std::optional<std::vector<InvitationResult>>> all_invited(action::Api& api,
                                                                 MembersOf const& of,
                                                                 Invitees const& who,
                                                                 InvitationTerms const& terms);

}  // namespace fairlead::gitlab
