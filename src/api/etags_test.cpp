// ETag, If-None-Match, If-Match; and Idempotency-Key.
#include "api/etags.h"

#include "api/idempotency.h"
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

// ---- Idempotency-Key ----

TEST_F(Etags, the_same_key_does_it_once_and_gives_the_same_answer) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  net::Headers const key{{"Idempotency-Key", "3f1c"}};
  auto const first = send(Method::post, "/api/v1/tokens", body, key);
  auto const again = send(Method::post, "/api/v1/tokens", body, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
  auto const acts = *store->audit().after(0, 100);
  EXPECT_TRUE(acts.back().detail["replayed"].as_bool()) << "not a second act";
  EXPECT_FALSE(acts[acts.size() - 2].detail.contains("replayed"));
  EXPECT_EQ(tokens.list({})->size(), 2u) << "this one and the test's own";
  auto const other = send(Method::post, "/api/v1/tokens", R"({"name":"x","role":"viewer"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(json_of(other)["where"].as_string(), "Idempotency-Key");
  clock.advance(IdempotencyKeys::kept_for);
  EXPECT_NE(send(Method::post, "/api/v1/tokens", body, key).body, first.body) << "forgotten";
}

TEST_F(Etags, keys_of_others_and_of_other_addresses_are_others) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  net::Headers const key{{"Idempotency-Key", "k"}};
  net::Headers author = key;
  author.add("Authorization", "Bearer " + token_of(access::Role::author));
  auto const mine = send(Method::post, "/api/v1/tokens", body, key);
  auto const theirs = send(Method::post, "/api/v1/tokens", body, author);
  EXPECT_EQ(theirs.status, 201);
  EXPECT_NE(theirs.body, mine.body);
  EXPECT_EQ(send(Method::post, "/api/v1/workflows/validate", "x: 1", key).status, 200);
}

TEST_F(Etags, another_query_is_another_request) {
  net::Headers const key{{"Idempotency-Key", "k"}};
  EXPECT_EQ(send(Method::post, "/api/v1/workflows/validate", "x: 1", key).status, 200);
  EXPECT_EQ(send(Method::post, "/api/v1/workflows/validate?force=true", "x: 1", key).status, 422);
}

TEST_F(Etags, what_failed_may_be_tried_again_with_the_same_key) {
  net::Headers const key{{"Idempotency-Key", "k"}};
  EXPECT_EQ(send(Method::post, "/api/v1/tokens", R"({"name":"","role":"viewer"})", key).status,
            400);
  EXPECT_EQ(send(Method::post, "/api/v1/tokens", R"({"name":"ci","role":"viewer"})", key).status,
            201);
  for (auto const& bad : {std::string(), std::string("a b"), std::string(201, 'x')})
    EXPECT_EQ(send(Method::post, "/api/v1/tokens", "{}", {{"Idempotency-Key", bad}}).status, 400);
}

TEST(IdempotencyKeys, a_second_one_meanwhile_waits_and_all_stay_bounded) {
  testing::VirtualClock clock;
  IdempotencyKeys keys(clock);
  using State = IdempotencyKeys::State;
  EXPECT_EQ(keys.begin("k", "h").state, State::fresh);
  EXPECT_EQ(keys.begin("k", "h").state, State::under_way);
  keys.forget("k");
  EXPECT_EQ(keys.begin("k", "h2").state, State::fresh);
  keys.done("k", {.status = 201, .headers = {}, .body = "b"});
  EXPECT_EQ(keys.begin("k", "h2").answer.body, "b");
  for (std::size_t i = 0; i < IdempotencyKeys::kept_max; ++i) {
    clock.advance(Milliseconds(1));
    EXPECT_EQ(keys.begin("x" + std::to_string(i), "h").state, State::fresh);
  }
  EXPECT_EQ(keys.begin("k", "h3").state, State::fresh) << "the oldest went";
}

TEST(IdempotencyKeys, what_is_under_way_is_not_forgotten_for_others) {
  testing::VirtualClock clock;
  IdempotencyKeys keys(clock);
  using State = IdempotencyKeys::State;
  EXPECT_EQ(keys.begin("slow", "h").state, State::fresh);
  for (std::size_t i = 0; i < 2 * IdempotencyKeys::kept_max; ++i) {
    clock.advance(Milliseconds(1));
    keys.begin("x" + std::to_string(i), "h");
    keys.done("x" + std::to_string(i), {.status = 201, .headers = {}, .body = "b"});
  }
  EXPECT_EQ(keys.begin("slow", "h").state, State::under_way);
  EXPECT_EQ(keys.begin("x0", "h").state, State::fresh) << "those with an answer go";
}

}  // namespace
}  // namespace fairlead::api
