#include "api/endpoint.h"

#include <algorithm>
#include <charconv>

#include "api/problem.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr int limit_default = 50;
constexpr int limit_max = 500;

std::string_view bearer_of(net::ServerRequest const& request) {
  std::string_view value = request.headers.get("authorization");
  constexpr std::string_view scheme = "bearer ";
  if (value.size() < scheme.size() || !equals_ignoring_case(value.substr(0, scheme.size()), scheme))
    return "";
  return trim(value.substr(scheme.size()));
}

Error role_too_low(access::Principal const& caller, access::Role needed) {
  Error error = make_error(ErrorKind::denied, "\"" + caller.name + "\" has the role " +
                                                  std::string(access::to_string(caller.role)) +
                                                  "; this needs " +
                                                  std::string(access::to_string(needed)) + ".");
  error.remedy = "Use a token with that role, or ask an org admin.";
  return error;
}

// 401: who are you; 403: you may not. Errors of the handler are never either of them.
net::ServerResponse answer(Endpoint const& endpoint, net::ServerRequest const& request,
                           access::ApiTokens& tokens) {
  access::Principal caller;
  if (endpoint.role) {
    auto known = tokens.check(bearer_of(request));
    if (!known.ok() && known.error().kind == ErrorKind::denied) return problem(known.error(), 401);
    if (!known.ok()) return problem(known.error());
    caller = std::move(known).value();
    if (!access::allows(caller.role, *endpoint.role))
      return problem(role_too_low(caller, *endpoint.role), 403);
  }
  auto result = endpoint.handler(Call{.request = request, .caller = std::move(caller)});
  return result.ok() ? std::move(result).value() : problem(result.error());
}

}  // namespace

Result<Json> json_body(net::ServerRequest const& request) {
  std::string_view type = request.headers.get("content-type");
  if (!type.empty() && type.find("json") == std::string_view::npos) {
    Error error = invalid_input(
        "Content-Type", "The body must be JSON, but Content-Type is " + shorten(type, 80) + ".");
    error.remedy = "Send the header \"Content-Type: application/json\".";
    return error;
  }
  if (trim(request.body).empty())
    return invalid_input("", "The request has no body; a JSON object is needed.");
  FAIRLEAD_TRY(auto body, Json::parse(request.body));
  if (!body.is_object()) return invalid_input("", "The body must be a JSON object.");
  return body;
}

Result<void> only_members(Json const& object, std::vector<std::string> const& known) {
  for (auto const& [name, value] : object.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string message = "There is no field \"" + shorten(name, 80) + "\" here.";
    if (auto nearest = nearest_name(name, known)) message += " Did you mean \"" + *nearest + "\"?";
    Error error = invalid_input(name, std::move(message));
    error.remedy = "Known fields: " + join(known, ", ") + ".";
    return error;
  }
  return {};
}

Result<bool> flag_of(Json const& object, std::string const& name) {
  if (object[name].is_null()) return false;
  if (object[name].is_bool()) return object[name].as_bool();
  return invalid_input(name, "\"" + name + "\" must be true or false.");
}

Result<std::string> text_of(Json const& object, std::string const& name) {
  if (object[name].is_null()) return std::string();
  if (object[name].is_string()) return object[name].as_string();
  return invalid_input(name, "\"" + name + "\" must be a string.");
}

Result<int> limit_of(net::ServerRequest const& request) {
  std::string_view text = request.query_value("limit");
  if (text.empty()) return limit_default;
  int limit = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (code != std::errc() || end != text.data() + text.size() || limit < 1 || limit > limit_max)
    return invalid_input("limit",
                         "limit must be a number from 1 to " + std::to_string(limit_max) + ".");
  return limit;
}

net::Route guarded(Endpoint endpoint, access::ApiTokens& tokens) {
  net::Route route{.method = endpoint.method, .pattern = endpoint.path, .handler = {}};
  route.handler = [endpoint = std::move(endpoint), &tokens](net::ServerRequest const& request) {
    net::ServerResponse response = answer(endpoint, request, tokens);
    if (!response.headers.contains("Cache-Control"))
      response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    return response;
  };
  return route;
}

}  // namespace fairlead::api
