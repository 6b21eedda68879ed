// Comments on issues (GitLab calls them notes): writing one, once.
//
// Used by comment-issue and by update-issue's optional comment. Blocking; thread-safe.
// Source: https://docs.gitlab.com/api/notes/#issues (checked on 19.5).
#pragma once

#include <optional>
#include <string>

#include "action/define.h"
#include "gitlab/refs.h"
#include "gitlab/written_text.h"

namespace fairlead::gitlab {

struct Note {
  std::optional<std::int64_t> id;
  std::optional<std::string> body;
  std::optional<Json> author;
  std::optional<std::string> created_at;
  std::optional<bool> internal;
  std::optional<std::int64_t> noteable_iid;
  std::optional<Json> commands_changes;
  Json rest;

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("id", &Note::id,
              {.label = "Id", .help = "Missing if the comment was nothing but quick actions."}),
        field("body", &Note::body, {.label = "Text"}),
        field("author", &Note::author, {.label = "Author"}),
        field("created_at", &Note::created_at, {.label = "Created"}),
        field("internal", &Note::internal, {.label = "Internal"}),
        field("noteable_iid", &Note::noteable_iid, {.label = "Issue number"}),
        field("commands_changes", &Note::commands_changes,
              {.label = "Changes", .help = "What quick actions did."}),
        schema::rest(&Note::rest)};
  }
};

struct NewNote {
  ProjectRef project;
  IssueRef issue;
  std::string body;
  QuickActions quick_actions{QuickActions::neutralise};
  std::optional<bool> internal;
};

// POST /projects/:id/issues/:iid/notes; the marker may be "".
action::Request note_request(NewNote const& note, std::string const& marker);
// Whether the text as it is sent carries a marker: pure quick actions are never stored, so they
// cannot.
bool can_be_marked(NewNote const& note);

}  // namespace fairlead::gitlab
