#include "api/session.h"

#include "api/problem.h"
#include "base/text.h"
#include "net/url.h"

namespace fairlead::api {
namespace {

using access::Principal;

constexpr int unauthorized = 401;
constexpr std::size_t username_shown_max = 64;

std::string cookie_attributes(std::string_view public_url) {
  auto const url = net::parse_url(public_url);
  std::string path = url.ok() ? url->path : "";
  while (path.ends_with('/'))
    path.pop_back();
  std::string text = "; Path=" + path + "/; HttpOnly; SameSite=Lax";
  if (public_url.starts_with("https://")) text += "; Secure";
  return text;
}

Json ways_json(SessionRoutesParts const& parts) {
  Json ways = Json::object({{"password", true}});
  ways.set("gitlab", parts.gitlab_ways ? parts.gitlab_ways() : Json::array());
  return ways;
}

Result<Json> session_json(SessionRoutesParts const& parts) {
  FAIRLEAD_TRY(bool const set_up, parts.people.is_set_up());
  return Json::object({{"setupNeeded", !set_up}, {"signIn", ways_json(parts)}});
}

Result<Json> signed_in_json(SessionRoutesParts const& parts, store::UserRecord const& user,
                            std::string_view token) {
  FAIRLEAD_TRY(auto json, session_json(parts));
  json.set("user", user_summary(user));
  json.set("csrfToken", access::Sessions::csrf_token(token));
  return json;
}

Result<net::ServerResponse> show(SessionRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto json, session_json(parts));
  FAIRLEAD_TRY(auto const caller, known_caller(call.request, parts.guard));
  if (caller.kind == Principal::Kind::nobody) return net::json_response(200, json);
  if (caller.user.empty()) {
    json.set("user", Json::object({{"id", ""},
                                   {"username", caller.name},
                                   {"name", caller.name},
                                   {"email", ""},
                                   {"role", access::to_string(caller.role)}}));
    return net::json_response(200, json);
  }
  FAIRLEAD_TRY(auto const user, parts.people.get(caller.user));
  json.set("user", user_summary(user));
  if (caller.kind == Principal::Kind::session)
    json.set("csrfToken",
             access::Sessions::csrf_token(call.request.cookie(std::string(session_cookie))));
  return net::json_response(200, json);
}

Result<net::ServerResponse> welcome(SessionRoutesParts const& parts, Call const& call,
                                    store::UserRecord const& user, std::string const& way) {
  call.note.actor = principal_of(user);
  FAIRLEAD_TRY(auto const token, sign_in_browser(parts, call, user, way));
  FAIRLEAD_TRY(auto const json, signed_in_json(parts, user, token.reveal()));
  auto response = net::json_response(200, json);
  response.headers.add("Set-Cookie", session_cookie_header(token, parts.guard.public_url));
  return response;
}

Result<net::ServerResponse> set_up(SessionRoutesParts const& parts, Call const& call) {
  call.note.action = "setup.finish";
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"token", "username", "name", "email", "password"}));
  access::NewUser user;
  FAIRLEAD_TRY(auto link, text_of(body, "token"));
  FAIRLEAD_TRY(user.username, text_of(body, "username"));
  FAIRLEAD_TRY(user.name, text_of(body, "name"));
  FAIRLEAD_TRY(user.email, text_of(body, "email"));
  FAIRLEAD_TRY(auto password, text_of(body, "password"));
  user.password = Secret(std::move(password));
  FAIRLEAD_TRY(auto const made, parts.people.set_up(Secret(std::move(link)), std::move(user)));
  call.note.target = made.username;
  return welcome(parts, call, made, "link");
}

Result<net::ServerResponse> sign_in(SessionRoutesParts const& parts, Call const& call) {
  call.note.action = access::sign_in_action;
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"username", "password"}));
  access::People::Attempt attempt;
  FAIRLEAD_TRY(attempt.username, text_of(body, "username"));
  FAIRLEAD_TRY(auto password, text_of(body, "password"));
  attempt.password = Secret(std::move(password));
  attempt.from = address_of(call.request);
  call.note.actor = Principal{};
  call.note.actor->name = shorten(attempt.username, username_shown_max);
  auto user = parts.people.sign_in(attempt);
  if (!user.ok() && user.error().kind == ErrorKind::denied)
    return problem(user.error(), unauthorized);
  if (!user.ok()) return std::move(user).error();
  return welcome(parts, call, *user, "password");
}

Result<net::ServerResponse> sign_out(SessionRoutesParts const& parts, Call const& call) {
  call.note.action = "session.sign-out";
  FAIRLEAD_CHECK(parts.guard.sessions.end(call.request.cookie(std::string(session_cookie))));
  auto response = net::json_response(200, Json::object({{"signedOut", true}}));
  response.headers.add("Set-Cookie", session_cookie_end(parts.guard.public_url));
  return response;
}

// Sets a new password with the link an org admin made; signs nobody in.
Result<net::ServerResponse> reset(SessionRoutesParts const& parts, Call const& call) {
  call.note.action = "users.password.by-link";
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"token", "password"}));
  FAIRLEAD_TRY(auto link, text_of(body, "token"));
  FAIRLEAD_TRY(auto password, text_of(body, "password"));
  FAIRLEAD_TRY(auto const user, parts.people.set_password_by_link(Secret(std::move(link)),
                                                                  Secret(std::move(password))));
  call.note.target = user.username;
  call.note.actor = principal_of(user);
  return net::json_response(200, Json::object({{"username", user.username}}));
}

}  // namespace

access::Principal principal_of(store::UserRecord const& user) {
  access::Principal principal;
  principal.name = user.username;
  principal.role = access::role_from(user.role).value_or(access::Role::viewer);
  principal.kind = access::Principal::Kind::session;
  principal.user = user.id;
  return principal;
}

std::string session_cookie_header(Secret const& token, std::string_view public_url) {
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(access::session_age_max);
  return std::string(session_cookie) + "=" + std::string(token.reveal()) +
         cookie_attributes(public_url) + "; Max-Age=" + std::to_string(seconds.count());
}

std::string session_cookie_end(std::string_view public_url) {
  return std::string(session_cookie) + "=" + cookie_attributes(public_url) + "; Max-Age=0";
}

Result<Secret> sign_in_browser(SessionRoutesParts const& parts, Call const& call,
                               store::UserRecord const& user, std::string const& way) {
  FAIRLEAD_CHECK(parts.guard.sessions.end(call.request.cookie(std::string(session_cookie))));
  return parts.guard.sessions.open(user.id,
                                   {.way = way,
                                    .from = address_of(call.request),
                                    .agent = std::string(call.request.headers.get("User-Agent"))});
}

Json user_summary(store::UserRecord const& user) {
  return Json::object({{"id", user.id.text},
                       {"username", user.username},
                       {"name", user.name},
                       {"email", user.email},
                       {"role", user.role}});
}

std::vector<Endpoint> session_endpoints(SessionRoutesParts const& parts) {
  using access::Role;
  using net::Method;
  std::string const session = "/api/v1/session";
  return {
      {Method::get, session, std::nullopt, "Who is signed in, and how to sign in",
       [parts](Call const& call) { return show(parts, call); }},
      {Method::post, session, std::nullopt, "Sign in with a password",
       [parts](Call const& call) { return sign_in(parts, call); }},
      {Method::delete_, session, Role::viewer, "Sign out",
       [parts](Call const& call) { return sign_out(parts, call); }},
      {Method::post, "/api/v1/setup", std::nullopt, "Make the first org admin",
       [parts](Call const& call) { return set_up(parts, call); }},
      {Method::post, "/api/v1/password", std::nullopt, "Set a new password with a one-time link",
       [parts](Call const& call) { return reset(parts, call); }}};
}

}  // namespace fairlead::api
