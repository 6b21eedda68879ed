// Issues of projects, groups and everywhere. Source: doc/api/issues.md (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/events.h"
#include "sandbox/issue_change.h"
#include "sandbox/issue_filter.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

struct ListRequest {
  IssueFilter filter;
  IssueFilter without;
  Params without_given;
  std::string by;
  std::string sort;
};

Result<ListRequest> read_list(Call& call) {
  ListRequest list;
  Params& in = call.in;
  list.by = in.word("order_by", "created_at",
                    {"created_at", "due_date", "label_priority", "milestone_due", "popularity",
                     "priority", "relative_position", "title", "updated_at", "weight"});
  list.sort = in.word("sort", "desc", {"asc", "desc"});
  in.word("scope", "",
          {"created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all"});
  list.filter = read_issue_filter(call, in);
  list.without_given = Params(in.raw("not").is_object() ? in.raw("not") : Json::object());
  list.without = read_issue_filter(call, list.without_given);
  list.without.nobody = false;
  FAIRLEAD_CHECK(in.check());
  FAIRLEAD_CHECK(list.without_given.check());
  return list;
}

void keep_scope(Call& call, std::string const& scope, std::vector<IssueRow>& rows) {
  if (scope.empty() || scope == "all" || call.user() == nullptr) return;
  Number const me = call.user()->id;
  bool const mine = scope == "created_by_me" || scope == "created-by-me";
  std::erase_if(rows, [&](IssueRow const& row) {
    if (mine) return row.issue->author_id != me;
    auto const& ids = row.issue->assignee_ids;
    return std::find(ids.begin(), ids.end(), me) == ids.end();
  });
}

PageRules page_rules(ListRequest const& list) {
  return {.offset_limited_type = "",
          .defaults = {{"order_by", list.by},
                       {"sort", list.sort},
                       {"state", list.filter.state},
                       {"with_labels_details", "false"}},
          .keyset = PageRules::Keyset::by_cursor};
}

// True if the list is simply all of the project in the order it is kept in: 100,000 issues need no
// list of rows then.
bool is_plain(Call& call, ListRequest const& list, Project const& project) {
  return list.by == "created_at" && !project.issues_out_of_order && list.filter == IssueFilter{} &&
         list.without_given.raw().empty() && call.in.text_or("scope", "all") == "all" &&
         level_in(call.world, project, call.user()) >= level::planner;
}

Result<Reply> plain_page(Call& call, ListRequest const& list, Project const& project) {
  std::size_t const rows = project.issues.size();
  auto const at = [&](std::size_t i) -> Issue const& {
    return project.issues[list.sort == "asc" ? i : rows - 1 - i];
  };
  return page_reply(
      call, rows, page_rules(list), [&](std::size_t i) { return issue_json(call, project, at(i)); },
      [&](std::size_t i) { return at(i).id; });
}

Result<Reply> list_of(Call& call, std::vector<Project const*> const& projects,
                      std::string_view scope) {
  FAIRLEAD_TRY(ListRequest list, read_list(call));
  bool const one = projects.size() == 1 && scope == "all";
  if (one && is_plain(call, list, *projects.front()))
    return plain_page(call, list, *projects.front());
  bool const exclude = list.without_given.raw().size() > 0;
  std::vector<IssueRow> rows;
  for (Project const* project : projects) {
    bool const see_all = level_in(call.world, *project, call.user()) >= level::planner;
    for (Issue const& issue : project->issues) {
      IssueRow const row{.project = project, .issue = &issue};
      if (!matches(call.world, list.filter, row)) continue;
      if (!see_all && !may_see(call.world, *project, issue, call.user())) continue;
      if (exclude && excluded(call.world, list.without, list.without_given, row)) continue;
      rows.push_back(row);
    }
  }
  keep_scope(call, call.in.text_or("scope", scope), rows);
  order_issues(call.world, rows, list.by, list.sort);
  return page_reply(
      call, rows.size(), page_rules(list),
      [&](std::size_t i) { return issue_json(call, *rows[i].project, *rows[i].issue); },
      [&](std::size_t i) { return rows[i].issue->id; });
}

Result<Reply> list_project_issues(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  if (!project->issues_enabled) return forbidden();
  return list_of(call, {project}, "all");
}

Result<Reply> list_group_issues(Call& call) {
  FAIRLEAD_TRY(Group * group, find_group(call, call.arguments[0]));
  std::vector<Project const*> projects;
  for (auto const& [id, project] : call.world.state.projects) {
    auto const chain = group_chain(call.world, project.namespace_id);
    bool const inside =
        std::any_of(chain.begin(), chain.end(), [&](Group* g) { return g->id == group->id; });
    if (inside && project.issues_enabled && !project.archived &&
        may_see(call.world, project, call.user())) {
      projects.push_back(&project);
    }
  }
  return list_of(call, projects, "all");
}

// Without a scope only what the caller wrote.
Result<Reply> list_all_issues(Call& call) {
  std::vector<Project const*> projects;
  for (auto const& [id, project] : call.world.state.projects) {
    if (project.issues_enabled && may_see(call.world, project, call.user()))
      projects.push_back(&project);
  }
  return list_of(call, projects, "created_by_me");
}

Result<void> check_create(Call& call, Project const& project) {
  if (!project.issues_enabled || project.archived) return forbidden();
  call.in.require("title");
  check_issue_words(call.in);
  return call.in.check();
}

Result<Reply> create_issue(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_CHECK(check_create(call, *project));
  // A draft first: nothing stays behind if a field is refused.
  Issue draft;
  draft.author_id = call.user()->id;
  draft.created_at = draft.updated_at = call.now();
  FAIRLEAD_CHECK(apply_issue_fields(call, *project, draft));
  Issue& issue = add_issue(
      call.world, *project,
      {.title = draft.title, .description = draft.description, .author_id = draft.author_id});
  draft.id = issue.id;
  draft.iid = issue.iid;
  if (draft.closed_at) --project->open_issues;
  issue = std::move(draft);
  project->last_activity_at = call.now();
  Json body = issue_json(call, *project, issue);
  body.set("subscribed", true);
  announce_issue(call.world, *project, issue, *call.user(),
                 {.action = "open", .changes = Json::object()});
  return json_reply(201, body);
}

Result<Reply> get_issue(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  Json json = issue_json(call, *place.project, *place.issue);
  if (call.user() != nullptr) json.set("subscribed", place.issue->author_id == call.user()->id);
  return json_reply(200, json);
}

Result<void> check_update(Call& call, IssuePlace const& place) {
  check_issue_words(call.in);
  call.in.at_least_one_of({"assignee_id", "assignee_ids",  "confidential",
                           "created_at",  "description",   "discussion_locked",
                           "due_date",    "start_date",    "labels",
                           "add_labels",  "remove_labels", "milestone_id",
                           "milestone",   "severity",      "state_event",
                           "title",       "issue_type",    "weight",
                           "epic_id",     "epic_iid"});
  FAIRLEAD_CHECK(call.in.check());
  bool const own = place.issue->author_id == call.user()->id;
  if (!own && !at_least_planner(level_in(call.world, *place.project, call.user())))
    return forbidden();
  if (place.project->archived) return forbidden();
  return {};
}

Result<Reply> update_issue(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  FAIRLEAD_CHECK(check_update(call, place));
  Issue draft = *place.issue;
  Json const before = issue_json(call, *place.project, draft);
  FAIRLEAD_CHECK(apply_issue_fields(call, *place.project, draft));
  *place.issue = std::move(draft);
  std::string const event = call.in.text("state_event");
  if (event == "close")
    set_issue_state(call.world, *place.project, *place.issue, *call.user(), IssueState::closed);
  if (event == "reopen")
    set_issue_state(call.world, *place.project, *place.issue, *call.user(), IssueState::opened);
  Json const after = issue_json(call, *place.project, *place.issue);
  if (!(before == after)) {
    place.issue->updated_at = call.now();
    place.project->last_activity_at = call.now();
    std::string const action = before["state"] == after["state"] ? "update"
                               : place.issue->closed_at          ? "close"
                                                                 : "reopen";
    announce_issue(call.world, *place.project, *place.issue, *call.user(),
                   {.action = action, .changes = changes_between(before, after)});
  }
  Json json = issue_json(call, *place.project, *place.issue);
  json.set("subscribed", true);
  return json_reply(200, json);
}

Result<Reply> delete_issue(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  if (!is_owner(level_in(call.world, *place.project, call.user()))) return forbidden();
  if (!place.issue->closed_at) --place.project->open_issues;
  place.project->notes.erase(place.issue->id);
  Number const iid = place.issue->iid;
  std::erase_if(place.project->issues, [iid](Issue const& issue) { return issue.iid == iid; });
  return no_content();
}

Result<Reply> get_issue_by_id(Call& call) {
  if (!call.admin()) return forbidden();
  FAIRLEAD_TRY(Number const id, call.number_argument(0, "id"));
  for (auto const& [number, project] : call.world.state.projects) {
    for (Issue const& issue : project.issues) {
      if (issue.id == id) return json_reply(200, issue_json(call, project, issue));
    }
  }
  return not_found();
}

}  // namespace

Issue* issue_with_iid(Project& project, Number iid) {
  auto const it =
      std::lower_bound(project.issues.begin(), project.issues.end(), iid,
                       [](Issue const& issue, Number number) { return issue.iid < number; });
  return it == project.issues.end() || it->iid != iid ? nullptr : &*it;
}

Result<IssuePlace> find_issue(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments.at(0)));
  FAIRLEAD_TRY(Number const iid, call.number_argument(1, "issue_iid"));
  Issue* issue = issue_with_iid(*project, iid);
  if (issue == nullptr || !project->issues_enabled ||
      !may_see(call.world, *project, *issue, call.user())) {
    return not_found();
  }
  return IssuePlace{.project = project, .issue = issue};
}

Issue& add_issue(World& world, Project& project, NewIssue const& wanted) {
  Issue& issue = project.issues.emplace_back();
  issue.id = world.next_id("issue");
  issue.iid = project.next_issue_iid++;
  issue.title = wanted.title;
  issue.description = wanted.description;
  issue.author_id = wanted.author_id;
  issue.created_at = issue.updated_at = world.now();
  ++project.open_issues;
  return issue;
}

void set_issue_state(World& world, Project& project, Issue& issue, User const& by,
                     IssueState state) {
  bool const close = state == IssueState::closed;
  if (close == issue.closed_at.has_value()) return;  // closing twice changes nothing
  if (close) {
    issue.closed_at = world.now();
    issue.closed_by = by.id;
  } else {
    issue.closed_at.reset();
    issue.closed_by = 0;
  }
  issue.updated_at = world.now();
  if (issue.iid == 0) return;  // a draft: not counted yet
  project.open_issues += close ? -1 : 1;
  add_system_note(world, project, issue, by, close ? "closed" : "reopened");
}

ApiRoutes issue_routes() {
  using enum net::Method;
  return {{get, "issues", list_all_issues, Need::signed_in},
          {get, "issues/:id", get_issue_by_id, Need::signed_in},
          {get, "groups/:id/issues", list_group_issues, Need::nothing},
          {get, "projects/:id/issues", list_project_issues, Need::nothing},
          {post, "projects/:id/issues", create_issue, Need::signed_in},
          {get, "projects/:id/issues/:issue_iid", get_issue, Need::nothing},
          {put, "projects/:id/issues/:issue_iid", update_issue, Need::signed_in},
          {delete_, "projects/:id/issues/:issue_iid", delete_issue, Need::signed_in}};
}

}  // namespace fairlead::sandbox
