// Who may sign in with GitLab and as what; where a sign-in may lead back to.
#include <gtest/gtest.h>

#include "base/text.h"

#include "connection/openid_sign_in.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

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

// ---- a new master key ----

vault::MasterKey key_of(char letter) {
  return {.bytes = Secret(std::string(vault::master_key_bytes, letter)), .where = "test"};
}

TEST(OpenIdReseal, secrets_of_the_former_key_open_with_the_new_one_alone) {
  testing::VirtualClock clock;
  testing::SeededRandom random;
  testing::FakeTransport transport;
  auto const log = make_null_log();
  auto const store = store::make_memory_store();
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "company";
  ASSERT_TRUE(store->connections().insert(record).ok());
  auto with = [&](vault::Vault& vault) {
    return std::make_unique<OpenIdSignIn>(ConnectionParts{.store = store->connections(),
                                                          .vault = vault,
                                                          .transport = transport,
                                                          .clock = clock,
                                                          .random = random,
                                                          .log = *log},
                                          store->meta());
  };
  vault::Vault former({key_of('a')}, random);
  OpenIdWay way;
  way.connection = "company";
  way.client_id = "app-1";
  way.client_secret = Secret("gloas-very-secret");
  way.default_role = Role::viewer;
  ASSERT_TRUE(with(former)->set(way).ok());
  EXPECT_EQ(*with(former)->reseal(10), 0);
  vault::Vault both({key_of('b'), key_of('a')}, random);
  EXPECT_EQ(*with(both)->reseal(10), 1);
  EXPECT_EQ(*with(both)->reseal(10), 0);
  vault::Vault fresh({key_of('b')}, random);
  auto const kept = store->meta().get("sign-in.openid");
  auto const json = Json::parse(**kept);
  auto const sealed = base64_decode(json->at(0)["sealedSecret"].as_string());
  auto const opened = fresh.open({"meta", "c1", "sign-in.openid"}, *sealed);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->reveal(), "gloas-very-secret");
}

}  // namespace
}  // namespace fairlead::connection
