#include "sandbox/auth.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead::sandbox {
namespace {

constexpr std::string_view expired_text =
    "Token is expired. You can either do re-authorization or token refresh.";
constexpr std::string_view revoked_text =
    "Token was revoked. You have to re-authorize from the user.";

bool has_scope(Caller const& caller, std::string_view scope) {
  return std::find(caller.scopes.begin(), caller.scopes.end(), scope) != caller.scopes.end();
}

Result<Caller> with_user(World& world, Caller caller, Number user_id) {
  caller.user = world.user(user_id);
  if (caller.user == nullptr) return unauthorized();
  if (caller.user->state == "blocked") return forbidden("Your account has been blocked.");
  return caller;
}

Result<Caller> from_personal(World& world, std::string_view value) {
  auto const it = world.state.personal_tokens.find(value);
  if (it == world.state.personal_tokens.end()) return unauthorized();
  PersonalToken& token = it->second;
  if (token.revoked) return invalid_token(revoked_text);
  if (!token.expires_on.empty() && token.expires_on <= format_date(world.now()))
    return invalid_token(expired_text);
  token.last_used_at = world.now();
  Caller caller;
  caller.scopes = token.scopes;
  caller.token = value;
  caller.kind = Caller::Kind::personal_token;
  return with_user(world, std::move(caller), token.user_id);
}

Result<Caller> from_bearer(World& world, std::string_view value) {
  auto const it = world.state.access_tokens.find(value);
  if (it == world.state.access_tokens.end()) {
    if (world.state.personal_tokens.contains(std::string(value)))
      return from_personal(world, value);
    return invalid_token("Bad Access Token.");
  }
  AccessToken const& token = it->second;
  if (token.revoked) return invalid_token(revoked_text);
  if (token.created_at + token.lifetime <= world.now()) return invalid_token(expired_text);
  Caller caller;
  caller.scopes = token.scopes;
  caller.token = value;
  caller.kind = Caller::Kind::oauth;
  return with_user(world, std::move(caller), token.user_id);
}

Error insufficient(std::string_view wanted) {
  return refuse(
      403,
      Json::object({{"error", "insufficient_scope"},
                    {"error_description",
                     "The request requires higher privileges than provided by the access token."},
                    {"scope", wanted}}));
}

}  // namespace

Result<Caller> authenticate(World& world, net::Headers const& headers, Params& in) {
  if (auto const value = headers.find("PRIVATE-TOKEN")) return from_personal(world, *value);
  std::string_view const authorization = headers.get("Authorization");
  if (authorization.size() > 7 && equals_ignoring_case(authorization.substr(0, 7), "Bearer ")) {
    return from_bearer(world, trim(authorization.substr(7)));
  }
  if (in.filled("access_token")) return from_bearer(world, in.text("access_token"));
  if (in.filled("private_token")) return from_personal(world, in.text("private_token"));
  return Caller{};
}

Result<void> check_scope(Caller const& caller, Need need, net::Method method) {
  if (caller.kind == Caller::Kind::anonymous) {
    if (need == Need::nothing) return {};
    return unauthorized();
  }
  if (need == Need::any_token || has_scope(caller, "api")) return {};
  bool const reads = method == net::Method::get || method == net::Method::head;
  if (!reads) return insufficient("api");
  if (has_scope(caller, "read_api")) return {};
  if (need == Need::user_read) {
    if (has_scope(caller, "read_user")) return {};
    return insufficient("api read_api read_user");
  }
  return insufficient("api read_api");
}

}  // namespace fairlead::sandbox
