// Lists the issues of a project, a group, or all that the connection's user may see.
// Source: https://docs.gitlab.com/api/issues/#list-issues (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/issue.h"
#include "gitlab/users.h"
#include "gitlab/words.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using action::Effect;
using schema::DateTime;
using schema::EnumName;
using schema::field;

enum class State { opened, closed, all };
constexpr auto enum_names(State) {
  return std::array{EnumName<State>{State::opened, "opened", "Open"},
                    EnumName<State>{State::closed, "closed", "Closed"},
                    EnumName<State>{State::all, "all", "Open and closed"}};
}

enum class OrderBy {
  created_at,
  updated_at,
  due_date,
  label_priority,
  milestone_due,
  popularity,
  priority,
  relative_position,
  title,
  weight
};
constexpr auto enum_names(OrderBy) {
  using enum OrderBy;
  using Name = EnumName<OrderBy>;
  return std::array{Name{created_at, "created_at"},
                    Name{updated_at, "updated_at"},
                    Name{due_date, "due_date"},
                    Name{label_priority, "label_priority"},
                    Name{milestone_due, "milestone_due"},
                    Name{popularity, "popularity"},
                    Name{priority, "priority"},
                    Name{relative_position, "relative_position"},
                    Name{title, "title"},
                    Name{weight, "weight"}};
}

enum class DueDate { none, any, today, tomorrow, overdue, week, month, next_month };
constexpr auto enum_names(DueDate) {
  using Name = EnumName<DueDate>;
  return std::array{Name{DueDate::none, "0", "None"},
                    Name{DueDate::any, "any", "Any"},
                    Name{DueDate::today, "today", "Today"},
                    Name{DueDate::tomorrow, "tomorrow", "Tomorrow"},
                    Name{DueDate::overdue, "overdue", "Overdue"},
                    Name{DueDate::week, "week", "This week"},
                    Name{DueDate::month, "month", "This month"},
                    Name{DueDate::next_month, "next_month_and_previous_two_weeks",
                         "Next month and the last two weeks"}};
}

struct Input {
  std::optional<ProjectRef> project;
  std::optional<GroupRef> group;
  std::optional<State> state;
  std::optional<std::vector<std::string>> labels;
  std::optional<std::vector<std::string>> not_labels;
  std::optional<std::string> milestone;
  std::optional<UserRef> assignee;
  std::optional<UserRef> author;
  std::optional<std::string> search;
  std::optional<std::vector<std::int64_t>> iids;
  std::optional<bool> confidential;
  std::optional<IssueType> issue_type;
  std::optional<DateTime> created_after;
  std::optional<DateTime> created_before;
  std::optional<DateTime> updated_after;
  std::optional<DateTime> updated_before;
  std::optional<DueDate> due_date;
  std::optional<OrderBy> order_by;
  std::optional<Sort> sort;
  std::optional<std::int64_t> limit;
  bool all{false};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project",
               .help =
                   "Id, full path or URL. With neither project nor group: all issues you may see.",
               .example = "ops/incidents"}),
        field("group", &Input::group,
              {.label = "Group",
               .help = "Id, full path or URL; its projects and subgroups are included.",
               .example = "ops"}),
        field("state", &Input::state,
              {.label = "State", .help = "Both if left out.", .example = "opened"}),
        field("labels", &Input::labels,
              {.label = "Labels",
               .help = "An issue must have all of them. None and Any are special words.",
               .example = R"(["incident"])",
               .picker = "label"}),
        field("not_labels", &Input::not_labels,
              {.label = "Without labels",
               .help = "An issue may have none of them.",
               .example = R"(["duplicate"])",
               .picker = "label"}),
        field("milestone", &Input::milestone,
              {.label = "Milestone",
               .help = "A title, or None, Any, Upcoming, Started.",
               .example = "Any",
               .picker = "milestone"}),
        field("assignee", &Input::assignee,
              {.label = "Assignee",
               .help = "Id, user name or e-mail, or None, Any.",
               .example = "alice"}),
        field("author", &Input::author,
              {.label = "Author", .help = "Id, user name or e-mail.", .example = "alice"}),
        field("search", &Input::search,
              {.label = "Search", .help = "In title and description.", .example = "disk full"}),
        field("iids", &Input::iids,
              {.label = "Issue numbers",
               .help = "Only these.",
               .example = "[42, 43]",
               .max_items = 100}),
        field("confidential", &Input::confidential,
              {.label = "Confidential",
               .help = "Only confidential or only public issues.",
               .example = "true"}),
        field("issue_type", &Input::issue_type,
              {.label = "Type", .help = "All types if left out.", .example = "incident"}),
        field("created_after", &Input::created_after,
              {.label = "Created after",
               .help = "A time or date.",
               .example = "2026-11-01",
               .advanced = true}),
        field("created_before", &Input::created_before,
              {.label = "Created before",
               .help = "A time or date.",
               .example = "2026-11-30",
               .advanced = true}),
        field("updated_after", &Input::updated_after,
              {.label = "Updated after",
               .help = "A time or date.",
               .example = "2026-11-01T08:00:00Z",
               .advanced = true}),
        field("updated_before", &Input::updated_before,
              {.label = "Updated before",
               .help = "A time or date.",
               .example = "2026-11-30",
               .advanced = true}),
        field("due_date", &Input::due_date,
              {.label = "Due date",
               .help = "By when it is due; 0 means no due date.",
               .example = "overdue",
               .advanced = true}),
        field("order_by", &Input::order_by,
              {.label = "Order by",
               .help = "By creation if left out.",
               .example = "updated_at",
               .advanced = true}),
        field("sort", &Input::sort,
              {.label = "Direction",
               .help = "Newest first if left out.",
               .example = "asc",
               .advanced = true}),
        action::limit_field(&Input::limit),
        action::all_field(&Input::all)};
  }
};

Result<void> check(Input const& in) {
  if (in.project && in.group)
    return invalid_input("group", "and project exclude each other: give one of them");
  if (in.labels) FAIRLEAD_CHECK(check_labels(*in.labels, "labels"));
  if (in.not_labels) FAIRLEAD_CHECK(check_labels(*in.not_labels, "not_labels"));
  return {};
}

bool is_word(UserRef const& user) { return user.text == "None" || user.text == "Any"; }

// Names go as they are; only an address has to be looked up.
Result<void> look_up(action::Lookup const& lookup, Input& in) {
  if (in.project) FAIRLEAD_CHECK(bind(lookup, *in.project, "project"));
  if (in.group) FAIRLEAD_CHECK(bind(lookup, *in.group, "group"));
  if (in.assignee && in.assignee->is_email())
    FAIRLEAD_CHECK(gitlab::resolve(lookup, *in.assignee, "assignee"));
  if (in.author && in.author->is_email())
    FAIRLEAD_CHECK(gitlab::resolve(lookup, *in.author, "author"));
  return {};
}

action::RequestBuilder endpoint(Input const& in) {
  if (in.project) return action::get("/projects/{}/issues", *in.project);
  if (in.group) return action::get("/groups/{}/issues", *in.group);
  // Without a scope GitLab lists only what the user created.
  return action::get("/issues").query("scope", "all");
}

void add_people(action::RequestBuilder& request, Input const& in) {
  if (in.assignee && is_word(*in.assignee)) {
    request.query("assignee_id", in.assignee->text);
  } else if (in.assignee && (in.assignee->id > 0 || in.assignee->is_email())) {
    request.query("assignee_id", *in.assignee);
  } else if (in.assignee) {
    request.query("assignee_username[]", in.assignee->text);
  }
  if (in.author && (in.author->id > 0 || in.author->is_email())) {
    request.query("author_id", *in.author);
  } else if (in.author) {
    request.query("author_username", in.author->text);
  }
}

action::Request request(Input const& in) {
  auto out = endpoint(in);
  out.query("state", in.state)
      .query_list("labels", in.labels)
      .query_list("not[labels]", in.not_labels)
      .query("milestone", in.milestone);
  add_people(out, in);
  out.query("search", in.search)
      .query("iids[]", in.iids)
      .query("confidential", in.confidential)
      .query("issue_type", in.issue_type)
      .query("created_after", in.created_after)
      .query("created_before", in.created_before)
      .query("updated_after", in.updated_after)
      .query("updated_before", in.updated_before)
      .query("due_date", in.due_date)
      .query("order_by", in.order_by)
      .query("sort", in.sort);
  return out;
}

}  // namespace

action::Action list_issues() {
  return action::define<Input, action::Listing<Issue>>(
      {.name = "list-issues",
       .title = "List issues",
       .description =
           "Lists the issues of a project, of a group, or all that the connection's user may see.",
       .docs = "https://docs.gitlab.com/api/issues/#list-issues",
       .effect = Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::guest,
       .request = request,
       .check = check,
       .resolve = look_up});
}

}  // namespace fairlead::gitlab
