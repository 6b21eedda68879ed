// Project labels. Source: doc/api/labels.md (19.5), json-schemas/label_basic.json.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Json project_label_json(Project const& project, Label const& label, bool counts) {
  Json json = label_json(label);
  if (counts) {
    Number open = 0;
    Number closed = 0;
    for (Issue const& issue : project.issues) {
      if (std::find(issue.label_ids.begin(), issue.label_ids.end(), label.id) ==
          issue.label_ids.end())
        continue;
      ++(issue.closed_at ? closed : open);
    }
    json.set("open_issues_count", open);
    json.set("closed_issues_count", closed);
    json.set("open_merge_requests_count", 0);
  }
  json.set("subscribed", false);
  json.set("priority", label.priority ? Json(*label.priority) : Json());
  json.set("is_project_label", true);
  return json;
}

Result<Label*> find_one(Call& call, Project& project) {
  for (Label& label : project.labels) {
    if (label.name == call.arguments.at(1) || std::to_string(label.id) == call.arguments[1])
      return &label;
  }
  return no_such("Label");
}

Result<Reply> list_labels(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  std::string const search = call.in.text("search");
  bool const counts = call.in.flag("with_counts");
  FAIRLEAD_CHECK(call.in.check());
  std::vector<Label const*> rows;
  for (Label const& label : project->labels) {
    if (contains_ignoring_case(label.name, search)) rows.push_back(&label);
  }
  std::sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->name < b->name; });
  return page_reply(
      call, rows.size(), {},
      [&](std::size_t i) { return project_label_json(*project, *rows[i], counts); },
      [&](std::size_t i) { return rows[i]->id; });
}

bool valid_colour(std::string const& text) {
  if (!text.starts_with('#') || (text.size() != 4 && text.size() != 7)) return false;
  return text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

Result<Reply> create_label(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  call.in.require("name");
  call.in.require("color");
  std::string const name = call.in.text("name");
  std::string const colour = call.in.text("color");
  auto const priority = call.in.integer("priority");
  FAIRLEAD_CHECK(call.in.check());
  bool const taken = std::any_of(project->labels.begin(), project->labels.end(),
                                 [&](Label const& label) { return label.name == name; });
  if (taken) return refuse_message(409, "Label already exists");
  if (colour.starts_with('#') && !valid_colour(colour))
    return invalid_model("color", "must be a valid color code");
  Label& label = label_named(call.world, *project, name);
  label.color = colour.starts_with('#') ? colour : "#6699CC";
  label.description = call.in.text("description");
  label.priority = priority;
  return json_reply(201, project_label_json(*project, label, false));
}

Result<Reply> get_label(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_TRY(Label * label, find_one(call, *project));
  return json_reply(200, project_label_json(*project, *label, false));
}

Result<Reply> edit_label(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  FAIRLEAD_TRY(Label * label, find_one(call, *project));
  call.in.at_least_one_of({"new_name", "color", "description", "priority"});
  FAIRLEAD_CHECK(call.in.check());
  if (call.in.filled("color") && !valid_colour(call.in.text("color"))) {
    return invalid_model("color", "must be a valid color code");
  }
  if (call.in.filled("new_name")) label->name = call.in.text("new_name");
  if (call.in.filled("color")) label->color = call.in.text("color");
  if (call.in.given("description")) label->description = call.in.text("description");
  if (call.in.given("priority")) label->priority = call.in.integer("priority");
  return json_reply(200, project_label_json(*project, *label, false));
}

Result<Reply> delete_label(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_planner));
  FAIRLEAD_TRY(Label * label, find_one(call, *project));
  Number const id = label->id;
  for (Issue& issue : project->issues)
    std::erase(issue.label_ids, id);
  std::erase_if(project->labels, [id](Label const& other) { return other.id == id; });
  return no_content();
}

}  // namespace

Label& label_named(World& world, Project& project, std::string_view name) {
  for (Label& label : project.labels) {
    if (label.name == name) return label;
  }
  return project.labels.emplace_back(Label{.id = world.next_id("label"),
                                           .name = std::string(name),
                                           .color = "#6699CC",
                                           .description = ""});
}

Label const* find_label(Project const& project, Number id) {
  auto const it = std::find_if(project.labels.begin(), project.labels.end(),
                               [id](Label const& label) { return label.id == id; });
  return it == project.labels.end() ? nullptr : &*it;
}

ApiRoutes label_routes() {
  using enum net::Method;
  return {{get, "projects/:id/labels", list_labels, Need::nothing},
          {post, "projects/:id/labels", create_label, Need::signed_in},
          {get, "projects/:id/labels/:name", get_label, Need::nothing},
          {put, "projects/:id/labels/:name", edit_label, Need::signed_in},
          {delete_, "projects/:id/labels/:name", delete_label, Need::signed_in}};
}

}  // namespace fairlead::sandbox
