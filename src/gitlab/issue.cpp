#include "gitlab/issue.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::gitlab {
namespace {

// A label's name, whether labels come as names or (with_labels_details) as objects.
std::string const& label_name(Json const& label) {
  return label.is_object() ? label["name"].as_string() : label.as_string();
}

std::string missing_assignees(std::vector<UserRef> const& wished, Json const& assignees) {
  std::vector<std::string> missing;
  for (UserRef const& user : wished) {
    bool const there =
        std::any_of(assignees.items().begin(), assignees.items().end(),
                    [&](Json const& one) { return one["id"].as_integer() == user.id; });
    if (!there) missing.push_back(user.text);
  }
  if (missing.empty()) return "";
  return "GitLab did not assign " + join(missing, ", ") +
         ": not a member of the project, or this tier allows one assignee only.";
}

std::string missing_labels(std::vector<std::string> const& wished, Json const& labels) {
  std::vector<std::string> missing;
  for (std::string const& name : wished) {
    bool const there =
        std::any_of(labels.items().begin(), labels.items().end(),
                    [&](Json const& one) { return equals_ignoring_case(label_name(one), name); });
    if (!there) missing.push_back(name);
  }
  if (missing.empty()) return "";
  return "GitLab did not set the label " + join(missing, ", ") +
         ": the connection's user may not create labels, or a scoped label replaced it.";
}

std::string ignored(char const* field) {
  return std::string("GitLab ignored ") + field +
         ": this tier does not have it, or the connection's user may not set it.";
}

}  // namespace

std::optional<std::vector<std::string>> unmet(IssueWishes const& wishes, Json const& answer) {
  std::vector<std::string> out;
  if (wishes.assignees) out.push_back(missing_assignees(*wishes.assignees, answer["assignees"]));
  if (wishes.labels) out.push_back(missing_labels(*wishes.labels, answer["labels"]));
  auto const expect = [&](auto const& wish, Json const& got, char const* field) {
    if (wish && got != Json(*wish)) out.push_back(ignored(field));
  };
  expect(wishes.milestone_id, answer["milestone"]["id"], "the milestone");
  expect(wishes.due_date, answer["due_date"], "the due date");
  expect(wishes.weight, answer["weight"], "the weight");
  expect(wishes.epic_id, answer["epic"]["id"], "the epic");
  if (wishes.confidential && answer["confidential"].as_bool() != *wishes.confidential)
    out.push_back(ignored("confidential"));
  std::erase(out, "");
  if (out.empty()) return std::nullopt;
  return out;
}

Result<void> check_labels(std::vector<std::string> const& labels, std::string_view where) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!trim(labels[i]).empty() && labels[i].find(',') == std::string::npos) continue;
    return invalid_input(std::string(where) + "[" + std::to_string(i) + "]",
                         "must be one label name, without commas");
  }
  return {};
}

Result<void> resolve(action::Lookup const& lookup, ProjectRef const& project,
                     MilestoneRef& milestone) {
  if (milestone.id > 0 || lookup.api == nullptr) return {};
  action::Request const request = action::get("/projects/{}/milestones", project)
                                      .query("title", milestone.title)
                                      .query("include_ancestors", true);
  auto const take = [&](Json row) -> Result<void> {
    bool const same = row["title"].as_string() == milestone.title;
    if (same && milestone.id == 0) milestone.id = row["id"].as_integer();
    return {};
  };
  FAIRLEAD_CHECK(lookup.api->list(request, {.limit = 20}, take));
  if (milestone.id > 0) return {};
  auto error = make_error(ErrorKind::not_found, "the project " + project.text +
                                                    " and its groups have no milestone \"" +
                                                    milestone.title + "\"");
  error.where = "milestone";
  error.remedy = "Check its title, which is compared exactly, or give its id.";
  return error;
}

}  // namespace fairlead::gitlab

namespace fairlead::schema {

void Codec<gitlab::MilestoneRef>::decode(Json const& json, gitlab::MilestoneRef& out,
                                         Reader& reader) {
  out = {.title = std::string(trim(json.as_string())),
         .id = std::max<std::int64_t>(json.as_integer(), 0)};
  if (out.title.empty() && out.id == 0) reader.wrong_type("a milestone's title or id", json);
}

Json Codec<gitlab::MilestoneRef>::encode(gitlab::MilestoneRef const& value) {
  if (value.id > 0) return value.id;
  return "<id of milestone " + value.title + ">";
}

Json Codec<gitlab::MilestoneRef>::schema(Unknown) {
  return with_hint(Json::object({{"type", Json::array({"string", "integer"})}}), "picker",
                   "milestone");
}

}  // namespace fairlead::schema
