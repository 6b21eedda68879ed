#include "api/users.h"

#include <algorithm>

#include "api/paging.h"
#include "api/problem.h"
#include "api/search_words.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

using access::Principal;
using access::Role;
using store::UserRecord;

constexpr std::string_view oneself = "me";

Result<Role> role_of(Json const& body) {
  FAIRLEAD_TRY(auto const name, text_of(body, "role"));
  if (auto role = access::role_from(name)) return *role;
  return invalid_input("role", "The role must be viewer, operator, author or org-admin.");
}

// A token that belongs to nobody must not be taken for a person, nor the other way round.
Result<void> check_no_token_named(access::ApiTokens& tokens, std::string const& username) {
  FAIRLEAD_TRY(auto const all, tokens.list({}));
  bool const taken = std::ranges::any_of(all, [&](auto const& token) {
    return token.user.empty() && token.name == username && username != access::admin_token_name;
  });
  if (!taken) return {};
  Error error = make_error(ErrorKind::conflict,
                           "There is an API token named \"" + username + "\" that is nobody's.");
  error.where = "username";
  error.remedy = "Choose another username, or revoke that token.";
  return error;
}

Json link_json(UserRoutesParts const& parts, Secret const& token) {
  return Json(parts.guard.public_url + "/password?token=" + std::string(token.reveal()));
}

Result<net::ServerResponse> list(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const ask, page_asked(call.request));
  FAIRLEAD_TRY(auto all, parts.people.list());
  SearchWords const words(call.request);
  auto const page = page_by(
      std::move(all), ask, [](UserRecord const& user) { return user.username; },
      [&](UserRecord const& user) {
        return words.in({user.username, user.name, user.email, user.role});
      });
  Json items = Json::array();
  for (auto const& user : page.items)
    items.push_back(to_json(user));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

Result<net::ServerResponse> add(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"username", "name", "email", "role", "password"}));
  access::NewUser user;
  FAIRLEAD_TRY(user.username, text_of(body, "username"));
  FAIRLEAD_TRY(user.name, text_of(body, "name"));
  FAIRLEAD_TRY(user.email, text_of(body, "email"));
  FAIRLEAD_TRY(user.role, role_of(body));
  FAIRLEAD_TRY(auto password, text_of(body, "password"));
  if (!password.empty()) user.password = Secret(std::move(password));
  if (to_lower_ascii(trim(user.username)) == oneself)
    return invalid_input("username", "\"me\" is whoever asks; choose another username.");
  FAIRLEAD_CHECK(check_no_token_named(parts.guard.tokens, to_lower_ascii(trim(user.username))));
  FAIRLEAD_TRY(auto const made, parts.people.add(user));
  call.note.target = made.username;
  call.note.detail = Json::object({{"role", made.role}});
  Json json = to_json(made);
  if (!user.password) {
    FAIRLEAD_TRY(auto const link, parts.people.make_password_link(made.id));
    json.set("passwordLink", link_json(parts, link));
  }
  return net::json_response(201, json);
}

Result<net::ServerResponse> show(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, parts.people.find(call.request.param("id")));
  return net::json_response(200, to_json(user));
}

Result<access::UserChange> change_of(Json const& body) {
  access::UserChange change;
  for (auto const& [name, field] : {std::pair{"username", &change.username},
                                    {"name", &change.name},
                                    {"email", &change.email}}) {
    if (!body.contains(name)) continue;
    FAIRLEAD_TRY(*field, text_of(body, name));
  }
  if (body.contains("role")) {
    FAIRLEAD_TRY(change.role, role_of(body));
  }
  if (body.contains("disabled")) {
    FAIRLEAD_TRY(bool const disabled, flag_of(body, "disabled"));
    change.standing = disabled ? UserRecord::Standing::disabled : UserRecord::Standing::active;
  }
  FAIRLEAD_TRY(auto password, text_of(body, "password"));
  if (!password.empty()) change.password = Secret(std::move(password));
  return change;
}

// For the audit log: names of fields, and of roles as they are no secret.
Json changed_fields(UserRecord const& before, UserRecord const& after) {
  Json detail = Json::object();
  if (before.role != after.role)
    detail.set("role", Json::object({{"from", before.role}, {"to", after.role}}));
  if (before.username != after.username) detail.set("username", after.username);
  if (before.name != after.name) detail.set("name", "changed");
  if (before.email != after.email) detail.set("email", "changed");
  if (before.password_hash != after.password_hash) detail.set("password", "changed");
  if (before.standing != after.standing)
    detail.set("disabled", after.standing == UserRecord::Standing::disabled);
  return detail;
}

Result<net::ServerResponse> change(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"username", "name", "email", "role", "disabled", "password"}));
  FAIRLEAD_TRY(auto const wanted, change_of(body));
  FAIRLEAD_TRY(auto const before, parts.people.find(call.request.param("id")));
  call.note.target = before.username;
  if (wanted.username && *wanted.username != before.username)
    FAIRLEAD_CHECK(
        check_no_token_named(parts.guard.tokens, to_lower_ascii(trim(*wanted.username))));
  FAIRLEAD_TRY(auto const after, parts.people.change(before.id, wanted));
  call.note.detail = changed_fields(before, after);
  return net::json_response(200, to_json(after));
}

Result<net::ServerResponse> remove(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, parts.people.find(call.request.param("id")));
  call.note.target = user.username;
  FAIRLEAD_CHECK(parts.people.remove(user.id));
  return net::json_response(200, Json::object({{"id", user.id.text}, {"removed", true}}));
}

Result<net::ServerResponse> make_link(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, parts.people.find(call.request.param("id")));
  call.note.target = user.username;
  FAIRLEAD_TRY(auto const link, parts.people.make_password_link(user.id));
  return net::json_response(
      201, Json::object({{"username", user.username}, {"link", link_json(parts, link)}}));
}

// ---- oneself ----

Result<UserRecord> self(UserRoutesParts const& parts, Call const& call) {
  if (!call.caller.user.empty()) return parts.people.get(call.caller.user);
  Error error = make_error(ErrorKind::conflict,
                           "The API token \"" + call.caller.name + "\" belongs to no person.");
  error.remedy = "Sign in as a user, or use a token that a user made.";
  return error;
}

Result<net::ServerResponse> change_own_password(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, self(parts, call));
  call.note.target = user.username;
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"current", "new"}));
  FAIRLEAD_TRY(auto current, text_of(body, "current"));
  FAIRLEAD_TRY(auto fresh, text_of(body, "new"));
  auto changed = parts.people.change_password({.username = user.username,
                                               .password = Secret(std::move(current)),
                                               .from = address_of(call.request)},
                                              Secret(std::move(fresh)));
  if (!changed.ok() && changed.error().kind == ErrorKind::denied) {
    Error error = make_error(ErrorKind::invalid_input, "This is not your present password.");
    error.where = "current";
    return error;
  }
  FAIRLEAD_CHECK(std::move(changed));
  std::string const token = call.request.cookie(std::string(session_cookie));
  FAIRLEAD_TRY(int const ended,
               parts.guard.sessions.end_others(
                   user.id, call.caller.kind == Principal::Kind::session ? token : ""));
  return net::json_response(200, Json::object({{"changed", true}, {"sessionsEnded", ended}}));
}

Result<net::ServerResponse> own_sessions(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, self(parts, call));
  FAIRLEAD_TRY(auto const all, parts.guard.sessions.list(user.id));
  Json items = Json::array();
  for (auto const& session : all)
    items.push_back(Json::object({{"id", session.id},
                                  {"way", session.way},
                                  {"from", session.from},
                                  {"agent", session.agent},
                                  {"createdAt", format_time(session.created_at)},
                                  {"seenAt", format_time(session.seen_at)},
                                  {"expiresAt", format_time(session.expires_at)},
                                  {"current", session.id == call.caller.session}}));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> end_own_session(UserRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const user, self(parts, call));
  auto const& id = call.request.param("id");
  FAIRLEAD_CHECK(parts.guard.sessions.end_by_id(user.id, id));
  return net::json_response(200, Json::object({{"id", id}, {"ended", true}}));
}

}  // namespace

Json to_json(UserRecord const& user) {
  Json json = user_summary(user);
  json.set("disabled", user.standing == UserRecord::Standing::disabled);
  json.set("hasPassword", !user.password_hash.empty());
  json.set("gitlab", user.issuer.empty() ? Json() : Json(user.issuer));
  json.set("createdAt", format_time(user.created_at));
  json.set("updatedAt", format_time(user.updated_at));
  json.set("signedInAt", user.signed_in_at ? Json(format_time(*user.signed_in_at)) : Json());
  return json;
}

std::vector<Endpoint> user_endpoints(UserRoutesParts const& parts) {
  using net::Method;
  constexpr auto admin = Role::org_admin;
  constexpr auto anybody = Role::viewer;
  std::string const users = "/api/v1/users";
  std::string const one = users + "/{id}";
  std::string const me = users + "/me";
  auto with = [&parts](auto handle) {
    return [parts, handle](Call const& call) { return handle(parts, call); };
  };
  return {{Method::get, users, admin, "List users", with(list)},
          {Method::post, users, admin, "Add a user", with(add)},
          {Method::get, one, admin, "Show a user", with(show)},
          {Method::patch, one, admin, "Change a user", with(change)},
          {Method::delete_, one, admin, "Remove a user", with(remove)},
          {Method::post, one + "/password-link", admin, "Make a one-time link for a new password",
           with(make_link)},
          {Method::post, me + "/password", anybody, "Change one's own password",
           with(change_own_password)},
          {Method::get, me + "/sessions", anybody, "List one's own sessions", with(own_sessions)},
          {Method::delete_, me + "/sessions/{id}", anybody, "End one of one's own sessions",
           with(end_own_session)}};
}

}  // namespace fairlead::api
