#include "gitlab/removal.h"

#include "gitlab/users.h"
#include "net/url.h"

namespace fairlead::gitlab {

action::Request removal_request(MembersOf const& of, UserRef const& user,
                                RemovalTerms const& terms) {
  action::RequestBuilder out(net::Method::delete_, of.root + action::path("/members/{}", user));
  return out.query("skip_subresources", terms.skip_subresources)
      .query("unassign_issuables", terms.unassign_issuables);
}

action::Request withdrawal_request(MembersOf const& of, std::string const& email) {
  return {.method = net::Method::delete_, .path = of.root + action::path("/invitations/{}", email)};
}

Result<Removal> remove_member(action::Context& context, MembersOf const& of, UserRef const& user,
                              RemovalTerms const& terms) {
  Removal out{.result = "removed", .user_id = user.id};
  auto const response = context.api.send(removal_request(of, user, terms));
  bool const missing = !response.ok() && response.error().kind == ErrorKind::not_found;
  if (!response.ok() && !missing) return response.error();
  if (missing) out.result = "not_a_member";
  // Also tells a missing project or group from a missing member.
  FAIRLEAD_TRY(auto const still, find_member(context.api, of, user.id, Membership::with_inherited));
  if (!still) return out;
  AccessLevel const level{(*still)["access_level"].as_integer()};
  out.inherited_level = level.value;
  out.warnings = {"The user still has " + words_for(level) + " in " + of.words +
                  " through a group above it."};
  return out;
}

Result<std::optional<Removal>> withdraw_invitation(action::Context& context, MembersOf const& of,
                                                   std::string const& email) {
  auto response = context.api.send(withdrawal_request(of, email));
  if (response.ok()) return std::optional(Removal{.result = "invitation_withdrawn"});
  bool const none =
      response.error().kind == ErrorKind::not_found && !place_is_missing(response.error());
  if (none) return std::optional<Removal>();
  return std::move(response).error();
}

Result<void> resolve_leaver(action::Lookup const& lookup, UserRef& user) {
  auto done = resolve(lookup, user, "user");
  bool const maybe_invited =
      !done.ok() && done.error().kind == ErrorKind::not_found && user.is_email();
  return maybe_invited ? Result<void>() : done;
}

}  // namespace fairlead::gitlab
