// Lists projects: those the connection's user is a member of, those of a group, or all that may be
// seen.
// Source: https://docs.gitlab.com/api/projects/#list-all-projects and
// https://docs.gitlab.com/api/groups/#list-projects (checked on 19.5).
#include "gitlab/access_level.h"
#include "gitlab/actions.h"
#include "gitlab/project.h"
#include "gitlab/refs.h"
#include "gitlab/words.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class OrderBy { id, name, path, created_at, updated_at, last_activity_at, similarity, stars };
constexpr auto enum_names(OrderBy) {
  using enum OrderBy;
  using Name = schema::EnumName<OrderBy>;
  return std::array{Name{id, "id"},
                    Name{name, "name"},
                    Name{path, "path"},
                    Name{created_at, "created_at"},
                    Name{updated_at, "updated_at"},
                    Name{last_activity_at, "last_activity_at"},
                    Name{similarity, "similarity"},
                    Name{stars, "star_count"}};
}

struct Input {
  std::optional<std::string> search;
  std::optional<GroupRef> group;
  std::optional<bool> include_subgroups;
  std::optional<bool> membership;
  std::optional<bool> owned;
  std::optional<bool> archived;
  std::optional<Visibility> visibility;
  std::optional<AccessLevel> min_access_level;
  std::optional<std::vector<std::string>> topic;
  std::optional<schema::DateTime> last_activity_after;
  std::optional<OrderBy> order_by;
  std::optional<Sort> sort;
  std::optional<bool> simple;
  std::optional<std::int64_t> limit;
  bool all{false};

  static constexpr auto fields() {
    return std::tuple{
        field("search", &Input::search,
              {.label = "Search",
               .help = "In name, path and description; parts of words from 3 characters on.",
               .example = "api"}),
        field("group", &Input::group,
              {.label = "Group",
               .help = "Id, full path or URL: only projects of this group.",
               .example = "ops"}),
        field("include_subgroups", &Input::include_subgroups,
              {.label = "Include subgroups",
               .help = "Also projects of the groups below; only with a group.",
               .example = "true"}),
        field("membership", &Input::membership,
              {.label = "Membership",
               .help = "Only projects you are a member of. True if left out (without a group): "
                       "false lists every public project of the instance, millions on GitLab.com.",
               .example = "true"}),
        field("owned", &Input::owned,
              {.label = "Owned", .help = "Only projects you own.", .example = "true"}),
        field("archived", &Input::archived,
              {.label = "Archived",
               .help = "Only archived or only live projects; both if left out.",
               .example = "false"}),
        field("visibility", &Input::visibility,
              {.label = "Visibility", .help = "All if left out.", .example = "private"}),
        field("min_access_level", &Input::min_access_level,
              {.label = "At least the role",
               .help = "Only projects in which you have this role or a higher one.",
               .example = "developer"}),
        field("topic", &Input::topic,
              {.label = "Topics",
               .help = "A project must have all of them; not together with a group.",
               .example = R"(["terraform"])",
               .advanced = true}),
        field("last_activity_after", &Input::last_activity_after,
              {.label = "Active since",
               .help = "A time or date; not together with a group.",
               .example = "2026-11-01",
               .advanced = true}),
        field("order_by", &Input::order_by,
              {.label = "Order by",
               .help = "By creation if left out. similarity needs a search.",
               .example = "last_activity_at",
               .advanced = true}),
        field("sort", &Input::sort,
              {.label = "Direction",
               .help = "Falling (newest first) if left out.",
               .example = "asc",
               .advanced = true}),
        field("simple", &Input::simple,
              {.label = "Short form",
               .help = "Only the main fields of each project: faster.",
               .example = "true",
               .advanced = true}),
        action::limit_field(&Input::limit),
        action::all_field(&Input::all)};
  }
};

Error only_without_group(char const* name) {
  Error error = invalid_input(name, "cannot be used together with group");
  error.cause = "GitLab's list of a group's projects has no such filter and would ignore it.";
  return error;
}

Result<void> check(Input const& in) {
  if (in.group && in.membership) return only_without_group("membership");
  if (in.group && in.topic) return only_without_group("topic");
  if (in.group && in.last_activity_after) return only_without_group("last_activity_after");
  if (!in.group && in.include_subgroups) {
    return invalid_input("include_subgroups", "needs a group");
  }
  if (in.order_by == OrderBy::similarity && !in.search) {
    return invalid_input("order_by", "similarity needs a search to be similar to");
  }
  return {};
}

action::Request request(Input const& in) {
  auto out = in.group ? action::get("/groups/{}/projects", *in.group) : action::get("/projects");
  if (in.group) {
    out.query("include_subgroups", in.include_subgroups);
  } else {
    out.query("membership", in.membership.value_or(true));
  }
  return out.query("search", in.search)
      .query("owned", in.owned)
      .query("archived", in.archived)
      .query("visibility", in.visibility)
      .query("min_access_level", in.min_access_level)
      .query_list("topic", in.topic)
      .query("last_activity_after", in.last_activity_after)
      .query("order_by", in.order_by)
      .query("sort", in.sort)
      .query("simple", in.simple);
}

}  // namespace

action::Action list_projects() {
  return action::define<Input, action::Listing<Project>>(
      {.name = "list-projects",
       .title = "List projects",
       .description =
           "Lists the projects you are a member of, those of a group, or all you may see.",
       .docs = "https://docs.gitlab.com/api/projects/#list-all-projects",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .request = request,
       .check = check,
       .resolve = [](action::Lookup const& lookup, Input& in) -> Result<void> {
         if (in.group) return bind(lookup, *in.group, "group");
         return {};
       }});
}

}  // namespace fairlead::gitlab
