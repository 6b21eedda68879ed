// ETag, If-None-Match, If-Match.
#include "api/etags.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

class Etags : public World {
 protected:
  net::ServerResponse send(Method method, std::string const& target, std::string const& body,
                           net::Headers headers = {}) {
    headers.add("Content-Type", "application/json");
    return call({.method = method, .target = target, .body = body, .headers = headers});
  }
  std::string add(std::string const& username) {
    auto const made =
        send(Method::post, "/api/v1/users",
             R"({"username":")" + username + R"(","role":"viewer","password":"correct horse"})");
    EXPECT_EQ(made.status, 201) << made.body;
    return "/api/v1/users/" + username;
  }
  static std::string tag(net::ServerResponse const& response) {
    return std::string(response.headers.get("ETag"));
  }
};

TEST_F(Etags, an_answer_has_one_and_need_not_be_sent_again) {
  auto const path = add("ada");
  auto const first = get(path);
  ASSERT_EQ(tag(first).size(), 34u);
  EXPECT_EQ(tag(get(path)), tag(first));
  for (auto const& header :
       {tag(first), "W/" + tag(first), "\"x\", " + tag(first), std::string("*")}) {
    auto const again = call({.target = path, .headers = {{"If-None-Match", header}}});
    EXPECT_EQ(again.status, 304) << header;
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(tag(again), tag(first));
  }
  EXPECT_EQ(call({.target = path, .headers = {{"If-None-Match", "\"x\""}}}).status, 200);
}

TEST_F(Etags, a_change_of_what_one_has_seen_is_done) {
  auto const path = add("ada");
  auto const seen = tag(get(path));
  auto const changed = send(Method::patch, path, R"({"role":"author"})", {{"If-Match", seen}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_NE(tag(changed), seen);
  EXPECT_EQ(tag(changed), tag(get(path)));
  EXPECT_EQ(send(Method::delete_, path, "", {{"If-Match", tag(changed)}}).status, 200);
}

TEST_F(Etags, a_change_of_what_somebody_else_changed_is_not) {
  auto const path = add("ada");
  auto const seen = tag(get(path));
  ASSERT_EQ(send(Method::patch, path, R"({"role":"author"})").status, 200);
  auto const refused = send(Method::patch, path, R"({"role":"operator"})", {{"If-Match", seen}});
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(json_of(get(path))["role"].as_string(), "author");
  EXPECT_EQ(send(Method::delete_, path, "", {{"If-Match", seen}}).status, 412);
  EXPECT_EQ(send(Method::patch, path, R"({"role":"viewer"})", {{"If-Match", "W/" + tag(get(path))}})
                .status,
            412)
      << "a weak one is not enough to change";
  EXPECT_EQ(send(Method::patch, path, R"({"role":"viewer"})", {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(send(Method::patch, "/api/v1/users/nobody", "{}", {{"If-Match", "*"}}).status, 412);
}

TEST_F(Etags, a_draft_is_saved_over_the_one_that_was_seen) {
  auto text = [](std::string const& title) {
    return "document: {dsl: 1.0.3, namespace: n, name: w, version: 1.0.0, title: " + title +
           "}\ndo: [{a: {set: {x: 1}}}]\n";
  };
  std::string const draft = "/api/v1/workflows/n/w/draft";
  auto const first = send(Method::put, draft, text("one"));
  ASSERT_EQ(first.status, 200) << first.body;
  ASSERT_NE(tag(first), "");
  EXPECT_EQ(tag(first), tag(get("/api/v1/workflows/n/w?version=1.0.0")));
  auto const second = send(Method::put, draft, text("two"), {{"If-Match", tag(first)}});
  EXPECT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(send(Method::put, draft, text("three"), {{"If-Match", tag(first)}}).status, 412);
  EXPECT_EQ(send(Method::put, draft, text("three"), {{"If-Match", tag(second)}}).status, 200);
}

TEST_F(Etags, a_refresh_between_look_and_change_is_nobodys_edit) {
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "company";
  record.status = "active";
  record.auth_kind = "oauth";
  ASSERT_TRUE(store->connections().insert(record).ok());
  auto const seen = tag(get("/api/v1/connections/company"));
  auto row = *store->connections().get(record.id);
  row.token_expires_at = clock.now() + std::chrono::hours(2);
  row.settings.set("care", Json::object({{"pairAt", format_time(clock.now())}}));
  ASSERT_TRUE(store->connections().update(row, row.generation).ok());
  EXPECT_EQ(tag(get("/api/v1/connections/company")), seen);
  auto const again =
      call({.target = "/api/v1/connections/company", .headers = {{"If-None-Match", seen}}});
  EXPECT_EQ(again.status, 200) << "its expiry is news";
  auto const changed = send(Method::patch, "/api/v1/connections/company", R"({"readOnly":true})",
                            {{"If-Match", seen}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_NE(tag(get("/api/v1/connections/company")), seen);
}

TEST(EditTurns, a_sure_change_is_alone) {
  using Kind = EditTurns::Kind;
  EditTurns turns;
  EXPECT_TRUE(turns.begin("/a", Kind::blind));
  EXPECT_TRUE(turns.begin("/a", Kind::blind));
  EXPECT_FALSE(turns.begin("/a", Kind::sure));
  EXPECT_TRUE(turns.begin("/b", Kind::sure));
  EXPECT_FALSE(turns.begin("/b", Kind::sure));
  EXPECT_FALSE(turns.begin("/b", Kind::blind));
  turns.end("/a", Kind::blind);
  EXPECT_FALSE(turns.begin("/a", Kind::sure));
  turns.end("/a", Kind::blind);
  EXPECT_TRUE(turns.begin("/a", Kind::sure));
  turns.end("/b", Kind::sure);
  EXPECT_TRUE(turns.begin("/b", Kind::blind));
}

}  // namespace
}  // namespace fairlead::api
