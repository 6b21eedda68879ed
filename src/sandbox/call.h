// Call: one request on its way through a handler: who asks, for what, with which parameters.
//
// Built by the front after authentication, lives on its stack while World::mutex is held. find_*
// functions apply GitLab's rule that what the caller may not see does not exist (404), and what
// they see but may not change is 403.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.h"
#include "sandbox/params.h"
#include "sandbox/reply.h"
#include "sandbox/world.h"

namespace fairlead::sandbox {

struct Caller {
  User* user{nullptr};  // nullptr: nobody signed in
  std::vector<std::string> scopes;
  std::string token;  // the credential's value, for token info and limits
  enum class Kind { anonymous, personal_token, oauth } kind{Kind::anonymous};
};

struct Call {
  World& world;
  net::Method method;
  std::string_view target;             // as received, sub-path removed, still encoded
  std::vector<std::string> segments;   // decoded
  std::vector<std::string> arguments;  // values of ":name" parts of the pattern, in order
  std::string_view pattern;            // of the route taken
  Params in;
  Caller caller;
  net::Headers const& headers;
  std::string_view body;
  Json sent;  // parameters as sent in the query, for Link headers

  [[nodiscard]] User* user() const { return caller.user; }
  [[nodiscard]] bool admin() const { return caller.user != nullptr && caller.user->admin; }
  [[nodiscard]] Time now() const { return world.now(); }
  // A whole number in the path, else 400 "<name> is invalid".
  [[nodiscard]] Result<Number> number_argument(std::size_t index, std::string_view name) const;
};

// What a route asks of the token.
enum class Need {
  nothing,    // public data: no token needed, a wrong one is refused all the same
  signed_in,  // any token with api, or read_api for reads
  user_read,  // as signed_in, and read_user is enough for reads
  any_token,  // any valid token whatever its scopes
};

using Handler = Result<Reply> (*)(Call&);

struct ApiRoute {
  net::Method method;
  std::string_view
      pattern;  // "projects/:id/issues/:issue_iid", below /api/v4/ or below the root for pages
  Handler handler;
  Need need{Need::signed_in};
};
using ApiRoutes = std::vector<ApiRoute>;

// 404 Project Not Found, or 301 (GET) / 405 for a moved one. `reference`: id or full path.
Result<Project*> find_project(Call& call, std::string const& reference);
// The project of argument 0 at which the caller has at least the role `at_least` holds for; else
// 403.
using Ability = bool (*)(Number access_level);
Result<Project*> find_project_for(Call& call, Ability ability);
Result<Group*> find_group(Call& call, std::string const& reference);

// "403 Forbidden" unless the caller's level passes.
bool at_least_planner(Number access_level);
bool at_least_reporter(Number access_level);
bool at_least_developer(Number access_level);
bool at_least_maintainer(Number access_level);
bool is_owner(Number access_level);

}  // namespace fairlead::sandbox
