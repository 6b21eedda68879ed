// Comments on an issue. Two requests make two comments, so an invisible marker makes ours
// recognisable.
// Source: https://docs.gitlab.com/api/notes/#create-new-issue-note (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/find_marked.h"
#include "gitlab/note.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

struct Input {
  std::optional<ProjectRef> project;
  IssueRef iid;
  std::string body;
  std::optional<bool> internal;
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
        field("body", &Input::body,
              {.label = "Comment",
               .help = "Markdown.",
               .example = "The runbook has finished.",
               .max_length = 999'000,
               .pattern = schema::not_blank,
               .widget = "textarea"}),
        field("internal", &Input::internal,
              {.label = "Internal",
               .help = "Only members from Planner or Reporter on see it.",
               .example = "true"}),
        field("quick_actions", &Input::quick_actions,
              {.label = "Quick actions",
               .help = "What to do with lines such as /close.",
               .example = "neutralise",
               .defaulted = true,
               .advanced = true})};
  }
};

NewNote note_of(Input const& in) {
  return {.project = in.project.value_or(ProjectRef{in.iid.project}),
          .issue = in.iid,
          .body = in.body,
          .quick_actions = in.quick_actions,
          .internal = in.internal};
}

Result<std::optional<Note>> find_existing(action::Context& context, Input const& in) {
  NewNote const note = note_of(in);
  std::string const marker = effect_marker(context.marker);
  if (marker.empty() || !can_be_marked(note))
    return cannot_be_recognised("the comment on " + words_for(note.project, note.issue));
  FAIRLEAD_TRY(auto const found, find_marked_note(context, note.project, note.issue, marker));
  if (!found) return std::optional<Note>();
  FAIRLEAD_TRY(Note read, schema::decode_answer<Note>(*found));
  return std::optional<Note>(std::move(read));
}

Result<Note> run(action::Context& context, Input const& in) {
  FAIRLEAD_TRY(auto const response,
               context.api.send(note_request(note_of(in), effect_marker(context.marker))));
  return schema::decode_answer<Note>(response.body);
}

}  // namespace

action::Action comment_issue() {
  return action::define<Input, Note>(
      {.name = "comment-issue",
       .title = "Comment on issue",
       .description = "Adds a comment to an issue.",
       .docs = "https://docs.gitlab.com/api/notes/#create-new-issue-note",
       .effect = action::creates<Input, Note>(find_existing),
       .scope = action::Scope::api,
       .role = action::Role::guest,
       .request = [](Input const& in) { return note_request(note_of(in), ""); },
       .check = [](Input const& in) { return check_project_said(in.project, in.iid); },
       .resolve = [](action::Lookup const& lookup,
                     Input& in) { return bind(lookup, in.project, in.iid); },
       .run = run});
}

}  // namespace fairlead::gitlab
