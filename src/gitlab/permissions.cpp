#include "gitlab/permissions.h"

#include <algorithm>
#include <array>

#include "action/scopes.h"
#include "base/text.h"

namespace fairlead::gitlab {
namespace {

using action::Effect;
using action::Scope;

constexpr std::string_view any_call = "call-api";

struct ScopeText {
  std::string_view name;
  std::string_view why;
};
constexpr std::array scope_texts{
    ScopeText{"api",
              "Everything this account may do: creating, changing, starting pipelines, "
              "inviting, webhooks. GitLab has no smaller scope for writing."},
    ScopeText{"read_api", "Reading projects, issues, pipelines, groups, members and users."},
    ScopeText{"read_user", "Reading users, and who is signed in."},
    ScopeText{"read_repository", "Cloning over https and reading files; no API call of an action."},
    ScopeText{"write_repository", "Pushing over https; no API call of an action."},
    ScopeText{"openid", "Signing in to Fairlead with GitLab."},
    ScopeText{"profile", "Name and picture at sign-in."},
    ScopeText{"email", "E-mail address at sign-in."},
};

bool has(std::string const& scopes, std::string_view scope) {
  auto const words = split(scopes, ' ');
  return std::find(words.begin(), words.end(), scope) != words.end();
}

// Projects and repositories are where other documents name read_repository.
bool is_of_projects(std::string_view name) {
  return name == "get-project" || name == "list-projects";
}

void name_narrower(action::ActionInfo const& info, Permission& permission) {
  if (info.name == any_call) {
    permission.narrower = "read_api";
    permission.note = "read_api covers GET and HEAD; every other method needs api.";
  } else if (info.scope == Scope::read_user) {
    permission.narrower = "read_user";
    permission.note = "read_user is enough.";
  } else if (info.scope == Scope::read_api) {
    permission.narrower = "read_api";
    permission.note =
        is_of_projects(info.name)
            ? "read_api is enough. read_repository, which some documents name, covers "
              "git and files only."
            : "read_api is enough.";
  } else if (info.effect == Effect::creates) {
    permission.narrower = "write_repository";
    permission.truth = Permission::Truth::falls_short;
    permission.note =
        "Some documents name write_repository. It covers pushing only: GitLab answers this call "
        "with 403 insufficient_scope. There is no scope for writing smaller than api.";
  } else {
    permission.note = "There is no scope for writing smaller than api.";
  }
}

void judge(action::ActionInfo const& info, Grant const& grant, Permission& permission) {
  bool const any = info.name == any_call;
  bool const writes = info.effect != Effect::reads;
  if (writes && grant.kept == Grant::Kept::read_only) {
    permission.reason = "This connection is kept read-only.";
  } else if (!action::grants(grant.scopes, info.scope)) {
    permission.reason = "Needs the scope " + std::string(action::to_string(info.scope)) +
                        "; granted: " + (grant.scopes.empty() ? "none" : grant.scopes) + ".";
  } else {
    return;
  }
  bool const can_read = action::grants(grant.scopes, Scope::read_api);
  permission.allowed = any && can_read ? Permission::Allowed::reads_only : Permission::Allowed::no;
}

}  // namespace

std::vector<ScopeUse> scope_uses(Grant const& grant) {
  std::vector<ScopeUse> uses;
  for (auto const& text : scope_texts)
    uses.push_back({.scope = std::string(text.name),
                    .why = std::string(text.why),
                    .granted = has(grant.scopes, text.name)});
  for (auto const& scope : split(grant.scopes, ' ')) {
    bool const known = std::any_of(scope_texts.begin(), scope_texts.end(),
                                   [&](ScopeText const& text) { return text.name == scope; });
    if (!known && !scope.empty())
      uses.push_back({.scope = scope, .why = "No action uses it.", .granted = true});
  }
  return uses;
}

std::vector<Permission> permissions_of(action::Catalogue const& catalogue, Grant const& grant) {
  std::vector<Permission> all;
  for (auto const& one : catalogue.actions()) {
    if (one.info.scope == Scope::none) continue;
    Permission permission{.id = one.info.id(),
                          .title = one.info.title,
                          .scope = one.info.scope,
                          .role = one.info.role};
    name_narrower(one.info, permission);
    judge(one.info, grant, permission);
    all.push_back(std::move(permission));
  }
  return all;
}

}  // namespace fairlead::gitlab
