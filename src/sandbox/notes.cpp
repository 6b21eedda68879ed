// Notes on issues. Source: doc/api/notes.md (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/events.h"
#include "sandbox/issue_change.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

std::vector<Note>& notes_of(IssuePlace const& place) {
  return place.project->notes[place.issue->id];
}

Result<Note*> find_note(Call& call, IssuePlace const& place) {
  FAIRLEAD_TRY(Number const id, call.number_argument(2, "note_id"));
  for (Note& note : notes_of(place)) {
    if (note.id == id) return &note;
  }
  return no_such("Note");
}

Result<Reply> list_notes(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  std::string const by = call.in.word("order_by", "created_at", {"created_at", "updated_at"});
  std::string const sort = call.in.word("sort", "desc", {"asc", "desc"});
  std::string const filter =
      call.in.word("activity_filter", "all_notes", {"all_notes", "only_comments", "only_activity"});
  FAIRLEAD_CHECK(call.in.check());
  bool const internal_too = at_least_planner(level_in(call.world, *place.project, call.user()));
  std::vector<Note const*> rows;
  for (Note const& note : notes_of(place)) {
    if (note.internal && !internal_too) continue;
    if (filter == "only_comments" && note.system) continue;
    if (filter == "only_activity" && !note.system) continue;
    rows.push_back(&note);
  }
  if (by == "updated_at") {
    std::stable_sort(rows.begin(), rows.end(),
                     [](auto* a, auto* b) { return a->updated_at < b->updated_at; });
  }
  if (sort == "desc") std::reverse(rows.begin(), rows.end());
  PageRules const rules{.offset_limited_type = "", .defaults = {{"order_by", by}, {"sort", sort}}};
  return page_reply(
      call, rows.size(), rules,
      [&](std::size_t i) { return note_json(call.world, *place.project, *place.issue, *rows[i]); },
      [&](std::size_t i) { return rows[i]->id; });
}

Result<Reply> create_note(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  call.in.require("body");
  std::string body = call.in.text("body");
  bool const internal = call.in.flag("internal") || call.in.flag("confidential");
  auto const created = call.in.time("created_at");
  FAIRLEAD_CHECK(call.in.check());
  Number const role = level_in(call.world, *place.project, call.user());
  if (place.issue->discussion_locked.value_or(false) && role < level::guest) return forbidden();
  bool const acted =
      role >= level::planner && run_quick_actions(call, *place.project, *place.issue, body);
  place.issue->updated_at = call.now();
  place.project->last_activity_at = call.now();
  if (acted && body.empty()) {
    // Only quick actions: no note, and GitLab answers 202 with what was done.
    return json_reply(202, Json::object({{"commands_changes", Json::object()},
                                         {"summary", Json::array({Json("Commands applied")})}}));
  }
  Note note{.id = call.world.next_id("note"),
            .author_id = call.user()->id,
            .body = std::move(body),
            .created_at = role >= level::owner ? created.value_or(call.now()) : call.now(),
            .updated_at = call.now(),
            .internal = internal};
  ++place.issue->user_notes;
  Note const& stored = notes_of(place).emplace_back(std::move(note));
  announce_note(call.world, *place.project, *place.issue, stored, *call.user());
  return json_reply(201, note_json(call.world, *place.project, *place.issue, stored));
}

Result<Reply> get_note(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  FAIRLEAD_TRY(Note * note, find_note(call, place));
  return json_reply(200, note_json(call.world, *place.project, *place.issue, *note));
}

Result<void> check_own(Call& call, IssuePlace const& place, Note const& note) {
  bool const allowed =
      !note.system && (note.author_id == call.user()->id ||
                       at_least_maintainer(level_in(call.world, *place.project, call.user())));
  if (!allowed) return forbidden();
  return {};
}

Result<Reply> edit_note(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  FAIRLEAD_TRY(Note * note, find_note(call, place));
  call.in.require("body");
  std::string const body = call.in.text("body");
  FAIRLEAD_CHECK(call.in.check());
  FAIRLEAD_CHECK(check_own(call, place, *note));
  note->body = body;
  note->updated_at = call.now();
  return json_reply(200, note_json(call.world, *place.project, *place.issue, *note));
}

Result<Reply> delete_note(Call& call) {
  FAIRLEAD_TRY(IssuePlace const place, find_issue(call));
  FAIRLEAD_TRY(Note * note, find_note(call, place));
  FAIRLEAD_CHECK(check_own(call, place, *note));
  Number const id = note->id;
  std::erase_if(notes_of(place), [id](Note const& other) { return other.id == id; });
  --place.issue->user_notes;
  return no_content();
}

}  // namespace

Json note_json(World& world, Project const& project, Issue const& issue, Note const& note) {
  return Json::object({{"id", note.id},
                       {"type", Json()},
                       {"body", note.body},
                       {"author", user_json(world, world.user(note.author_id))},
                       {"created_at", format_time(note.created_at)},
                       {"updated_at", format_time(note.updated_at)},
                       {"system", note.system},
                       {"noteable_id", issue.id},
                       {"noteable_type", "Issue"},
                       {"project_id", project.id},
                       {"resolvable", false},
                       {"confidential", note.internal},
                       {"internal", note.internal},
                       {"imported", false},
                       {"imported_from", "none"},
                       {"noteable_iid", issue.iid},
                       {"commands_changes", Json::object()}});
}

void add_system_note(World& world, Project& project, Issue& issue, User const& by,
                     std::string text) {
  Note note{.id = world.next_id("note"),
            .author_id = by.id,
            .body = std::move(text),
            .created_at = world.now(),
            .updated_at = world.now(),
            .system = true};
  project.notes[issue.id].push_back(std::move(note));
}

ApiRoutes note_routes() {
  using enum net::Method;
  return {{get, "projects/:id/issues/:issue_iid/notes", list_notes, Need::nothing},
          {post, "projects/:id/issues/:issue_iid/notes", create_note, Need::signed_in},
          {get, "projects/:id/issues/:issue_iid/notes/:note_id", get_note, Need::nothing},
          {put, "projects/:id/issues/:issue_iid/notes/:note_id", edit_note, Need::signed_in},
          {delete_, "projects/:id/issues/:issue_iid/notes/:note_id", delete_note, Need::signed_in}};
}

}  // namespace fairlead::sandbox
