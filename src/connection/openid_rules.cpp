// Who may sign in with a GitLab account, and as what: the rules without any I/O.
#include <algorithm>

#include "base/text.h"
#include "connection/openid_sign_in.h"

namespace fairlead::connection {
namespace {

// "ops" holds "ops" and "ops/night", not "opsx". Letter case counts for nothing, as at GitLab.
bool is_in(std::string const& path, std::string const& group) {
  std::string const inner = to_lower_ascii(path);
  std::string const outer = to_lower_ascii(group);
  return inner == outer || inner.starts_with(outer + "/");
}

bool is_member(Json const& claims, std::string const& group) {
  return std::ranges::any_of(claims["groups"].items(),
                             [&](Json const& each) { return is_in(each.as_string(), group); });
}

bool has_domain(Json const& claims, std::vector<std::string> const& domains) {
  if (!claims["email_verified"].as_bool()) return false;
  std::string const email = claims["email"].as_string();
  std::string const domain = email.substr(email.rfind('@') + 1);
  return email.find('@') != std::string::npos &&
         std::ranges::any_of(domains,
                             [&](auto const& each) { return equals_ignoring_case(each, domain); });
}

Error not_allowed(std::string why) {
  Error error = make_error(ErrorKind::denied, std::move(why));
  error.title = "Not allowed to sign in";
  error.remedy = "Ask an org admin of Fairlead for access.";
  return error;
}

}  // namespace

Result<access::Role> role_of_claims(OpenIdWay const& way, Json const& claims) {
  std::string const who = "\"" + shorten(claims["preferred_username"].as_string(), 100) + "\"";
  bool const in_group =
      way.allowed_groups.empty() || std::ranges::any_of(way.allowed_groups, [&](auto const& group) {
        return is_member(claims, group);
      });
  if (!in_group) return not_allowed(who + " is in none of the GitLab groups that may sign in.");
  if (!way.allowed_domains.empty() && !has_domain(claims, way.allowed_domains))
    return not_allowed(who + " has no confirmed e-mail address of a domain that may sign in.");
  std::optional<access::Role> role = way.default_role;
  for (auto const& rule : way.roles)
    if (is_member(claims, rule.group) && (!role || rule.role > *role)) role = rule.role;
  if (role) return *role;
  return not_allowed(who + " is in none of the GitLab groups that have a role here.");
}

std::string local_path(std::string_view wanted) {
  bool const local = wanted.starts_with('/') && !wanted.starts_with("//") &&
                     std::ranges::none_of(wanted, [](char c) {
                       return c == '\\' || static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
                     });
  return local && wanted.size() <= 2'000 ? std::string(wanted) : "/";
}

}  // namespace fairlead::connection
