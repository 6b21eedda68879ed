// Who may sign in with GitLab and as what; where a sign-in may lead back to.
#include <gtest/gtest.h>

#include "connection/openid_sign_in.h"

namespace fairlead::connection {
namespace {

using access::Role;

Json claims(std::vector<std::string> const& groups, std::string const& email, bool verified) {
  Json array = Json::array();
  for (auto const& group : groups)
    array.push_back(group);
  return Json::object({{"preferred_username", "ada"},
                       {"groups", std::move(array)},
                       {"email", email},
                       {"email_verified", verified}});
}

struct Rule {
  char const* name;
  OpenIdWay way;
  Json claims;
  std::optional<Role> role;  // nothing: refused
};
class OpenIdRules : public ::testing::TestWithParam<Rule> {};

TEST_P(OpenIdRules, decide) {
  auto const role = role_of_claims(GetParam().way, GetParam().claims);
  if (!GetParam().role) {
    ASSERT_FALSE(role.ok());
    EXPECT_EQ(role.error().kind, ErrorKind::denied);
    return;
  }
  ASSERT_TRUE(role.ok()) << describe(role.error());
  EXPECT_EQ(*role, *GetParam().role);
}

OpenIdWay open_to_all() {
  OpenIdWay way;
  way.default_role = Role::viewer;
  return way;
}
OpenIdWay groups_only(std::vector<std::string> groups) {
  auto way = open_to_all();
  way.allowed_groups = std::move(groups);
  return way;
}
OpenIdWay domain_only() {
  auto way = open_to_all();
  way.allowed_domains = {"example.com"};
  return way;
}
OpenIdWay by_group() {
  OpenIdWay way;
  way.roles = {{"ops", Role::operator_}, {"ops/leads", Role::org_admin}, {"dev", Role::author}};
  return way;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, OpenIdRules,
    ::testing::Values(
        Rule{"everybody", open_to_all(), claims({}, "", false), Role::viewer},
        Rule{"in_the_group", groups_only({"ops"}), claims({"ops"}, "", false), Role::viewer},
        Rule{"below_the_group", groups_only({"ops"}), claims({"OPS/night"}, "", false),
             Role::viewer},
        Rule{"above_the_group", groups_only({"ops/night"}), claims({"ops"}, "", false), {}},
        Rule{"like_the_group", groups_only({"ops"}), claims({"opsx"}, "", false), {}},
        Rule{"no_group", groups_only({"ops"}), claims({}, "", false), {}},
        Rule{"of_the_domain", domain_only(), claims({}, "a@Example.com", true), Role::viewer},
        Rule{"not_confirmed", domain_only(), claims({}, "a@example.com", false), {}},
        Rule{"another_domain", domain_only(), claims({}, "a@notexample.com", true), {}},
        Rule{
            "a_domain_before_the_at", domain_only(), claims({}, "example.com@evil.test", true), {}},
        Rule{"no_address", domain_only(), claims({}, "example.com", true), {}},
        Rule{"role_of_the_group", by_group(), claims({"ops"}, "", false), Role::operator_},
        Rule{"the_highest_role", by_group(), claims({"ops", "dev"}, "", false), Role::author},
        Rule{"role_of_a_subgroup", by_group(), claims({"ops/leads/x"}, "", false), Role::org_admin},
        Rule{"no_role_no_entry", by_group(), claims({"sales"}, "", false), {}}),
    [](auto const& row) { return std::string(row.param.name); });

TEST(LocalPath, never_leads_away) {
  EXPECT_EQ(local_path("/runs?status=faulted#x"), "/runs?status=faulted#x");
  for (auto const* bad : {"", "runs", "https://evil.test/", "//evil.test", "/\\evil.test", "/a\nb",
                          "/a b", "\\\\evil.test", "javascript:alert(1)"})
    EXPECT_EQ(local_path(bad), "/") << bad;
}

}  // namespace
}  // namespace fairlead::connection
