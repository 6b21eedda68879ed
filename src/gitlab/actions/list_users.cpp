// Lists users of the instance. Some filters are GitLab's administrators' only and silently ignored
// for others: this action notices and says so instead of handing on a list that was not filtered.
// Source: https://docs.gitlab.com/api/users/#list-users (checked on 19.5).
#include "action/define.h"
#include "gitlab/actions.h"
#include "gitlab/user.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  std::optional<std::string> search;
  std::optional<std::string> username;
  std::optional<bool> active;
  std::optional<bool> blocked;
  std::optional<bool> external;
  std::optional<bool> without_project_bots;
  std::optional<schema::DateTime> created_after;
  std::optional<schema::DateTime> created_before;
  std::optional<std::int64_t> limit;
  bool all{false};

  static constexpr auto fields() {
    return std::tuple{
        field(
            "search", &Input::search,
            {.label = "Search",
             .help = "In name, user name and public e-mail. A private e-mail is found by its whole "
                     "address; by a part of it only with an administrator's token.",
             .example = "alice"}),
        field("username", &Input::username,
              {.label = "User name",
               .help = "Exactly this one, without @; letter case does not matter.",
               .example = "alice",
               .min_length = 1}),
        field("active", &Input::active,
              {.label = "Active", .help = "Only users who may sign in.", .example = "true"}),
        field("blocked", &Input::blocked,
              {.label = "Blocked", .help = "Only blocked users.", .example = "true"}),
        field("external", &Input::external,
              {.label = "External", .help = "Only external users.", .example = "true"}),
        field("without_project_bots", &Input::without_project_bots,
              {.label = "Without bots",
               .help = "Leaves out the users that project and group tokens bring along.",
               .example = "true"}),
        field("created_after", &Input::created_after,
              {.label = "Created after",
               .help = "A time or date. Needs an administrator's token.",
               .example = "2026-11-01",
               .advanced = true}),
        field("created_before", &Input::created_before,
              {.label = "Created before",
               .help = "A time or date. Needs an administrator's token.",
               .example = "2026-11-30",
               .advanced = true}),
        action::limit_field(&Input::limit),
        action::all_field(&Input::all)};
  }
};

action::Request request(Input const& in) {
  return action::get("/users")
      .query("search", in.search)
      .query("username", in.username)
      .query("active", in.active)
      .query("blocked", in.blocked)
      .query("external", in.external)
      .query("without_project_bots", in.without_project_bots)
      .query("created_after", in.created_after)
      .query("created_before", in.created_before);
}

// Only administrators are shown when a user was created, and only for them GitLab filters by it.
Result<void> check_item(Input const& in, Json const& item) {
  if ((!in.created_after && !in.created_before) || item.contains("created_at")) return {};
  Error error = make_error(ErrorKind::denied, "GitLab ignored the filter by creation time");
  error.where = in.created_after ? "created_after" : "created_before";
  error.cause = "It works with an administrator's token only; others get an unfiltered list.";
  error.remedy =
      "Leave created_after and created_before out, or use a connection of an administrator.";
  return error;
}

Error explain(Input const&, Error error) {
  if (error.status != 403) return error;
  error.cause =
      "This GitLab restricts who may list its users, or the token lacks a scope "
      "(read_user is enough). The filters created_after, created_before and the search "
      "by part of a private e-mail need an administrator's token in any case.";
  error.remedy = "Ask an administrator of this GitLab, or list the members of a group instead.";
  return error;
}

}  // namespace

action::Action list_users() {
  return action::define<Input, action::Listing<User>>(
      {.name = "list-users",
       .title = "List users",
       .description = "Lists users of the GitLab instance. The e-mail address is shown to "
                      "administrators only.",
       .docs = "https://docs.gitlab.com/api/users/#list-users",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_user,
       .request = request,
       .explain = explain,
       .check_item = check_item});
}

}  // namespace fairlead::gitlab
