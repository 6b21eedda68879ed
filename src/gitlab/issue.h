// An issue as GitLab answers it, and what several issue actions share.
//
// Only `id`, `iid` and `project_id` must be there; all else is optional, since servers, tiers and
// roles differ. Fields we do not name pass through. Source: https://docs.gitlab.com/api/issues/
// (checked on 19.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "action/define.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {

struct Issue {
  std::int64_t id{0};
  std::int64_t iid{0};
  std::int64_t project_id{0};
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> state;
  std::optional<Json> labels;
  std::optional<Json> milestone;
  std::optional<Json> assignees;
  std::optional<Json> author;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> closed_at;
  std::optional<std::string> due_date;
  std::optional<bool> confidential;
  std::optional<std::string> issue_type;
  std::optional<std::string> web_url;
  std::optional<std::vector<std::string>> warnings;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("id", &Issue::id, {.label = "Id", .help = "Unique in the whole GitLab."}),
        field("iid", &Issue::iid,
              {.label = "Issue number", .help = "Its number in the project: the 42 in #42."}),
        field("project_id", &Issue::project_id, {.label = "Project id"}),
        field("title", &Issue::title, {.label = "Title"}),
        field("description", &Issue::description, {.label = "Description"}),
        field("state", &Issue::state, {.label = "State", .help = "opened or closed."}),
        field("labels", &Issue::labels, {.label = "Labels", .help = "Names."}),
        field("milestone", &Issue::milestone, {.label = "Milestone"}),
        field("assignees", &Issue::assignees, {.label = "Assignees"}),
        field("author", &Issue::author, {.label = "Author"}),
        field("created_at", &Issue::created_at, {.label = "Created"}),
        field("updated_at", &Issue::updated_at, {.label = "Updated"}),
        field("closed_at", &Issue::closed_at, {.label = "Closed"}),
        field("due_date", &Issue::due_date, {.label = "Due date"}),
        field("confidential", &Issue::confidential, {.label = "Confidential"}),
        field("issue_type", &Issue::issue_type, {.label = "Type"}),
        field("web_url", &Issue::web_url, {.label = "Web page"}),
        field("warnings", &Issue::warnings,
              {.label = "Warnings",
               .help = "After a write: what GitLab left out without saying so."}),
        schema::rest(&Issue::rest)};
  }
};

enum class IssueType { issue, incident, test_case, requirement, task, ticket };
constexpr auto enum_names(IssueType) {
  using enum IssueType;
  using Name = schema::EnumName<IssueType>;
  return std::array{Name{issue, "issue", "Issue"},
                    Name{incident, "incident", "Incident"},
                    Name{test_case, "test_case", "Test case"},
                    Name{requirement, "requirement", "Requirement"},
                    Name{task, "task", "Task"},
                    Name{ticket, "ticket", "Ticket"}};
}

// A milestone by title or id.
struct MilestoneRef {
  std::string title;
  std::int64_t id{0};  // 0 until resolved
};
// Sets the id of a milestone given by title. Errors: not_found naming `milestone`.
Result<void> resolve(action::Lookup const& lookup, ProjectRef const& project,
                     MilestoneRef& milestone);

// What was asked for and what GitLab answered: it drops users that are no members, fields of other
// tiers and labels that the user may not create, and says nothing.
struct IssueWishes {
  std::optional<std::vector<UserRef>> assignees;
  std::optional<std::vector<std::string>> labels;
  std::optional<std::int64_t> milestone_id;
  std::optional<std::string> due_date;
  std::optional<std::int64_t> weight;
  std::optional<std::int64_t> epic_id;
  std::optional<bool> confidential;
};
// One sentence for each wish that did not come true; nothing if all did.
std::optional<std::vector<std::string>> unmet(IssueWishes const& wishes, Json const& answer);

// Labels may not hold commas: GitLab takes one for the end of a name.
Result<void> check_labels(std::vector<std::string> const& labels, std::string_view where);

}  // namespace fairlead::gitlab

namespace fairlead::schema {

template <>
struct Codec<gitlab::MilestoneRef> {
  static void decode(Json const& json, gitlab::MilestoneRef& out, Reader& reader);
  static Json encode(gitlab::MilestoneRef const& value);
  static Json schema(Unknown unknown);
};

}  // namespace fairlead::schema
