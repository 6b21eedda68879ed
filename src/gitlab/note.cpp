#include "gitlab/note.h"

namespace fairlead::gitlab {

bool can_be_marked(NewNote const& note) {
  return note.quick_actions == QuickActions::neutralise || !only_quick_actions(note.body);
}

action::Request note_request(NewNote const& note, std::string const& marker) {
  bool const as_text = note.quick_actions == QuickActions::neutralise;
  std::string text = as_text ? neutralise_quick_actions(note.body) : note.body;
  if (can_be_marked(note)) text = with_marker(std::move(text), marker);
  return action::post("/projects/{}/issues/{}/notes", note.project, note.issue)
      .body("body", text)
      .body("internal", note.internal);
}

}  // namespace fairlead::gitlab
