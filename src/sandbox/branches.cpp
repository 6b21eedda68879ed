// Branches of a repository. Source: doc/api/branches.md (19.5).
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/events.h"
#include "sandbox/paging.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Json branch_json(Call& call, Project const& project, Branch const& branch) {
  Number const role = level_in(call.world, project, call.user());
  bool const can_push = branch.protected_ ? role >= level::maintainer : role >= level::developer;
  return Json::object(
      {{"name", branch.name},
       {"commit", commit_json(call.world, project, branch.commit)},
       {"merged", false},
       {"protected", branch.protected_},
       {"developers_can_push", false},
       {"developers_can_merge", false},
       {"can_push", can_push},
       {"default", branch.name == project.default_branch},
       {"web_url", call.world.web_url(project.full_path + "/-/tree/" + branch.name)}});
}

Result<Branch*> find_branch(Call& call, Project& project) {
  auto const it = project.branches.find(call.arguments.at(1));
  if (it == project.branches.end()) return no_such("Branch");
  return &it->second;
}

Result<Reply> list_branches(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  std::string const search = call.in.text("search");
  std::vector<Branch const*> rows;
  for (auto const& [name, branch] : project->branches) {
    bool const starts = search.starts_with('^') && name.starts_with(search.substr(1));
    if (search.empty() || starts || contains_ignoring_case(name, search)) rows.push_back(&branch);
  }
  return page_reply(
      call, rows.size(), {}, [&](std::size_t i) { return branch_json(call, *project, *rows[i]); },
      [](std::size_t i) { return static_cast<Number>(i); });
}

Result<Reply> get_branch(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project(call, call.arguments[0]));
  FAIRLEAD_TRY(Branch * branch, find_branch(call, *project));
  return json_reply(200, branch_json(call, *project, *branch));
}

Result<Reply> create_branch(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_developer));
  call.in.require("branch");
  call.in.require("ref");
  std::string const name = call.in.text("branch");
  std::string const ref = call.in.text("ref");
  FAIRLEAD_CHECK(call.in.check());
  if (project->branches.contains(name)) return refuse_message(400, "Branch already exists");
  Commit commit;
  for (auto const& [other, branch] : project->branches) {
    if (other == ref || branch.commit.sha == ref) commit = branch.commit;
  }
  if (commit.sha.empty()) return refuse_message(400, "Invalid reference name: " + ref);
  if (name.find(' ') != std::string::npos || name.starts_with('-')) {
    return refuse_message(400, "Branch name is invalid");
  }
  Branch const& branch = project->branches[name] = {.name = name, .commit = commit};
  announce_push(call.world, *project, *call.user(),
                {.branch = name, .before = std::string(40, '0'), .after = commit.sha});
  return json_reply(201, branch_json(call, *project, branch));
}

Result<Reply> delete_branch(Call& call) {
  FAIRLEAD_TRY(Project * project, find_project_for(call, at_least_developer));
  FAIRLEAD_TRY(Branch * branch, find_branch(call, *project));
  if (branch->name == project->default_branch)
    return refuse_message(405, "Cannot remove HEAD branch");
  if (branch->protected_) return refuse_message(405, "Protected branch cannot be removed");
  project->branches.erase(call.arguments[1]);
  return no_content();
}

}  // namespace

Branch& add_branch(World& world, Project& project, std::string name, std::string message) {
  Branch& branch = project.branches[name];
  branch.name = std::move(name);
  branch.commit = {.sha = new_sha(world), .message = std::move(message), .created_at = world.now()};
  return branch;
}

ApiRoutes branch_routes() {
  using enum net::Method;
  return {{get, "projects/:id/repository/branches", list_branches, Need::nothing},
          {post, "projects/:id/repository/branches", create_branch, Need::signed_in},
          {get, "projects/:id/repository/branches/:branch", get_branch, Need::nothing},
          {delete_, "projects/:id/repository/branches/:branch", delete_branch, Need::signed_in}};
}

}  // namespace fairlead::sandbox
