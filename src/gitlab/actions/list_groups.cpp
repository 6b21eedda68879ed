// Lists the groups that the connection's user may see, or all groups below one.
// Source: https://docs.gitlab.com/api/groups/#list-groups and #list-descendant-groups (checked on
// 19.5).
#include "gitlab/access_level.h"
#include "gitlab/actions.h"
#include "gitlab/group.h"
#include "gitlab/refs.h"
#include "gitlab/words.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class OrderBy { name, path, id, similarity };
constexpr auto enum_names(OrderBy) {
  using enum OrderBy;
  using Name = schema::EnumName<OrderBy>;
  return std::array{Name{name, "name"}, Name{path, "path"}, Name{id, "id"},
                    Name{similarity, "similarity"}};
}

struct Input {
  std::optional<std::string> search;
  std::optional<bool> top_level_only;
  std::optional<AccessLevel> min_access_level;
  std::optional<bool> owned;
  std::optional<GroupRef> parent;
  std::optional<OrderBy> order_by;
  std::optional<Sort> sort;
  std::optional<std::int64_t> limit;
  bool all{false};

  static constexpr auto fields() {
    return std::tuple{
        field("search", &Input::search,
              {.label = "Search", .help = "In name and path.", .example = "ops"}),
        field("top_level_only", &Input::top_level_only,
              {.label = "Top level only",
               .help = "No subgroups; not together with a parent.",
               .example = "true"}),
        field("min_access_level", &Input::min_access_level,
              {.label = "At least the role",
               .help = "Only groups in which you have this role or a higher one. Left out: all "
                       "you may see, public ones included.",
               .example = "developer"}),
        field("owned", &Input::owned,
              {.label = "Owned", .help = "Only groups you own.", .example = "true"}),
        field("parent", &Input::parent,
              {.label = "Below",
               .help = "Id, full path or URL: all groups below this one, on every level.",
               .example = "ops"}),
        field("order_by", &Input::order_by,
              {.label = "Order by",
               .help = "By name if left out. similarity needs a search.",
               .example = "path",
               .advanced = true}),
        field("sort", &Input::sort,
              {.label = "Direction",
               .help = "Rising if left out.",
               .example = "desc",
               .advanced = true}),
        action::limit_field(&Input::limit),
        action::all_field(&Input::all)};
  }
};

Result<void> check(Input const& in) {
  if (in.parent && in.top_level_only.value_or(false)) {
    return invalid_input("top_level_only", "and parent exclude each other: give one of them");
  }
  if (in.order_by == OrderBy::similarity && !in.search) {
    return invalid_input("order_by", "similarity needs a search to be similar to");
  }
  return {};
}

action::Request request(Input const& in) {
  auto out =
      in.parent ? action::get("/groups/{}/descendant_groups", *in.parent) : action::get("/groups");
  return out.query("search", in.search)
      .query("top_level_only", in.top_level_only)
      .query("min_access_level", in.min_access_level)
      .query("owned", in.owned)
      .query("order_by", in.order_by)
      .query("sort", in.sort);
}

}  // namespace

action::Action list_groups() {
  return action::define<Input, action::Listing<Group>>(
      {.name = "list-groups",
       .title = "List groups",
       .description = "Lists the groups you may see, or all groups below one.",
       .docs = "https://docs.gitlab.com/api/groups/#list-groups",
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .request = request,
       .check = check,
       .resolve = [](action::Lookup const& lookup, Input& in) -> Result<void> {
         if (in.parent) return bind(lookup, *in.parent, "parent");
         return {};
       }});
}

}  // namespace fairlead::gitlab
