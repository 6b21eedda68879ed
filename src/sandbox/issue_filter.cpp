#include "sandbox/issue_filter.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

bool has(std::vector<Number> const& list, Number id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

void read_people(Call& call, Params& in, IssueFilter& filter) {
  filter.author_id = in.integer("author_id");
  if (in.filled("author_username")) {
    User const* author = call.world.user_named(in.text("author_username"));
    filter.author_id = author == nullptr ? -1 : author->id;
  }
  filter.closed_by_id = in.integer("closed_by_id");
  std::string const assignee = to_lower_ascii(in.text("assignee_id"));
  if (assignee == "none" || assignee == "any") {
    filter.assignee_word = assignee;
  } else {
    filter.assignee_id = in.integer("assignee_id");
    if (filter.assignee_id == 0) filter.assignee_id.reset(), filter.assignee_word = "none";
  }
  for (std::string const& name : in.list("assignee_username")) {
    User const* user = call.world.user_named(name);
    if (user == nullptr) filter.nobody = true;
    if (user != nullptr) filter.assignees.push_back(user->id);
  }
}

bool labels_match(IssueFilter const& filter, IssueRow const& row) {
  for (std::string const& name : filter.labels) {
    std::string const word = to_lower_ascii(name);
    if (word == "none") {
      if (!row.issue->label_ids.empty()) return false;
    } else if (word == "any") {
      if (row.issue->label_ids.empty()) return false;
    } else {
      bool const found =
          std::any_of(row.issue->label_ids.begin(), row.issue->label_ids.end(), [&](Number id) {
            Label const* label = find_label(*row.project, id);
            return label != nullptr && label->name == name;
          });
      if (!found) return false;
    }
  }
  return true;
}

Milestone const* milestone_of(IssueRow const& row) {
  for (Milestone const& milestone : row.project->milestones) {
    if (milestone.id == row.issue->milestone_id) return &milestone;
  }
  return nullptr;
}

bool milestone_matches(World& world, IssueFilter const& filter, IssueRow const& row) {
  if (filter.milestone_id && row.issue->milestone_id != *filter.milestone_id) return false;
  if (filter.milestone.empty()) return true;
  std::string const word = to_lower_ascii(filter.milestone);
  Milestone const* milestone = milestone_of(row);
  if (word == "none") return milestone == nullptr;
  if (milestone == nullptr) return false;
  std::string const today = format_date(world.now());
  if (word == "any") return true;
  if (word == "upcoming" || word == "#upcoming")
    return !milestone->closed && milestone->due_date > today;
  if (word == "started" || word == "#started") {
    return !milestone->closed && !milestone->start_date.empty() && milestone->start_date <= today;
  }
  return milestone->title == filter.milestone;
}

bool due_matches(World& world, std::string const& due, Issue const& issue) {
  if (due.empty()) return true;
  if (due == "0") return issue.due_date.empty();
  if (due == "any") return !issue.due_date.empty();
  if (issue.due_date.empty()) return false;
  auto const day = [&world](int days) {
    return format_date(world.now() + std::chrono::days(days));
  };
  if (due == "overdue") return issue.due_date < day(0);
  if (due == "today") return issue.due_date == day(0);
  if (due == "tomorrow") return issue.due_date == day(1);
  if (due == "week") return issue.due_date >= day(0) && issue.due_date <= day(7);
  if (due == "month") return issue.due_date >= day(0) && issue.due_date <= day(31);
  return issue.due_date >= day(-14) && issue.due_date <= day(62);
}

bool text_matches(IssueFilter const& filter, Issue const& issue) {
  if (filter.search.empty()) return true;
  bool const title = filter.in.find("title") != std::string::npos;
  bool const description = filter.in.find("description") != std::string::npos;
  return (title && contains_ignoring_case(issue.title, filter.search)) ||
         (description && contains_ignoring_case(issue.description.value_or(""), filter.search));
}

bool people_match(IssueFilter const& filter, Issue const& issue) {
  if (filter.nobody) return false;
  if (filter.author_id && issue.author_id != *filter.author_id) return false;
  if (filter.closed_by_id && issue.closed_by != *filter.closed_by_id) return false;
  if (filter.assignee_word == "none" && !issue.assignee_ids.empty()) return false;
  if (filter.assignee_word == "any" && issue.assignee_ids.empty()) return false;
  if (filter.assignee_id && !has(issue.assignee_ids, *filter.assignee_id)) return false;
  return std::all_of(filter.assignees.begin(), filter.assignees.end(),
                     [&](Number id) { return has(issue.assignee_ids, id); });
}

bool time_matches(IssueFilter const& filter, Issue const& issue) {
  if (filter.created_after && issue.created_at < *filter.created_after) return false;
  if (filter.created_before && issue.created_at > *filter.created_before) return false;
  if (filter.updated_after && issue.updated_at < *filter.updated_after) return false;
  return !filter.updated_before || issue.updated_at <= *filter.updated_before;
}

// Dates that are missing come last in rising order, as in SQL with NULLS LAST.
std::string const& or_last(std::string const& date) {
  static std::string const last = "9999-12-31";
  return date.empty() ? last : date;
}

std::string milestone_due(IssueRow const& row) {
  Milestone const* milestone = milestone_of(row);
  return or_last(milestone == nullptr ? std::string() : milestone->due_date);
}

}  // namespace

IssueFilter read_issue_filter(Call& call, Params& in) {
  IssueFilter filter;
  filter.state = in.word("state", "all", {"opened", "closed", "all"});
  filter.search = in.text("search");
  filter.in = in.text_or("in", "title,description");
  filter.type = in.word("issue_type", "",
                        {"issue", "incident", "test_case", "requirement", "task", "ticket"});
  filter.due = in.word("due_date", "",
                       {"0", "any", "today", "tomorrow", "overdue", "week", "month",
                        "next_month_and_previous_two_weeks"});
  in.at_most_one_of({"milestone", "milestone_id"});
  in.at_most_one_of({"assignee_id", "assignee_username"});
  in.at_most_one_of({"author_id", "author_username"});
  filter.milestone = in.text("milestone");
  std::string const milestone_id = in.text("milestone_id");
  Number number = 0;
  auto const [end, error] =
      std::from_chars(milestone_id.data(), milestone_id.data() + milestone_id.size(), number);
  if (!milestone_id.empty() && error == std::errc() && *end == '\0') {
    filter.milestone_id = number;
  } else if (!milestone_id.empty()) {
    filter.milestone = milestone_id;
  }
  read_people(call, in, filter);
  filter.labels = in.list("labels");
  filter.iids = in.integers("iids");
  filter.confidential = in.boolean("confidential");
  filter.created_after = in.time("created_after");
  filter.created_before = in.time("created_before");
  filter.updated_after = in.time("updated_after");
  filter.updated_before = in.time("updated_before");
  return filter;
}

bool matches(World& world, IssueFilter const& filter, IssueRow const& row) {
  Issue const& issue = *row.issue;
  if (filter.state != "all" && (filter.state == "closed") != issue.closed_at.has_value())
    return false;
  if (!filter.type.empty() && issue.type != filter.type) return false;
  if (filter.confidential && issue.confidential != *filter.confidential) return false;
  if (!filter.iids.empty() && !has(filter.iids, issue.iid)) return false;
  return people_match(filter, issue) && time_matches(filter, issue) &&
         text_matches(filter, issue) && due_matches(world, filter.due, issue) &&
         milestone_matches(world, filter, row) && labels_match(filter, row);
}

bool excluded(World& world, IssueFilter const& filter, Params const& given, IssueRow const& row) {
  Issue const& issue = *row.issue;
  if (filter.author_id && issue.author_id == *filter.author_id) return true;
  if (filter.assignee_id && has(issue.assignee_ids, *filter.assignee_id)) return true;
  if (has(filter.iids, issue.iid)) return true;
  for (Number const id : filter.assignees) {
    if (has(issue.assignee_ids, id)) return true;
  }
  for (std::string const& label : filter.labels) {
    IssueFilter one;
    one.labels = {label};
    if (labels_match(one, row)) return true;
  }
  bool const by_milestone = given.filled("milestone") || given.filled("milestone_id");
  return by_milestone && milestone_matches(world, filter, row);
}

void order_issues(World& world, std::vector<IssueRow>& rows, std::string const& by,
                  std::string const& sort) {
  (void)world;
  auto const by_id = [](IssueRow const& a, IssueRow const& b) { return a.issue->id < b.issue->id; };
  auto const less = [&](IssueRow const& a, IssueRow const& b) {
    Issue const& x = *a.issue;
    Issue const& y = *b.issue;
    if (by == "updated_at" && x.updated_at != y.updated_at) return x.updated_at < y.updated_at;
    if (by == "created_at" && x.created_at != y.created_at) return x.created_at < y.created_at;
    if (by == "title" && x.title != y.title)
      return to_lower_ascii(x.title) < to_lower_ascii(y.title);
    if (by == "due_date" && x.due_date != y.due_date)
      return or_last(x.due_date) < or_last(y.due_date);
    if (by == "milestone_due") return milestone_due(a) < milestone_due(b);
    if (by == "weight" && x.weight != y.weight)
      return x.weight.value_or(-1) < y.weight.value_or(-1);
    return by_id(a, b);
  };
  bool const rising = sort == "asc";
  // Issues are kept by iid, so the usual order by creation is there already unless somebody set
  // created_at.
  bool const one_project = std::all_of(rows.begin(), rows.end(), [&](IssueRow const& row) {
    return row.project == rows.front().project;
  });
  bool const in_order = by == "created_at" && one_project && !rows.empty() &&
                        !rows.front().project->issues_out_of_order;
  if (!in_order) std::sort(rows.begin(), rows.end(), less);
  if (!rising) std::reverse(rows.begin(), rows.end());
}

}  // namespace fairlead::sandbox
