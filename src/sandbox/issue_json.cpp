// An issue, its labels and its milestone as JSON. Source: lib/api/entities/issue.rb (19.5),
// json-schemas/issue.json.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Json labels_json(Call& call, Project const& project, Issue const& issue) {
  bool const details = call.in.flag("with_labels_details");
  std::vector<Label const*> labels;
  for (Number const id : issue.label_ids) {
    if (Label const* label = find_label(project, id)) labels.push_back(label);
  }
  std::sort(labels.begin(), labels.end(), [](auto* a, auto* b) { return a->name < b->name; });
  Json out = Json::array();
  for (Label const* label : labels)
    out.push_back(details ? label_json(*label) : Json(label->name));
  return out;
}

std::string upper(std::string_view word) {
  std::string out;
  for (char const c : word)
    out.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  return out;
}

Json time_stats_json() {
  return Json::object({{"time_estimate", 0},
                       {"total_time_spent", 0},
                       {"human_time_estimate", Json()},
                       {"human_total_time_spent", Json()}});
}

// Counts "- [ ]" and "- [x]" lines.
Json tasks_json(std::string const& description, bool& any) {
  Number count = 0;
  Number done = 0;
  for (std::string const& line : split(description, '\n')) {
    std::string_view const text = trim(line);
    if (text.starts_with("- [ ]") || text.starts_with("* [ ]")) ++count;
    if (text.starts_with("- [x]") || text.starts_with("* [x]")) ++count, ++done;
  }
  any = count > 0;
  return Json::object({{"count", count}, {"completed_count", done}});
}

void add_people(World& world, Issue const& issue, Json& json) {
  Json assignees = Json::array();
  for (Number const id : issue.assignee_ids)
    assignees.push_back(user_json(world, world.user(id)));
  Json const first = assignees.at(0);
  json.set("assignees", std::move(assignees));
  json.set("author", user_json(world, world.user(issue.author_id)));
  json.set("type", upper(issue.type));
  json.set("assignee", first);
}

void add_places(World& world, Project const& project, Issue const& issue, Json& json) {
  std::string const number = std::to_string(issue.iid);
  std::string const self =
      world.api_url("/projects/" + std::to_string(project.id) + "/issues/" + number);
  json.set("web_url", world.web_url(project.full_path + "/-/issues/" + number));
  json.set("_links",
           Json::object({{"self", self},
                         {"notes", self + "/notes"},
                         {"award_emoji", self + "/award_emoji"},
                         {"project", world.api_url("/projects/" + std::to_string(project.id))},
                         {"closed_as_duplicate_of", Json()}}));
  json.set("references", Json::object({{"short", "#" + number},
                                       {"relative", "#" + number},
                                       {"full", project.full_path + "#" + number}}));
}

}  // namespace

Json milestone_json(World& world, Project const& project, Milestone const& milestone) {
  bool const expired = !milestone.due_date.empty() && milestone.due_date < format_date(world.now());
  return Json::object({{"id", milestone.id},
                       {"iid", milestone.iid},
                       {"project_id", project.id},
                       {"title", milestone.title},
                       {"description", milestone.description},
                       {"state", milestone.closed ? "closed" : "active"},
                       {"created_at", format_time(milestone.created_at)},
                       {"updated_at", format_time(milestone.updated_at)},
                       {"due_date", text_or_null(milestone.due_date)},
                       {"start_date", text_or_null(milestone.start_date)},
                       {"expired", expired},
                       {"web_url", world.web_url(project.full_path + "/-/milestones/" +
                                                 std::to_string(milestone.iid))}});
}

Json label_json(Label const& label) {
  return Json::object({{"id", label.id},
                       {"name", label.name},
                       {"description", text_or_null(label.description)},
                       {"description_html", label.description},
                       {"text_color", "#FFFFFF"},
                       {"color", label.color},
                       {"remove_on_close", false}});
}

Json issue_json(Call& call, Project const& project, Issue const& issue) {
  World& world = call.world;
  Json json = Json::object({{"id", issue.id},
                            {"iid", issue.iid},
                            {"project_id", project.id},
                            {"title", issue.title},
                            {"description", issue.description ? Json(*issue.description) : Json()},
                            {"state", issue.closed_at ? "closed" : "opened"},
                            {"created_at", format_time(issue.created_at)},
                            {"updated_at", format_time(issue.updated_at)},
                            {"closed_at", time_or_null(issue.closed_at)},
                            {"closed_by", user_json(world, world.user(issue.closed_by))}});
  json.set("labels", labels_json(call, project, issue));
  auto const milestone =
      std::find_if(project.milestones.begin(), project.milestones.end(),
                   [&](Milestone const& m) { return m.id == issue.milestone_id; });
  json.set("milestone", milestone == project.milestones.end()
                            ? Json()
                            : milestone_json(world, project, *milestone));
  add_people(world, issue, json);
  for (char const* name : {"merge_requests_count", "upvotes", "downvotes"})
    json.set(name, 0);
  json.set("user_notes_count", issue.user_notes);
  json.set("start_date", text_or_null(issue.start_date));
  json.set("due_date", text_or_null(issue.due_date));
  json.set("confidential", issue.confidential);
  json.set("discussion_locked", issue.discussion_locked ? Json(*issue.discussion_locked) : Json());
  json.set("issue_type", issue.type);
  json.set("time_stats", time_stats_json());
  bool any_tasks = false;
  json.set("task_completion_status", tasks_json(issue.description.value_or(""), any_tasks));
  json.set("has_tasks", any_tasks);
  if (world.options.tier == SandboxOptions::Tier::ultimate) {
    json.set("weight", issue.weight ? Json(*issue.weight) : Json());
    json.set("blocking_issues_count", 0);
  }
  add_places(world, project, issue, json);
  json.set("severity", upper(issue.severity));
  json.set("moved_to_id", Json());
  json.set("imported", false);
  json.set("imported_from", "none");
  json.set("service_desk_reply_to", Json());
  return json;
}

}  // namespace fairlead::sandbox
