// Invites people to a group by e-mail address or user, with one result for each.
// Source: https://docs.gitlab.com/api/invitations/#add-a-member-to-a-group-or-project (checked on
// 19.5).
#include <algorithm>

#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/invitations.h"
#include "gitlab/users.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class IfInvited { keep, raise, set };
constexpr auto enum_names(IfInvited) {
  using Name = schema::EnumName<IfInvited>;
  return std::array{Name{IfInvited::keep, "keep", "Keep the present level"},
                    Name{IfInvited::raise, "raise", "Raise to the level, never lower"},
                    Name{IfInvited::set, "set", "Set to the level"}};
}

struct Input {
  GroupRef group;
  std::optional<std::vector<std::string>> emails;
  std::optional<std::vector<UserRef>> users;
  AccessLevel access_level;
  std::optional<schema::FutureDate> expires_at;
  std::optional<std::int64_t> member_role_id;
  IfInvited if_member{IfInvited::keep};

  static constexpr auto fields() {
    return std::tuple{
        field("group", &Input::group,
              {.label = "Group", .help = "Id, full path or URL.", .example = "ops/infra"}),
        field("emails", &Input::emails,
              {.label = "E-mail addresses",
               .help = "Somebody who has an account is added at once, others get an invitation.",
               .example = R"(["new.person@example.com"])",
               .min_items = 1,
               .max_items = 100}),
        field("users", &Input::users,
              {.label = "Users",
               .help = "Ids or user names.",
               .example = R"(["alice"])",
               .min_items = 1,
               .max_items = 100,
               .picker = "user"}),
        field("access_level", &Input::access_level,
              {.label = "Access level",
               .help = "Guest 10, Planner 15, Reporter 20, Developer 30, Maintainer 40, Owner 50, "
                       "or what the server offers.",
               .example = "developer"}),
        field("expires_at", &Input::expires_at,
              {.label = "Expires",
               .help = "A date, or a span such as \"in 90 days\".",
               .example = "in 90 days"}),
        field("member_role_id", &Input::member_role_id,
              {.label = "Custom role id",
               .help = "Ultimate: a custom role on top of the level.",
               .example = "12",
               .minimum = 1,
               .advanced = true}),
        field("if_member", &Input::if_member,
              {.label = "If already a member",
               .help = "What to do with the present level.",
               .example = "raise",
               .defaulted = true})};
  }
};

struct Output {
  std::vector<InvitationResult> results;
  std::int64_t succeeded{0};
  std::int64_t failed{0};

  static constexpr auto fields() {
    return std::tuple{field("results", &Output::results,
                            {.label = "Results", .help = "One for each address and user."}),
                      field("succeeded", &Output::succeeded, {.label = "Succeeded"}),
                      field("failed", &Output::failed, {.label = "Failed"})};
  }
};

Result<void> check(Input const& in) {
  if (!in.emails && !in.users) {
    auto error = invalid_input("emails", "is missing");
    error.remedy = "Give emails, users or both.";
    return error;
  }
  std::vector<std::string> seen;
  auto const emails = in.emails.value_or(std::vector<std::string>());
  for (std::size_t i = 0; i < emails.size(); ++i) {
    std::string const where = "emails[" + std::to_string(i) + "]";
    if (!schema::is_email(emails[i]) || emails[i].find(',') != std::string::npos)
      return invalid_input(where, "must be an e-mail address");
    auto lower = to_lower_ascii(emails[i]);
    if (std::find(seen.begin(), seen.end(), lower) != seen.end())
      return invalid_input(where, "is there twice: " + emails[i]);
    seen.push_back(std::move(lower));
  }
  return {};
}

Result<void> look_up(action::Lookup const& lookup, Input& in) {
  FAIRLEAD_CHECK(bind(lookup, in.group, "group"));
  if (!in.users) return {};
  for (UserRef& user : *in.users) {
    auto const found = resolve(lookup, user, "users");
    // Who does not exist gets a result of his own.
    if (!found.ok() && found.error().kind != ErrorKind::not_found) return found.error();
  }
  return {};
}

Invitees invitees(Input const& in) {
  return {.emails = in.emails.value_or(std::vector<std::string>()),
          .users = in.users.value_or(std::vector<UserRef>())};
}

IfMember policy(IfInvited choice) {
  switch (choice) {
    case IfInvited::raise:
      return IfMember::raise;
    case IfInvited::set:
      return IfMember::set;
    case IfInvited::keep:
      break;
  }
  return IfMember::keep;
}

InvitationTerms terms(Input const& in, Clock const* clock) {
  return {.level = in.access_level,
          .expires_at = in.expires_at ? in.expires_at->text(clock) : "",
          .member_role_id = in.member_role_id,
          .if_member = policy(in.if_member)};
}

Output output_of(std::vector<InvitationResult> results) {
  Output out;
  for (auto const& one : results)
    ++(one.result == "failed" ? out.failed : out.succeeded);
  out.results = std::move(results);
  return out;
}

Error all_failed(Input const& in, Output const& out) {
  std::vector<std::string> words;
  for (auto const& one : out.results)
    words.push_back(one.address + ": " + one.message.value_or("no reason given"));
  auto error = make_error(ErrorKind::conflict, "Nobody was invited to the group " + in.group.text +
                                                   ". " + join(words, "; "));
  error.remedy = "Correct what GitLab names and run it again.";
  error.details = Json::object({{"results", schema::encode(out.results)}});
  return error;
}

Result<Output> run(action::Context& context, Input const& in) {
  FAIRLEAD_TRY(auto results,
               invite(context.api, members_of(in.group), invitees(in), terms(in, &context.clock)));
  Output out = output_of(std::move(results));
  if (out.succeeded == 0) return all_failed(in, out);
  return out;
}

Result<std::optional<Output>> find_existing(action::Context& context, Input const& in) {
  FAIRLEAD_TRY(auto results, all_invited(context.api, members_of(in.group), invitees(in),
                                         terms(in, &context.clock)));
  if (!results) return std::optional<Output>();
  return std::optional(output_of(std::move(*results)));
}

}  // namespace

action::Action invite_group_member() {
  return action::define<Input, Output>(
      {.name = "invite-group-member",
       .title = "Invite group member",
       .description =
           "Invites people to a group by e-mail address or user name, with one result for each.",
       .docs = "https://docs.gitlab.com/api/invitations/#add-a-member-to-a-group-or-project",
       .effect = action::creates<Input, Output>(find_existing),
       .scope = action::Scope::api,
       .role = action::Role::owner,
       .request =
           [](Input const& in) {
             return invitation_request(members_of(in.group), invitees(in), terms(in, nullptr));
           },
       .check = check,
       .resolve = look_up,
       .run = run});
}

}  // namespace fairlead::gitlab
