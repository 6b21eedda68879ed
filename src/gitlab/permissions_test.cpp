#include "gitlab/permissions.h"

#include <gtest/gtest.h>

#include <map>

#include "action/scopes.h"
#include "gitlab/actions.h"

namespace fairlead::gitlab {
namespace {

struct PermissionsTest : ::testing::Test {
  action::Catalogue catalogue{all_actions()};
  std::map<std::string, Permission> of(Grant const& grant) {
    std::map<std::string, Permission> by_id;
    for (auto& one : permissions_of(catalogue, grant))
      by_id[one.id] = one;
    return by_id;
  }
};

TEST_F(PermissionsTest, api_allows_everything) {
  for (auto const& [id, one] : of({.scopes = "api"}))
    EXPECT_EQ(one.allowed, Permission::Allowed::yes) << id << ": " << one.reason;
}

TEST_F(PermissionsTest, read_api_allows_reading_and_calls_that_read) {
  auto const all = of({.scopes = "read_api read_user"});
  EXPECT_GE(all.size(), 19u);
  for (auto const& [id, one] : all) {
    bool const reads =
        one.scope == action::Scope::read_api || one.scope == action::Scope::read_user;
    if (id == "gitlab.call-api") {
      EXPECT_EQ(one.allowed, Permission::Allowed::reads_only);
    } else {
      EXPECT_EQ(one.allowed == Permission::Allowed::yes, reads) << id;
    }
    EXPECT_EQ(one.reason.empty(), one.allowed == Permission::Allowed::yes) << id;
  }
}

TEST_F(PermissionsTest, a_connection_kept_read_only_writes_nothing_whatever_its_scopes) {
  auto const all = of({.scopes = "api", .kept = Grant::Kept::read_only});
  EXPECT_EQ(all.at("gitlab.create-issue").allowed, Permission::Allowed::no);
  EXPECT_EQ(all.at("gitlab.create-issue").reason, "This connection is kept read-only.");
  EXPECT_EQ(all.at("gitlab.call-api").allowed, Permission::Allowed::reads_only);
  EXPECT_EQ(all.at("gitlab.list-issues").allowed, Permission::Allowed::yes);
}

TEST_F(PermissionsTest, the_truth_stands_beside_the_documented_scope) {
  auto const all = of({.scopes = "api"});
  EXPECT_EQ(all.at("gitlab.trigger-pipeline").narrower, "write_repository");
  EXPECT_EQ(all.at("gitlab.trigger-pipeline").truth, Permission::Truth::falls_short);
  EXPECT_EQ(all.at("gitlab.list-users").narrower, "read_user");
  EXPECT_EQ(all.at("gitlab.get-issue").narrower, "read_api");
  EXPECT_EQ(all.at("gitlab.get-issue").truth, Permission::Truth::covers);
}

TEST_F(PermissionsTest, names_all_scopes_that_were_granted) {
  std::map<std::string, bool> granted;
  for (auto const& use : scope_uses({.scopes = "read_api k8s_proxy"}))
    granted[use.scope] = use.granted;
  EXPECT_FALSE(granted.at("api"));
  EXPECT_TRUE(granted.at("read_api"));
  EXPECT_TRUE(granted.at("k8s_proxy"));
}

// A call that only reads is no effect, so it is never held back as one.
TEST_F(PermissionsTest, any_call_is_judged_by_its_method) {
  auto const action = catalogue.find("gitlab.call-api");
  ASSERT_TRUE(action.ok());
  auto scope_of = [&](char const* method) {
    auto const plan =
        (*action)->plan(nullptr, Json::object({{"method", method}, {"path", "/version"}}));
    return action::needed_by(*plan, (*action)->info.scope);
  };
  EXPECT_EQ(scope_of("GET"), action::Scope::read_api);
  EXPECT_EQ(scope_of("HEAD"), action::Scope::read_api);
  EXPECT_EQ(scope_of("POST"), action::Scope::api);
}

}  // namespace
}  // namespace fairlead::gitlab
