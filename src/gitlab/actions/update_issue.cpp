// Changes an issue: every field is left, set or cleared; a comment may go with it as a second
// request.
// Source: https://docs.gitlab.com/api/issues/#edit-an-issue (checked on 19.5).
#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/find_marked.h"
#include "gitlab/issue.h"
#include "gitlab/note.h"
#include "gitlab/users.h"
#include "schema/date.h"

namespace fairlead::gitlab {
namespace {

using schema::Change;
using schema::field;

enum class Status { open, closed };
constexpr auto enum_names(Status) {
  return std::array{schema::EnumName<Status>{Status::open, "open", "Open"},
                    schema::EnumName<Status>{Status::closed, "closed", "Closed"}};
}

struct Input {
  std::optional<ProjectRef> project;
  IssueRef iid;
  std::optional<std::string> title;
  Change<std::string> description;
  std::optional<Status> status;
  Change<std::vector<UserRef>> assignees;
  Change<std::vector<std::string>> labels;
  std::optional<std::vector<std::string>> add_labels;
  std::optional<std::vector<std::string>> remove_labels;
  Change<MilestoneRef> milestone;
  Change<schema::Date> due_date;
  std::optional<bool> confidential;
  std::optional<bool> discussion_locked;
  Change<std::int64_t> weight;
  std::optional<std::string> comment;
  QuickActions quick_actions{QuickActions::neutralise};

  static constexpr auto fields() {
    return std::tuple{
        field("project", &Input::project,
              {.label = "Project",
               .help = "Id, full path or URL. Not needed if the issue is given by its URL.",
               .example = "ops/incidents"}),
        field(
            "iid", &Input::iid,
            {.label = "Issue", .help = "Its number in the project, or its URL.", .example = "42"}),
        field("title", &Input::title,
              {.label = "Title",
               .help = "One line.",
               .example = "Disk full on db1 and db2",
               .max_length = 255,
               .pattern = schema::not_blank}),
        field("description", &Input::description,
              {.label = "Description",
               .help = "Replaces the whole text; the last writer wins.",
               .example = "Solved by cleaning up.",
               .max_length = 1'048'000,
               .widget = "textarea"}),
        field("status", &Input::status,
              {.label = "Status",
               .help = "Closing a closed issue changes nothing.",
               .example = "closed"}),
        field("assignees", &Input::assignees,
              {.label = "Assignees",
               .help = "Replaces all. Ids, user names or e-mails; null for nobody.",
               .example = R"(["alice"])"}),
        field("labels", &Input::labels,
              {.label = "Labels",
               .help = "Replaces all; null for none. Not together with adding or removing.",
               .example = R"(["incident"])",
               .picker = "label"}),
        field("add_labels", &Input::add_labels,
              {.label = "Add labels",
               .help = "Beside those it has.",
               .example = R"(["resolved"])",
               .picker = "label"}),
        field("remove_labels", &Input::remove_labels,
              {.label = "Remove labels",
               .help = "Those it does not have are no error.",
               .example = R"(["urgent"])",
               .picker = "label"}),
        field("milestone", &Input::milestone,
              {.label = "Milestone", .help = "Title or id; null for none.", .example = "17.0"}),
        field("due_date", &Input::due_date,
              {.label = "Due date", .help = "YYYY-MM-DD; null for none.", .example = "2026-12-01"}),
        field("confidential", &Input::confidential,
              {.label = "Confidential",
               .help = "Only members from Planner or Reporter on see it.",
               .example = "false"}),
        field("discussion_locked", &Input::discussion_locked,
              {.label = "Discussion locked",
               .help = "Only members may comment.",
               .example = "true",
               .advanced = true}),
        field("weight", &Input::weight,
              {.label = "Weight",
               .help = "Premium and Ultimate; null for none.",
               .example = "3",
               .minimum = 0,
               .advanced = true}),
        field("comment", &Input::comment,
              {.label = "Comment",
               .help = "Added after the change, as a comment of its own.",
               .example = "The runbook has finished.",
               .max_length = 999'000,
               .pattern = schema::not_blank,
               .widget = "textarea"}),
        field("quick_actions", &Input::quick_actions,
              {.label = "Quick actions",
               .help = "What to do with lines of description and comment such as /close.",
               .example = "neutralise",
               .defaulted = true,
               .advanced = true})};
  }
};

bool changes_something(Input const& in) {
  bool const people =
      !in.assignees.leaves() || !in.labels.leaves() || in.add_labels || in.remove_labels;
  bool const texts = in.title || !in.description.leaves() || in.status;
  bool const others = !in.milestone.leaves() || !in.due_date.leaves() || in.confidential ||
                      in.discussion_locked || !in.weight.leaves();
  return people || texts || others;
}

Result<void> check(Input const& in) {
  FAIRLEAD_CHECK(check_project_said(in.project, in.iid));
  if (!in.labels.leaves() && (in.add_labels || in.remove_labels)) {
    return invalid_input("labels",
                         "replaces all labels, so add_labels and remove_labels cannot go with it");
  }
  if (in.labels.sets()) FAIRLEAD_CHECK(check_labels(*in.labels.value, "labels"));
  if (in.add_labels) FAIRLEAD_CHECK(check_labels(*in.add_labels, "add_labels"));
  if (in.remove_labels) FAIRLEAD_CHECK(check_labels(*in.remove_labels, "remove_labels"));
  if (!changes_something(in) && !in.comment)
    return invalid_input("", "nothing to change: give a field or a comment");
  return {};
}

Result<void> look_up(action::Lookup const& lookup, Input& in) {
  FAIRLEAD_CHECK(bind(lookup, in.project, in.iid));
  // Without a connection a pasted URL stays the name of its project.
  if (!in.project) in.project = ProjectRef{in.iid.project};
  if (in.assignees.sets()) FAIRLEAD_CHECK(resolve(lookup, *in.assignees.value, "assignees"));
  if (in.milestone.sets()) FAIRLEAD_CHECK(resolve(lookup, *in.project, *in.milestone.value));
  return {};
}

// "" clears all labels; a list of none is the same.
Json label_list(Change<std::vector<std::string>> const& labels) {
  return labels.sets() ? Json(join(*labels.value, ",")) : Json("");
}

action::Request put_request(Input const& in) {
  auto out = action::put("/projects/{}/issues/{}", *in.project, in.iid);
  out.body("title", in.title);
  bool const as_text = in.quick_actions == QuickActions::neutralise;
  if (in.description.sets() && as_text) {
    out.body("description", neutralise_quick_actions(*in.description.value));
  } else {
    out.body("description", in.description, "");
  }
  if (in.status) out.body("state_event", *in.status == Status::closed ? "close" : "reopen");
  bool const nobody = in.assignees.clears() || (in.assignees.sets() && in.assignees.value->empty());
  // GitLab documents 0 as nobody; what an empty list does depends on how it is sent.
  if (nobody) {
    out.body("assignee_ids", Json::array({0}));
  } else {
    out.body("assignee_ids", in.assignees);
  }
  if (!in.labels.leaves()) out.body("labels", label_list(in.labels));
  if (in.add_labels) out.body("add_labels", join(*in.add_labels, ","));
  if (in.remove_labels) out.body("remove_labels", join(*in.remove_labels, ","));
  out.body("milestone_id", in.milestone, 0)
      .body("due_date", in.due_date, "")
      .body("confidential", in.confidential)
      .body("discussion_locked", in.discussion_locked)
      .body("weight", in.weight);
  return out;
}

NewNote note_of(Input const& in) {
  return {.project = *in.project,
          .issue = in.iid,
          .body = in.comment.value_or(""),
          .quick_actions = in.quick_actions,
          .internal = std::nullopt};
}

std::vector<action::Request> requests(Input const& in) {
  std::vector<action::Request> out;
  if (changes_something(in)) out.push_back(put_request(in));
  if (in.comment) out.push_back(note_request(note_of(in), ""));
  return out;
}

IssueWishes wishes(Input const& in) {
  IssueWishes out{.labels = in.add_labels, .confidential = in.confidential};
  if (in.assignees.sets()) out.assignees = in.assignees.value;
  if (in.labels.sets()) out.labels = in.labels.value;
  if (in.milestone.sets()) out.milestone_id = in.milestone.value->id;
  if (in.due_date.sets()) out.due_date = schema::format(*in.due_date.value);
  if (in.weight.sets()) out.weight = in.weight.value;
  return out;
}

// An earlier attempt may have got as far as the comment: never write it twice.
Result<void> comment(action::Context& context, Input const& in) {
  NewNote const note = note_of(in);
  std::string const marker = effect_marker(context.marker);
  if (!marker.empty() && can_be_marked(note)) {
    auto const left = action::settles_in(context.marker, context.clock.now());
    FAIRLEAD_TRY(auto const found, find_marked_note(context, note.project, note.issue, marker));
    if (found) return {};
    if (left > Milliseconds(0)) return action::not_seen_yet("update-issue", left);
  }
  FAIRLEAD_CHECK(context.api.send(note_request(note, marker)));
  return {};
}

Result<Issue> run(action::Context& context, Input const& in) {
  action::Request const first =
      changes_something(in) ? put_request(in)
                            : action::get("/projects/{}/issues/{}", *in.project, in.iid).request();
  FAIRLEAD_TRY(auto const response, context.api.send(first));
  FAIRLEAD_TRY(Issue issue, schema::decode_answer<Issue>(response.body));
  if (changes_something(in)) issue.warnings = unmet(wishes(in), response.body);
  if (in.comment) FAIRLEAD_CHECK(comment(context, in));
  return issue;
}

}  // namespace

action::Action update_issue() {
  return action::define<Input, Issue>(
      {.name = "update-issue",
       .title = "Update issue",
       .description = "Changes fields of an issue, opens or closes it, and may comment on it.",
       .docs = "https://docs.gitlab.com/api/issues/#edit-an-issue",
       .effect = action::Effect::changes,
       .scope = action::Scope::api,
       .role = action::Role::reporter,
       .request = requests,
       .check = check,
       .resolve = look_up,
       .run = run});
}

}  // namespace fairlead::gitlab
