#include "gitlab/find_marked.h"

#include "action/request.h"
#include "gitlab/written_text.h"

namespace fairlead::gitlab {
namespace {

constexpr std::int64_t found_by_search_max = 20;
constexpr std::int64_t newest_page = 100;

// The first row that holds the marker and was written by the connection's user.
Result<std::optional<Json>> first_marked(action::Context& context, action::Request const& request,
                                         std::int64_t rows_max, std::string_view text_field,
                                         std::string const& marker) {
  FAIRLEAD_TRY(Json const me, context.api.account());
  std::optional<Json> found;
  auto const take = [&](Json row) -> Result<void> {
    bool const mine = row["author"]["id"] == me["id"];
    if (!found && mine && has_marker(row[text_field].as_string(), marker)) found = std::move(row);
    return {};
  };
  FAIRLEAD_CHECK(context.api.list(request, {.limit = rows_max}, take));
  return found;
}

}  // namespace

std::string shortly_before(Time time) { return format_time(time - clock_difference_max); }

Result<std::optional<Json>> find_marked_issue(action::Context& context, ProjectRef const& project,
                                              MarkedBy const& marked) {
  FAIRLEAD_TRY(Json const me, context.api.account());
  std::optional<std::string> since;
  if (marked.since) since = shortly_before(*marked.since);
  auto const listing = [&] {
    return action::get("/projects/{}/issues", project)
        .query("scope", "all")
        .query("author_id", me["id"])
        .query("created_after", since);
  };
  auto search = listing();
  search.query("search", marked.marker).query("in", "description");
  FAIRLEAD_TRY(auto found,
               first_marked(context, search, found_by_search_max, "description", marked.marker));
  if (found) return found;
  auto newest = listing();
  newest.query("order_by", "created_at").query("sort", "desc");
  return first_marked(context, newest, newest_page, "description", marked.marker);
}

Result<std::optional<Json>> find_marked_note(action::Context& context, ProjectRef const& project,
                                             IssueRef const& issue, std::string const& marker) {
  action::Request const request = action::get("/projects/{}/issues/{}/notes", project, issue)
                                      .query("order_by", "created_at")
                                      .query("sort", "desc");
  return first_marked(context, request, newest_page, "body", marker);
}

Error cannot_be_recognised(std::string const& what) {
  Error error;
  error.kind = ErrorKind::uncertain;
  error.details = Json::object({{"lookUp", "impossible"}});
  error.message =
      "Whether an earlier attempt made " + what + " cannot be told: it carried no mark.";
  error.remedy = "Look in GitLab. If it is there, skip this step; if not, run it again.";
  return error;
}

}  // namespace fairlead::gitlab
