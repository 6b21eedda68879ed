#include "api/settings.h"

#include <gtest/gtest.h>

#include "api/world_test.h"

namespace fairlead::api {
namespace {

struct Settings : testing_support::World {
  net::ServerResponse put(Json const& body, access::Role role = access::Role::org_admin) {
    return call({.method = net::Method::put,
                 .target = "/api/v1/settings",
                 .body = body.dump(),
                 .headers = {{"Authorization", "Bearer " + token_of(role)}}});
  }
  Json retention() {
    auto const answer = call({.target = "/api/v1/settings"});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer)["retention"];
  }
};

TEST_F(Settings, are_those_of_the_start_until_somebody_changes_them) {
  EXPECT_EQ(retention().dump(), R"({"keepAge":"forever","keepRuns":"forever","changed":false})");
  auto const answer =
      put(Json::object({{"retention", Json::object({{"keepAge", "P30D"}, {"keepRuns", 500}})}}));
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto const changed = retention();
  EXPECT_EQ(changed["keepAge"], Json("P30D"));
  EXPECT_EQ(changed["keepRuns"], Json(500));
  EXPECT_EQ(changed["changed"], Json(true));
  EXPECT_EQ(changed["changedAt"], Json(format_time(clock.now())));
  ASSERT_EQ(put(Json::object({{"retention", Json()}})).status, 200);
  EXPECT_EQ(retention()["changed"], Json(false));
}

TEST_F(Settings, a_wrong_one_is_named_and_changes_nothing) {
  struct Case {
    Json retention;
    std::string where;
  };
  for (auto const& each :
       {Case{Json::object({{"keepAge", "90 days"}, {"keepRuns", 5}}), "retention.keepAge"},
        Case{Json::object({{"keepAge", 90}, {"keepRuns", 5}}), "retention.keepAge"},
        Case{Json::object({{"keepRuns", 5}}), "retention.keepAge"},
        Case{Json::object({{"keepAge", "P1D"}}), "retention.keepRuns"},
        Case{Json::object({{"keepAge", "P1D"}, {"keepRuns", -1}}), "retention.keepRuns"},
        Case{Json::object({{"keepAge", "P1D"}, {"keepRuns", "all"}}), "retention.keepRuns"},
        Case{Json("P1D"), "retention"}}) {
    auto const answer = put(Json::object({{"retention", each.retention}}));
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(json_of(answer)["where"], Json(each.where)) << answer.body;
  }
  EXPECT_EQ(retention()["changed"], Json(false));
}

TEST_F(Settings, only_an_org_admin_changes_them_and_the_log_says_from_what_to_what) {
  Json const wanted =
      Json::object({{"retention", Json::object({{"keepAge", "forever"}, {"keepRuns", 0}})}});
  EXPECT_EQ(put(wanted, access::Role::author).status, 403);
  ASSERT_EQ(put(wanted).status, 200);
  auto const entry = json_of(call({.target = "/api/v1/audit?limit=1"}))["items"].at(0);
  EXPECT_EQ(entry["action"], Json("settings.set"));
  EXPECT_EQ(entry["detail"]["from"]["keepRuns"], Json("forever"));
  EXPECT_EQ(entry["detail"]["to"]["keepRuns"], Json(0));
}

}  // namespace
}  // namespace fairlead::api
