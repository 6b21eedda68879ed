// Creates an issue. GitLab has no idempotency key and makes two issues of two requests, so an
// invisible marker in the description makes ours recognisable. Source:
// https://docs.gitlab.com/api/issues/#new-issue (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/find_marked.h"
#include "gitlab/issue.h"
#include "gitlab/users.h"
#include "gitlab/written_text.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  ProjectRef project;
  std::string title;
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> labels;
  std::optional<std::vector<UserRef>> assignees;
  std::optional<MilestoneRef> milestone;
  std::optional<schema::Date> due_date;
  std::optional<bool> confidential;
  std::optional<IssueType> issue_type;
  std::optional<std::int64_t> weight;
  std::optional<std::int64_t> epic_id;
  std::optional<std::string> dedupe_key;
  QuickActions quick_actions{QuickActions::neutralise};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project", .help = "Id, full path or URL.", .example = "ops/incidents"}),
        field("title", &Input::title,
              {.label = "Title",
               .help = "One line.",
               .example = "Disk full on db1",
               .max_length = 255,
               .pattern = schema::not_blank}),
        field("description", &Input::description,
              {.label = "Description",
               .help = "Markdown.",
               .example = "Reported by monitoring.",
               .max_length = 1'048'000,
               .widget = "textarea"}),
        field("labels", &Input::labels,
              {.label = "Labels",
               .help = "Names; unknown ones are created if the user may.",
               .example = R"(["incident"])",
               .picker = "label"}),
        field("assignees", &Input::assignees,
              {.label = "Assignees",
               .help = "Ids, user names or e-mails. Some tiers keep the first only.",
               .example = R"(["alice"])"}),
        field("milestone", &Input::milestone,
              {.label = "Milestone",
               .help = "Title or id, of the project or its groups.",
               .example = "17.0"}),
        field("due_date", &Input::due_date,
              {.label = "Due date", .help = "YYYY-MM-DD.", .example = "2026-12-01"}),
        field("confidential", &Input::confidential,
              {.label = "Confidential",
               .help = "Only members from Planner or Reporter on see it.",
               .example = "true"}),
        field("issue_type", &Input::issue_type,
              {.label = "Type", .help = "An issue if left out.", .example = "incident"}),
        field("weight", &Input::weight,
              {.label = "Weight",
               .help = "Premium and Ultimate.",
               .example = "3",
               .minimum = 0,
               .advanced = true}),
        field("epic_id", &Input::epic_id,
              {.label = "Epic id",
               .help = "Premium and Ultimate.",
               .example = "7",
               .minimum = 1,
               .advanced = true}),
        field("dedupe_key", &Input::dedupe_key,
              {.label = "Deduplication key",
               .help = "An issue of ours with the same key, open or closed, is returned instead of "
                       "making another one.",
               .example = "alert-4711",
               .max_length = 200,
               .pattern = schema::not_blank,
               .advanced = true}),
        field("quick_actions", &Input::quick_actions,
              {.label = "Quick actions",
               .help = "What to do with lines of the description such as /close.",
               .example = "neutralise",
               .defaulted = true,
               .advanced = true})};
  }
};

Result<void> check(Input const& in) {
  return in.labels ? check_labels(*in.labels, "labels") : Result<void>();
}

Result<void> look_up(action::Lookup const& lookup, Input& in) {
  FAIRLEAD_CHECK(bind(lookup, in.project, "project"));
  if (in.assignees) FAIRLEAD_CHECK(gitlab::resolve(lookup, *in.assignees, "assignees"));
  if (in.milestone) FAIRLEAD_CHECK(gitlab::resolve(lookup, in.project, *in.milestone));
  return {};
}

action::Request marked_request(Input const& in, std::string const& marker) {
  std::string text = in.description.value_or("");
  if (in.quick_actions == QuickActions::neutralise) text = neutralise_quick_actions(text);
  text = with_marker(with_marker(std::move(text), key_marker(in.dedupe_key.value_or(""))), marker);
  auto out = action::post("/projects/{}/issues", in.project);
  out.body("title", in.title);
  if (!text.empty()) out.body("description", text);
  out.body("labels", in.labels)
      .body("assignee_ids", in.assignees)
      .body("milestone_id", in.milestone)
      .body("due_date", in.due_date)
      .body("confidential", in.confidential)
      .body("issue_type", in.issue_type)
      .body("weight", in.weight)
      .body("epic_id", in.epic_id);
  return out;
}

action::Request request(Input const& in) { return marked_request(in, ""); }

IssueWishes wishes(Input const& in) {
  IssueWishes out{.assignees = in.assignees,
                  .labels = in.labels,
                  .weight = in.weight,
                  .epic_id = in.epic_id,
                  .confidential = in.confidential};
  if (in.milestone) out.milestone_id = in.milestone->id;
  if (in.due_date) out.due_date = schema::format(*in.due_date);
  return out;
}

Result<Issue> read(Input const& in, Json const& answer) {
  FAIRLEAD_TRY(Issue issue, schema::decode_answer<Issue>(answer));
  issue.warnings = unmet(wishes(in), answer);
  return issue;
}

Result<std::optional<Issue>> find(action::Context& context, Input const& in,
                                  MarkedBy const& marked) {
  FAIRLEAD_TRY(auto const found, find_marked_issue(context, in.project, marked));
  if (!found) return std::optional<Issue>();
  FAIRLEAD_TRY(Issue issue, read(in, *found));
  return std::optional<Issue>(std::move(issue));
}

Result<std::optional<Issue>> find_by_key(action::Context& context, Input const& in) {
  return find(context, in, {.marker = key_marker(*in.dedupe_key), .since = std::nullopt});
}

Result<std::optional<Issue>> find_existing(action::Context& context, Input const& in) {
  std::string const marker = effect_marker(context.marker);
  if (!marker.empty())
    return find(context, in, {.marker = marker, .since = context.marker.first_attempt_at});
  if (in.dedupe_key) return find_by_key(context, in);
  return cannot_be_recognised("the issue \"" + in.title + "\" in " + in.project.text);
}

Result<Issue> run(action::Context& context, Input const& in) {
  if (in.dedupe_key) {
    FAIRLEAD_TRY(auto found, find_by_key(context, in));
    if (found) return std::move(*found);
  }
  FAIRLEAD_TRY(auto const response,
               context.api.send(marked_request(in, effect_marker(context.marker))));
  return read(in, response.body);
}

}  // namespace

action::Action create_issue() {
  return action::define<Input, Issue>({.name = "create-issue",
                                       .title = "Create issue",
                                       .description = "Creates an issue in a project.",
                                       .docs = "https://docs.gitlab.com/api/issues/#new-issue",
                                       .effect = action::creates<Input, Issue>(find_existing),
                                       .scope = action::Scope::api,
                                       .role = action::Role::guest,
                                       .request = request,
                                       .check = check,
                                       .resolve = look_up,
                                       .run = run});
}

}  // namespace fairlead::gitlab
