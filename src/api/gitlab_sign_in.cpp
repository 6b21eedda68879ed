#include "api/gitlab_sign_in.h"

#include "api/problem.h"
#include "api/sign_in_pages.h"
#include "net/url.h"

namespace fairlead::api {
namespace {

using access::Principal;
using access::Role;
using connection::OpenIdSignIn;
using connection::OpenIdWay;

constexpr std::string_view openid_cookie = "fairlead_openid";
constexpr std::string_view start_path = "/sign-in/gitlab";
constexpr std::string_view callback_path = "/sign-in/gitlab/callback";

std::string redirect_uri(GitlabSignInParts const& parts) {
  return parts.session.guard.public_url + std::string(callback_path);
}

// Only for our two pages, and as long as a sign-in may take.
std::string cookie_header(GitlabSignInParts const& parts, std::string_view value) {
  std::string_view const public_url = parts.session.guard.public_url;
  auto const url = net::parse_url(public_url);
  std::string path = url.ok() ? url->path : "";
  while (path.ends_with('/'))
    path.pop_back();
  auto const life =
      std::chrono::duration_cast<std::chrono::seconds>(connection::openid_sign_in_life);
  std::string header = std::string(openid_cookie) + "=" + std::string(value) + "; Path=" + path +
                       std::string(start_path) + "; HttpOnly; SameSite=Lax; Max-Age=" +
                       (value.empty() ? "0" : std::to_string(life.count()));
  if (public_url.starts_with("https://")) header += "; Secure";
  return header;
}

net::ServerResponse redirect(std::string target) {
  net::ServerResponse response = net::text_response(303, "");
  response.headers.add("Location", std::move(target));
  response.headers.add("Referrer-Policy", "no-referrer");
  return response;
}

net::ServerResponse start(GitlabSignInParts const& parts, Call const& call) {
  OpenIdSignIn::Wish wish{.connection = std::string(call.request.query_value("connection")),
                          .redirect_uri = redirect_uri(parts),
                          .return_to = std::string(call.request.query_value("return")),
                          .link_to = {}};
  if (call.request.query_value("link") == "1") {
    auto const caller = known_caller(call.request, parts.session.guard);
    if (!caller.ok()) return failure_page(caller.error());
    wish.link_to = caller->user;
  }
  auto const begun = parts.openid.begin(wish);
  if (!begun.ok()) return failure_page(begun.error());
  auto response = redirect(begun->url);
  response.headers.add("Set-Cookie", cookie_header(parts, begun->for_cookie.reveal()));
  return response;
}

// Who GitLab says it is becomes a user of ours. A link needs the session it was asked for with.
Result<store::UserRecord> user_of(GitlabSignInParts const& parts, Call const& call,
                                  connection::OpenIdPerson const& person) {
  if (!person.link_to.empty()) {
    FAIRLEAD_TRY(auto const caller, known_caller(call.request, parts.session.guard));
    if (caller.user != person.link_to)
      return make_error(ErrorKind::denied,
                        "You are no longer signed in as the user who asked for the link.");
  }
  access::NewUser user;
  user.username = person.username;
  user.name = person.name;
  user.email = person.email;
  user.role = person.role;
  return parts.session.people.sign_in_as({.issuer = person.issuer,
                                          .subject = person.subject,
                                          .user = std::move(user),
                                          .link_to = person.link_to});
}

Result<net::ServerResponse> sign_in(GitlabSignInParts const& parts, Call const& call,
                                    Principal& actor) {
  FAIRLEAD_TRY(auto const person,
               parts.openid.complete(
                   {.cookie = Secret(call.request.cookie(std::string(openid_cookie))),
                    .state = std::string(call.request.query_value("state")),
                    .code = Secret(std::string(call.request.query_value("code"))),
                    .error = std::string(call.request.query_value("error")),
                    .error_description = std::string(call.request.query_value("error_description")),
                    .redirect_uri = redirect_uri(parts)}));
  actor.name = person.username;
  FAIRLEAD_TRY(auto const user, user_of(parts, call, person));
  actor = principal_of(user);
  FAIRLEAD_TRY(auto const token, sign_in_browser(parts.session, call, user, "gitlab"));
  std::string base = parts.session.guard.public_url;
  auto response = redirect(base + person.return_to);
  response.headers.add("Set-Cookie", session_cookie_header(token, base));
  return response;
}

// A GET that changes something, so it writes its own line of the audit log.
net::ServerResponse callback(GitlabSignInParts const& parts, Call const& call) {
  Principal actor;
  auto result = sign_in(parts, call, actor);
  access::AuditLog::Act act;
  act.action = "session.sign-in.gitlab";
  act.from = address_of(call.request);
  if (!result.ok()) {
    act.outcome = access::AuditLog::Act::Outcome::refused;
    act.detail = Json::object({{"kind", to_string(result.error().kind)}});
  }
  parts.session.guard.audit.write(actor, act);
  auto response = result.ok() ? std::move(result).value() : failure_page(result.error());
  response.headers.add("Set-Cookie", cookie_header(parts, ""));
  return response;
}

// ---- settings ----

Json to_json(OpenIdWay const& way) {
  Json groups = Json::array();
  for (auto const& group : way.allowed_groups)
    groups.push_back(group);
  Json domains = Json::array();
  for (auto const& domain : way.allowed_domains)
    domains.push_back(domain);
  Json roles = Json::array();
  for (auto const& rule : way.roles)
    roles.push_back(Json::object({{"group", rule.group}, {"role", access::to_string(rule.role)}}));
  return Json::object(
      {{"connection", way.connection},
       {"label", way.label},
       {"clientId", way.client_id},
       {"hasSecret", way.has_secret},
       {"allowedGroups", std::move(groups)},
       {"allowedDomains", std::move(domains)},
       {"roles", std::move(roles)},
       {"defaultRole", way.default_role ? Json(access::to_string(*way.default_role)) : Json()}});
}

Result<std::vector<std::string>> texts_of(Json const& body, std::string const& name) {
  std::vector<std::string> texts;
  if (!body[name].is_null() && !body[name].is_array())
    return invalid_input(name, name + " must be an array of texts.");
  for (auto const& each : body[name].items()) {
    if (!each.is_string()) return invalid_input(name, name + " must be an array of texts.");
    texts.push_back(each.as_string());
  }
  return texts;
}

Result<Role> role_named(Json const& value, std::string const& where) {
  if (auto role = access::role_from(value.as_string())) return *role;
  return invalid_input(where, "A role is viewer, operator, author or org-admin.");
}

Result<OpenIdWay> way_of(Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"label", "clientId", "clientSecret", "allowedGroups",
                                     "allowedDomains", "roles", "defaultRole"}));
  OpenIdWay way;
  way.connection = call.request.param("connection");
  FAIRLEAD_TRY(way.label, text_of(body, "label"));
  FAIRLEAD_TRY(way.client_id, text_of(body, "clientId"));
  if (body.contains("clientSecret")) {
    FAIRLEAD_TRY(auto secret, text_of(body, "clientSecret"));
    way.client_secret = Secret(std::move(secret));
  }
  FAIRLEAD_TRY(way.allowed_groups, texts_of(body, "allowedGroups"));
  FAIRLEAD_TRY(way.allowed_domains, texts_of(body, "allowedDomains"));
  for (auto const& rule : body["roles"].items()) {
    FAIRLEAD_TRY(auto const role, role_named(rule["role"], "roles"));
    way.roles.push_back({.group = rule["group"].as_string(), .role = role});
  }
  if (!body["defaultRole"].is_null()) {
    FAIRLEAD_TRY(way.default_role, role_named(body["defaultRole"], "defaultRole"));
  }
  return way;
}

Result<net::ServerResponse> list(GitlabSignInParts const& parts) {
  FAIRLEAD_TRY(auto const ways, parts.openid.ways());
  Json items = Json::array();
  for (auto const& way : ways)
    items.push_back(to_json(way));
  return net::json_response(200, Json::object({{"items", std::move(items)},
                                               {"redirectUri", redirect_uri(parts)},
                                               {"scopes", "openid profile email"}}));
}

Result<net::ServerResponse> set(GitlabSignInParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const wanted, way_of(call));
  FAIRLEAD_CHECK(parts.openid.set(wanted));
  FAIRLEAD_TRY(auto const ways, parts.openid.ways());
  for (auto const& way : ways)
    if (way.connection == wanted.connection) return net::json_response(200, to_json(way));
  return make_error(ErrorKind::internal, "The sign-in was set and is not there.");
}

Result<net::ServerResponse> remove(GitlabSignInParts const& parts, Call const& call) {
  auto const& name = call.request.param("connection");
  FAIRLEAD_CHECK(parts.openid.remove(name));
  return net::json_response(200, Json::object({{"connection", name}, {"removed", true}}));
}

}  // namespace

Json gitlab_ways(OpenIdSignIn& openid) {
  Json items = Json::array();
  auto const ways = openid.ways();
  if (!ways.ok()) return items;
  for (auto const& way : *ways)
    items.push_back(
        Json::object({{"connection", way.connection},
                      {"label", way.label.empty() ? "Sign in with GitLab" : way.label}}));
  return items;
}

std::vector<Endpoint> gitlab_sign_in_endpoints(GitlabSignInParts const& parts) {
  using net::Method;
  constexpr auto admin = Role::org_admin;
  std::string const settings = "/api/v1/settings/sign-in";
  std::string const one = settings + "/{connection}";
  return {{Method::get, std::string(start_path), std::nullopt, "Sign in with GitLab: to GitLab",
           [parts](Call const& call) { return start(parts, call); }},
          {Method::get, std::string(callback_path), std::nullopt,
           "Sign in with GitLab: back from GitLab",
           [parts](Call const& call) { return callback(parts, call); }},
          {Method::get, settings, admin, "How people sign in with GitLab",
           [parts](Call const&) { return list(parts); }},
          {Method::put, one, admin, "Let people sign in with a connection's GitLab",
           [parts](Call const& call) { return set(parts, call); }},
          {Method::delete_, one, admin, "End the sign-in with a connection's GitLab",
           [parts](Call const& call) { return remove(parts, call); }}};
}

}  // namespace fairlead::api
