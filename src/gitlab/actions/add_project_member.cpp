// Adds a user to a project, or brings a member's level to where it should be.
// Source: https://docs.gitlab.com/api/project_members/#add-a-member-to-a-project (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/member.h"
#include "gitlab/users.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  ProjectRef project;
  UserRef user;
  AccessLevel access_level;
  std::optional<schema::FutureDate> expires_at;
  std::optional<std::int64_t> member_role_id;
  IfMember if_member{IfMember::keep};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project", .help = "Id, full path or URL.", .example = "ops/incidents"}),
        field("user", &Input::user,
              {.label = "User", .help = "Id, user name or e-mail.", .example = "alice"}),
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

Result<void> look_up(action::Lookup const& lookup, Input& in) {
  FAIRLEAD_CHECK(bind(lookup, in.project, "project"));
  FAIRLEAD_CHECK(resolve(lookup, in.user, "user"));
  bool const span = in.expires_at && !in.expires_at->date;
  if (span && lookup.clock != nullptr)
    in.expires_at->date = schema::parse_date(in.expires_at->text(lookup.clock));
  return {};
}

void add_terms(action::RequestBuilder& request, Input const& in) {
  request.body("access_level", in.access_level);
  if (in.expires_at) request.body("expires_at", in.expires_at->text(nullptr));
  request.body("member_role_id", in.member_role_id);
}

action::Request request(Input const& in) {
  auto out = action::post("/projects/{}/members", in.project);
  out.body("user_id", in.user);
  add_terms(out, in);
  return out;
}

action::Request change_request(Input const& in) {
  auto out = action::put("/projects/{}/members/{}", in.project, in.user);
  add_terms(out, in);
  return out;
}

// With an approval of seats the user waits in a queue; then, and for lists, GitLab answers 201
// {"status": ...}.
Result<Member> read(Input const& in, Json const& answer, char const* result) {
  if (answer["status"].as_string() == "error") {
    auto const words =
        answer["message"].is_string() ? answer["message"].as_string() : answer["message"].dump();
    auto error = make_error(ErrorKind::conflict, "GitLab answered success, but did not add " +
                                                     in.user.text + ": " + words);
    error.remedy = "Correct what GitLab names and run it again.";
    return error;
  }
  if (answer["access_level"].is_integer()) {
    FAIRLEAD_TRY(Member member, schema::decode_answer<Member>(answer));
    member.result = result;
    return member;
  }
  Member queued{.id = in.user.id, .result = "queued", .rest = answer};
  queued.warnings = {
      "GitLab took the request but has not added the user yet: an administrator must approve the "
      "seat."};
  return queued;
}

Result<Member> keep(Input const& in, Json const& present, char const* result) {
  FAIRLEAD_TRY(Member member, read(in, present, result));
  AccessLevel const has{present["access_level"].as_integer()};
  if (!(has == in.access_level)) {
    member.warnings = {"The user has " + words_for(has) + ", not " + words_for(in.access_level) +
                       "."};
  }
  return member;
}

Error already_member(Input const& in, AccessLevel has) {
  auto error = make_error(ErrorKind::conflict, in.user.text + " is already a member of " +
                                                   in.project.text + " as " + words_for(has) + ".");
  error.status = 409;
  error.remedy = "Choose if_member = keep, raise or set.";
  return error;
}

Result<Member> member_already(action::Context& context, Input const& in, Error refusal) {
  FAIRLEAD_TRY(auto const present,
               find_member(context.api, members_of(in.project), in.user.id, Membership::direct));
  if (!present) return refusal;
  AccessLevel const has{(*present)["access_level"].as_integer()};
  switch (next_step(in.if_member, has, in.access_level)) {
    case Step::keep:
      return keep(in, *present, "kept");
    case Step::fail:
      return already_member(in, has);
    case Step::unclear:
      return incomparable(has, in.access_level);
    case Step::change:
      break;
  }
  FAIRLEAD_TRY(auto const response, context.api.send(change_request(in)));
  return read(in, response.body, in.if_member == IfMember::raise ? "raised" : "set");
}

// The user has more through a group above; a direct membership may not be lower.
Result<Member> has_more(action::Context& context, Input const& in, Error refusal) {
  refusal.kind = ErrorKind::conflict;
  refusal.where = "access_level";
  refusal.cause =
      "The user has a higher level through a group above the project, and a direct membership may "
      "not be lower.";
  refusal.remedy = "Nothing is needed if that level is fine; else change it in the group.";
  if (in.if_member != IfMember::keep && in.if_member != IfMember::raise) return refusal;
  FAIRLEAD_TRY(auto const present, find_member(context.api, members_of(in.project), in.user.id,
                                               Membership::with_inherited));
  if (!present) return refusal;
  return keep(in, *present, "inherited");
}

Result<Member> run(action::Context& context, Input const& in) {
  auto response = context.api.send(request(in));
  if (response.ok()) return read(in, response->body, "added");
  Error& error = response.error();
  if (error.status == 409) return member_already(context, in, std::move(error));
  if (refused_as_inherited(error)) return has_more(context, in, std::move(error));
  return std::move(error);
}

// A direct membership at that level is what we wanted, whoever made it.
Result<std::optional<Member>> find_existing(action::Context& context, Input const& in) {
  FAIRLEAD_TRY(auto const present,
               find_member(context.api, members_of(in.project), in.user.id, Membership::direct));
  if (!present || (*present)["access_level"].as_integer() != in.access_level.value)
    return std::optional<Member>();
  FAIRLEAD_TRY(Member member, read(in, *present, "added"));
  return std::optional<Member>(std::move(member));
}

}  // namespace

action::Action add_project_member() {
  return action::define<Input, Member>(
      {.name = "add-project-member",
       .title = "Add project member",
       .description = "Adds a user to a project with an access level, and an expiry if wanted.",
       .docs = "https://docs.gitlab.com/api/project_members/#add-a-member-to-a-project",
       .effect = action::creates<Input, Member>(find_existing),
       .scope = action::Scope::api,
       .role = action::Role::maintainer,
       .request = request,
       .resolve = look_up,
       .run = run});
}

}  // namespace fairlead::gitlab
