// Project milestones. Source: doc/api/milestones.md (19.5), json-schemas/milestone.json.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Result<Milestone*> find_one(Call& call, Project& project) {
  FAIRLEAD_TRY(Number const id, call.number_argument(1, "milestone_id"));
  Milestone* milestone = find_milestone(project, id);
  if (milestone == nullptr) return no_such("Milestone");
  return milestone;
}

Result<Reply> list_milestones(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  std::string const state = call.in.word("state", "all", {"active", "closed", "all"});
  std::string const title = call.in.text("title");
  std::string const search = call.in.text("search");
  auto const iids = call.in.integers("iids");
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Milestone const*> rows;
  for (Milestone const& milestone : project->milestones) {
    bool const state_fits = state == "all" || milestone.closed == (state == "closed");
    bool const iid_fits =
        iids.empty() || std::find(iids.begin(), iids.end(), milestone.iid) != iids.end();
    bool const text_fits = (title.empty() || milestone.title == title) &&
                           (contains_ignoring_case(milestone.title, search) ||
                            contains_ignoring_case(milestone.description, search));
    if (state_fits && iid_fits && text_fits) rows.push_back(&milestone);
  }
  std::reverse(rows.begin(), rows.end());
  return page_reply(
      call, rows.size(), {},
      [&](std::size_t i) { return milestone_json(call.world, *project, *rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

Result<void> apply(Call& call, Project const& project, Milestone& milestone) {
  if (call.in.given("title")) milestone.title = call.in.text("title");
  if (call.in.given("description")) milestone.description = call.in.text("description");
  if (call.in.given("due_date")) milestone.due_date = call.in.date("due_date");
  if (call.in.given("start_date")) milestone.start_date = call.in.date("start_date");
  std::string const event = call.in.word("state_event", "", {"close", "activate"});
  FAIRLEAD_CHECK(call.in.check());
  if (!event.empty()) milestone.closed = event == "close";
  for (Milestone const& other : project.milestones) {
    if (other.id != milestone.id && other.title == milestone.title) {
      return invalid_model("title", "already being used for another group or project milestone.");
    }
  }
  bool const backwards = !milestone.due_date.empty() && !milestone.start_date.empty() &&
                         milestone.due_date < milestone.start_date;
  if (backwards) return invalid_model("due_date", "must be greater than start date");
  milestone.updated_at = call.now();
  return {};
}

Result<Reply> create_milestone(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  call.in.require("title");
  FAIRLEAD_CHECK(call.in.check());
  Milestone milestone;
  milestone.created_at = call.now();
  FAIRLEAD_CHECK(apply(call, *project, milestone));
  milestone.id = call.world.next_id("milestone");
  milestone.iid = project->next_milestone_iid++;
  project->milestones.push_back(milestone);
  return json_reply(201, milestone_json(call.world, *project, milestone));
}

Result<Reply> get_milestone(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_TRY(Milestone * milestone, find_one(call, *project));
  return json_reply(200, milestone_json(call.world, *project, *milestone));
}

Result<Reply> edit_milestone(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  FAIRLEAD_TRY(Milestone * milestone, find_one(call, *project));
  call.in.at_least_one_of({"title", "description", "start_date", "due_date", "state_event"});
  FAIRLEAD_CHECK(call.in.check());
  Milestone draft = *milestone;
  FAIRLEAD_CHECK(apply(call, *project, draft));
  *milestone = std::move(draft);
  return json_reply(200, milestone_json(call.world, *project, *milestone));
}

Result<Reply> delete_milestone(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  FAIRLEAD_TRY(Milestone * milestone, find_one(call, *project));
  Number const id = milestone->id;
  for (Issue& issue : project->issues) {
    if (issue.milestone_id == id) issue.milestone_id = 0;
  }
  std::erase_if(project->milestones, [id](Milestone const& other) { return other.id == id; });
  return no_content();
}

}  // namespace

Milestone* find_milestone(Project& project, Number id) {
  auto const it = std::find_if(project.milestones.begin(), project.milestones.end(),
                               [id](Milestone const& milestone) { return milestone.id == id; });
  return it == project.milestones.end() ? nullptr : &*it;
}

ApiRoutes milestone_routes() {
  using enum net::Method;
  return {{get, "projects/:id/milestones", list_milestones, Need::nothing},
          {post, "projects/:id/milestones", create_milestone, Need::signed_in},
          {get, "projects/:id/milestones/:milestone_id", get_milestone, Need::nothing},
          {put, "projects/:id/milestones/:milestone_id", edit_milestone, Need::signed_in},
          {delete_, "projects/:id/milestones/:milestone_id", delete_milestone, Need::signed_in}};
}

}  // namespace fairlead::sandbox
