#include "api/secrets.h"

#include <gtest/gtest.h>

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using testing_support::World;

class SecretsApi : public World {
 protected:
  net::ServerResponse put(std::string const& name, Json const& body) {
    return call({.method = net::Method::put,
                 .target = "/api/v1/secrets/" + name,
                 .body = body.dump(),
                 .headers = {{"Content-Type", "application/json"}}});
  }
};

TEST_F(SecretsApi, a_value_goes_in_and_never_comes_out) {
  auto const set = put("apiKey", Json::object({{"value", "hunter22-hunter22"}}));
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(set.body.find("hunter22"), std::string::npos);
  auto const listed = get("/api/v1/secrets");
  EXPECT_EQ(listed.status, 200);
  EXPECT_EQ(json_of(listed)["items"].at(0)["name"].as_string(), "apiKey");
  EXPECT_EQ(json_of(listed)["items"].at(0)["source"].as_string(), "store");
  EXPECT_EQ(listed.body.find("hunter22"), std::string::npos);
  auto const value = secrets.find("apiKey");
  ASSERT_TRUE(value.ok() && value->has_value());
  EXPECT_EQ((*value)->reveal(), "hunter22-hunter22");
  auto const record = store->secrets().find("apiKey");
  ASSERT_TRUE(record.ok() && record->has_value());
  EXPECT_EQ((*record)->sealed.find("hunter22"), std::string::npos);
}

TEST_F(SecretsApi, refuses_bad_names_and_short_values_without_repeating_them) {
  EXPECT_EQ(put("1abc", Json::object({{"value", "hunter22"}})).status, 400);
  auto const brief = put("abc", Json::object({{"value", "xyz"}}));
  EXPECT_EQ(brief.status, 400);
  EXPECT_EQ(brief.body.find("xyz"), std::string::npos);
  EXPECT_EQ(put("abc", Json::object({{"valeu", "hunter22"}})).status, 400);
}

TEST_F(SecretsApi, removes_once) {
  put("apiKey", Json::object({{"value", "hunter22"}}));
  net::Method const remove = net::Method::delete_;
  EXPECT_EQ(call({.method = remove, .target = "/api/v1/secrets/apiKey"}).status, 200);
  EXPECT_EQ(call({.method = remove, .target = "/api/v1/secrets/apiKey"}).status, 404);
}

TEST_F(SecretsApi, is_for_org_admins_only) {
  net::Headers const author{{"Authorization", "Bearer " + token_of(access::Role::author)}};
  EXPECT_EQ(call({.target = "/api/v1/secrets", .headers = author}).status, 403);
}

}  // namespace
}  // namespace fairlead::api
