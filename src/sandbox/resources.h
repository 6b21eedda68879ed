// The REST resources: one function per file that lists its routes, and the presenters other files
// need.
//
// Adding an endpoint: write a handler `Result<Reply> name(Call&)` in the resource's file and add
// its row there. Handlers run with World::mutex held and never block.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/call.h"

namespace fairlead::sandbox {

// Below /api/v4/.
ApiRoutes branch_routes();
ApiRoutes group_routes();
ApiRoutes hook_routes();
ApiRoutes instance_routes();
ApiRoutes invitation_routes();
ApiRoutes issue_routes();
ApiRoutes job_routes();
ApiRoutes label_routes();
ApiRoutes member_routes();
ApiRoutes milestone_routes();
ApiRoutes note_routes();
ApiRoutes pipeline_routes();
ApiRoutes project_routes();
ApiRoutes user_routes();
// Below the root: api/graphql.
ApiRoutes graphql_routes();

// {id, username, public_email, name, state, locked, avatar_url, web_url}; null for nobody.
Json user_json(World& world, User const* user);
// The same without public_email, as in hooks and members.
Json member_json(World& world, Member const& member);
Json milestone_json(World& world, Project const& project, Milestone const& milestone);
Json label_json(Label const& label);
Json issue_json(Call& call, Project const& project, Issue const& issue);
Json note_json(World& world, Project const& project, Issue const& issue, Note const& note);
Json pipeline_json(World& world, Pipeline const& pipeline);
Json pipeline_detail_json(World& world, Pipeline const& pipeline);
Json job_json(World& world, Job const& job);
Json commit_json(World& world, Project const& project, Commit const& commit);
Json namespace_json(World& world, Number namespace_id);
enum class ProjectDetail { simple, listed, full };
Json project_json(Call& call, Project const& project, ProjectDetail detail);
Json group_json(World& world, Group const& group);

// null instead of "".
Json text_or_null(std::string_view text);
Json time_or_null(std::optional<Time> const& time);
// "Incidents!" -> "incidents"
std::string path_from_name(std::string_view name);
// Letters, digits, - _ . and no odd ends.
bool valid_path(std::string_view path);
bool contains_ignoring_case(std::string_view text, std::string_view piece);

// Finds the issue of arguments 0 (project) and 1 (iid); 404 if the caller may not see it.
struct IssuePlace {
  Project* project{nullptr};
  Issue* issue{nullptr};
};
Result<IssuePlace> find_issue(Call& call);
Issue* issue_with_iid(Project& project, Number iid);
Label& label_named(World& world, Project& project, std::string_view name);  // created if missing
Label const* find_label(Project const& project, Number id);
Milestone* find_milestone(Project& project, Number id);
// A note written by the server itself, e.g. "closed".
void add_system_note(World& world, Project& project, Issue& issue, User const& by,
                     std::string text);

struct NewProject {
  std::string name;
  std::string path;
  Number namespace_id{0};
  Number creator_id{0};
};
// Adds a project with a fresh id; the caller has checked that the path is free.
Project& add_project(World& world, NewProject const& wanted);
Group& add_group(World& world, std::string name, std::string path, Number parent_id);
Branch& add_branch(World& world, Project& project, std::string name, std::string message);
// Rehangs a project: the former path answers 301 from now on.
void move_project(World& world, Project& project, Number namespace_id, std::string path);
std::string new_sha(World& world);

struct NewIssue {
  std::string title;
  std::optional<std::string> description;
  Number author_id{0};
};
Issue& add_issue(World& world, Project& project, NewIssue const& wanted);
enum class IssueState { opened, closed };
void set_issue_state(World& world, Project& project, Issue& issue, User const& by,
                     IssueState state);

}  // namespace fairlead::sandbox
