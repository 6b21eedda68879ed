#include "action/request.h"

#include <gtest/gtest.h>

namespace fairlead::action {
namespace {

TEST(Path, every_hole_is_one_encoded_segment) {
  EXPECT_EQ(path("/projects/{}/issues/{}", std::string("ops/incidents"), std::int64_t{42}),
            "/projects/ops%2Fincidents/issues/42");
  EXPECT_EQ(path("/invitations/{}", std::string("a+b@c.d")), "/invitations/a%2Bb%40c.d");
  EXPECT_EQ(path("/x/{}/y", std::string("..")), "/x/%2E%2E/y");
  EXPECT_EQ(path("/version"), "/version");
}

TEST(Builder, what_is_not_given_is_left_out) {
  std::optional<std::string> const nothing;
  schema::Change<std::string> const untouched;
  Request const request = post("/p").query("a", nothing).body("b", nothing).body("c", untouched);
  EXPECT_TRUE(request.query.empty());
  EXPECT_TRUE(request.body.is_null());
  EXPECT_EQ(target(request), "/api/v4/p");
}

TEST(Builder, values_are_written_as_gitlab_reads_them) {
  std::vector<std::string> const labels{"a b", "c"};
  std::vector<std::int64_t> const iids{1, 2};
  Request const request =
      get("/issues").query("confidential", true).query_list("labels", labels).query("iids[]", iids);
  EXPECT_EQ(target(request),
            "/api/v4/issues?confidential=true&labels=a%20b%2Cc&iids%5B%5D=1&iids%5B%5D=2");
}

TEST(Builder, a_change_is_sent_as_value_or_as_what_clears) {
  using Text = schema::Change<std::string>;
  Request const request = put("/p")
                              .body("due_date", Text::to("2026-11-22"))
                              .body("milestone_id", Text::cleared(), 0)
                              .body("description", Text::cleared());
  EXPECT_EQ(request.body.dump(),
            R"({"due_date":"2026-11-22","milestone_id":0,"description":null})");
}

TEST(Request, shows_itself_with_the_whole_path) {
  Request request = post("/projects")
                        .body("name", std::string("x"))
                        .query("a[]", std::vector<std::string>{"1", "2"});
  request.headers.add("X-Test", "1");
  EXPECT_EQ(to_json(request).dump(),
            R"({"method":"POST","path":"/api/v4/projects","query":{"a[]":["1","2"]},"headers":)"
            R"({"X-Test":"1"},)"
            R"("body":{"name":"x"}})");
  Request const graphql{.method = net::Method::post, .path = std::string(graphql_path)};
  EXPECT_EQ(target(graphql), "/api/graphql");
}

}  // namespace
}  // namespace fairlead::action
