#include "api/tokens.h"

#include <algorithm>
#include <map>

#include "api/paging.h"
#include "api/problem.h"
#include "api/search_words.h"

namespace fairlead::api {
namespace {

using access::Role;
using store::ApiTokenRecord;

constexpr int forbidden = 403;

Json to_json(ApiTokenRecord const& token, std::string const& owner) {
  return Json::object(
      {{"id", token.id},
       {"name", token.name},
       {"role", token.role},
       {"user", owner.empty() ? Json() : Json(owner)},
       {"createdAt", format_time(token.created_at)},
       {"expiresAt", token.expires_at ? Json(format_time(*token.expires_at)) : Json()}});
}

// Tokens the caller may see: all for org admins, else their own.
Result<std::vector<ApiTokenRecord>> visible(TokenRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto all, parts.tokens.list({}));
  if (call.caller.role != Role::org_admin)
    std::erase_if(all, [&](auto const& token) {
      return call.caller.user.empty() || token.user != call.caller.user;
    });
  return all;
}

Result<net::ServerResponse> list(TokenRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const ask, page_asked(call.request));
  FAIRLEAD_TRY(auto tokens, visible(parts, call));
  FAIRLEAD_TRY(auto const users, parts.people.list());
  std::map<UserId, std::string> names;
  for (auto const& user : users)
    names[user.id] = user.username;
  SearchWords const words(call.request);
  auto const page = page_by(
      std::move(tokens), ask,
      [](ApiTokenRecord const& token) {
        return key_of({token.name, format_time(token.created_at), token.id});
      },
      [&](ApiTokenRecord const& token) {
        return words.in({token.name, token.role, names[token.user]});
      });
  Json items = Json::array();
  for (auto const& token : page.items)
    items.push_back(to_json(token, names[token.user]));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

Result<std::optional<Time>> end_of(Json const& body) {
  FAIRLEAD_TRY(auto const text, text_of(body, "expiresAt"));
  if (text.empty()) return std::optional<Time>();
  if (auto time = parse_time(text)) return std::optional(*time);
  return invalid_input("expiresAt", "This is not a time like 2027-01-31T00:00:00Z.");
}

// A token that is nobody's goes by its own name, which must not be that of a person.
Result<void> check_no_user_named(access::People& people, std::string const& name) {
  auto const user = people.find(name);
  if (!user.ok() && user.error().kind == ErrorKind::not_found) return {};
  if (!user.ok()) return user.error();
  return invalid_input("name", "There is a user \"" + user->username +
                                   "\"; a token that is nobody's needs another name.");
}

Result<net::ServerResponse> make(TokenRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"name", "role", "expiresAt"}));
  access::NewToken wanted;
  FAIRLEAD_TRY(wanted.name, text_of(body, "name"));
  FAIRLEAD_TRY(auto const role_name, text_of(body, "role"));
  auto const role = access::role_from(role_name);
  if (!role)
    return invalid_input("role", "The role must be viewer, operator, author or org-admin.");
  wanted.role = *role;
  FAIRLEAD_TRY(wanted.expires_at, end_of(body));
  wanted.user = call.caller.user;
  call.note.target = wanted.name;
  call.note.detail = Json::object({{"role", role_name}});
  if (!access::allows(call.caller.role, *role)) {
    Error error =
        make_error(ErrorKind::denied, "A token cannot have the role " + role_name +
                                          ", which is more than "
                                          "your own (" +
                                          std::string(access::to_string(call.caller.role)) + ").");
    error.where = "role";
    error.remedy = "Choose a role that is not above yours, or ask an org admin.";
    return problem(error, forbidden);
  }
  if (wanted.user.empty()) FAIRLEAD_CHECK(check_no_user_named(parts.people, wanted.name));
  FAIRLEAD_TRY(auto const issued, parts.tokens.issue(wanted));
  Json json = to_json(issued.record, wanted.user.empty() ? "" : call.caller.name);
  json.set("token", std::string(issued.text.reveal()));
  return net::json_response(201, json);
}

Result<net::ServerResponse> revoke(TokenRoutesParts const& parts, Call const& call) {
  auto const& id = call.request.param("id");
  FAIRLEAD_TRY(auto const tokens, visible(parts, call));
  auto const found = std::ranges::find_if(
      tokens, [&](auto const& token) { return !id.empty() && token.id == id; });
  if (found == tokens.end())
    return make_error(ErrorKind::not_found, "There is no API token with this id among yours.");
  call.note.target = found->name;
  FAIRLEAD_CHECK(parts.tokens.revoke(id));
  return net::json_response(200, Json::object({{"id", id}, {"revoked", true}}));
}

}  // namespace

std::vector<Endpoint> token_endpoints(TokenRoutesParts const& parts) {
  using net::Method;
  std::string const tokens = "/api/v1/tokens";
  return {{Method::get, tokens, Role::viewer, "List API tokens: one's own, or all for org admins",
           [parts](Call const& call) { return list(parts, call); }},
          {Method::post, tokens, Role::viewer, "Make an API token; its text is shown once",
           [parts](Call const& call) { return make(parts, call); }},
          {Method::delete_, tokens + "/{id}", Role::viewer, "Revoke an API token",
           [parts](Call const& call) { return revoke(parts, call); }}};
}

}  // namespace fairlead::api
