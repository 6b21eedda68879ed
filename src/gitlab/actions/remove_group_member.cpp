// Removes a user from a group, or withdraws the invitation of an address.
// Source: https://docs.gitlab.com/api/group_members/ (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/removal.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  GroupRef group;
  UserRef user;
  std::optional<bool> skip_subresources;
  std::optional<bool> unassign_issuables;

  static constexpr auto fields() {
    return std::tuple{
        field("group", &Input::group,
              {.label = "Group", .help = "Id, full path or URL.", .example = "ops/infra"}),
        field("user", &Input::user,
              {.label = "User",
               .help = "Id, user name or e-mail; for an address that was only invited, the "
                       "invitation is withdrawn.",
               .example = "alice"}),
        field("skip_subresources", &Input::skip_subresources,
              {.label = "Only this group",
               .help = "Leave direct memberships in its subgroups and projects alone.",
               .example = "true",
               .advanced = true}),
        field("unassign_issuables", &Input::unassign_issuables,
              {.label = "Unassign",
               .help = "Also take the user off issues and merge requests there.",
               .example = "true",
               .advanced = true})};
  }
};

RemovalTerms terms(Input const& in) {
  return {.skip_subresources = in.skip_subresources, .unassign_issuables = in.unassign_issuables};
}

action::Request request(Input const& in) {
  return removal_request(members_of(in.group), in.user, terms(in));
}

Result<void> look_up(action::Lookup const& lookup, Input& in) {
  FAIRLEAD_CHECK(bind(lookup, in.group, "group"));
  return resolve_leaver(lookup, in.user);
}

Result<Removal> run(action::Context& context, Input const& in) {
  MembersOf const of = members_of(in.group);
  if (in.user.id > 0) return remove_member(context, of, in.user, terms(in));
  FAIRLEAD_TRY(auto const withdrawn, withdraw_invitation(context, of, in.user.text));
  if (withdrawn) return *withdrawn;
  Removal nobody{.result = "not_a_member"};
  nobody.warnings = {"GitLab shows neither a user nor an invitation with the address " +
                     in.user.text + "; a private address is found by administrators only."};
  return nobody;
}

}  // namespace

action::Action remove_group_member() {
  return action::define<Input, Removal>(
      {.name = "remove-group-member",
       .title = "Remove group member",
       .description =
           "Removes a user from a group; says so if access remains through a group above.",
       .docs = "https://docs.gitlab.com/api/group_members/",
       .effect = action::Effect::deletes,
       .scope = action::Scope::api,
       .role = action::Role::owner,
       .request = request,
       .resolve = look_up,
       .run = run});
}

}  // namespace fairlead::gitlab
