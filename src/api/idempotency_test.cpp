// Idempotency-Key: sent twice, done once, whatever happens to the server in between.
#include "api/idempotency.h"

#include "api/document.h"
#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;
using State = IdempotencyKeys::State;
using CutOff = IdempotencyKeys::Asked::CutOff;

class Idempotency : public World {
 protected:
  net::ServerResponse send(std::string const& target, std::string const& body,
                           net::Headers headers = {}) {
    headers.add("Content-Type", "application/json");
    return call({.method = Method::post, .target = target, .body = body, .headers = headers});
  }
  // As a server that starts anew over the same data.
  [[nodiscard]] IdempotencyKeys after_restart() {
    return IdempotencyKeys(
        {.store = store->answers(), .vault = vault, .clock = clock, .log = *log});
  }
  static State begin(IdempotencyKeys& keys, std::string name, CutOff cut_off = CutOff::ask) {
    auto const begun = keys.begin({.name = std::move(name), .body_hash = "h", .cut_off = cut_off});
    EXPECT_TRUE(begun.ok());
    return begun->state;
  }
  // As if the server had died while it did that request.
  void cut_off(store::AnswerRecord const& row) {
    ASSERT_TRUE(store->answers().forget(row.name).ok());
    auto const begun = store->answers().begin(
        {.name = row.name, .body_hash = row.body_hash, .begun_at = clock.now()},
        {.count_max = 100, .bytes_max = 100});
    ASSERT_TRUE(begun.ok() && !begun->has_value());
  }
  std::string tokens_made() { return std::to_string(tokens.list({})->size()); }
};

TEST_F(Idempotency, the_same_key_does_it_once_and_gives_the_same_answer) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  net::Headers const key{{"Idempotency-Key", "3f1c"}};
  auto const first = send("/api/v1/tokens", body, key);
  auto const again = send("/api/v1/tokens", body, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
  auto const acts = *store->audit().after(0, 100);
  EXPECT_TRUE(acts.back().detail["replayed"].as_bool()) << "not a second act";
  EXPECT_FALSE(acts[acts.size() - 2].detail.contains("replayed"));
  EXPECT_EQ(tokens.list({})->size(), 2u) << "this one and the test's own";
  auto const other = send("/api/v1/tokens", R"({"name":"x","role":"viewer"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(json_of(other)["where"].as_string(), "Idempotency-Key");
  clock.advance(IdempotencyKeys::kept_for);
  EXPECT_NE(send("/api/v1/tokens", body, key).body, first.body) << "forgotten";
}

TEST_F(Idempotency, keys_of_others_and_of_other_addresses_are_others) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  net::Headers const key{{"Idempotency-Key", "k"}};
  net::Headers author = key;
  author.add("Authorization", "Bearer " + token_of(access::Role::author));
  auto const mine = send("/api/v1/tokens", body, key);
  auto const theirs = send("/api/v1/tokens", body, author);
  EXPECT_EQ(theirs.status, 201);
  EXPECT_NE(theirs.body, mine.body);
  EXPECT_EQ(send("/api/v1/workflows/validate", "x: 1", key).status, 200);
}

TEST_F(Idempotency, another_query_is_another_request) {
  net::Headers const key{{"Idempotency-Key", "k"}};
  EXPECT_EQ(send("/api/v1/workflows/validate", "x: 1", key).status, 200);
  EXPECT_EQ(send("/api/v1/workflows/validate?force=true", "x: 1", key).status, 422);
}

TEST_F(Idempotency, what_failed_may_be_tried_again_with_the_same_key) {
  net::Headers const key{{"Idempotency-Key", "k"}};
  EXPECT_EQ(send("/api/v1/tokens", R"({"name":"","role":"viewer"})", key).status, 400);
  EXPECT_EQ(send("/api/v1/tokens", R"({"name":"ci","role":"viewer"})", key).status, 201);
  for (auto const& bad : {std::string(), std::string("a b"), std::string(201, 'x')})
    EXPECT_EQ(send("/api/v1/tokens", "{}", {{"Idempotency-Key", bad}}).status, 400);
}

TEST_F(Idempotency, an_answer_outlives_the_server_and_lies_there_sealed) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  auto const first = send("/api/v1/tokens", body, {{"Idempotency-Key", "k"}});
  ASSERT_EQ(first.status, 201);
  auto const rows = *store->answers().list();
  ASSERT_EQ(rows.size(), 1u);
  auto const sealed = (**store->answers().find(rows[0].name)).sealed;
  EXPECT_EQ(sealed.find("viewer"), std::string::npos);
  EXPECT_EQ(rows[0].name.find('k'), std::string::npos) << "a digest";
  auto keys = after_restart();
  auto const begun =
      keys.begin({.name = rows[0].name, .body_hash = rows[0].body_hash, .cut_off = CutOff::ask});
  ASSERT_EQ(begun->state, State::answered);
  EXPECT_EQ(begun->answer.status, 201);
  EXPECT_EQ(begun->answer.body, first.body);
  EXPECT_EQ(begun->answer.headers.get("Content-Type"), "application/json");
}

TEST_F(Idempotency, what_a_crash_cut_off_is_not_known) {
  auto before = after_restart();
  EXPECT_EQ(begin(before, "a"), State::fresh);
  EXPECT_EQ(begin(before, "a"), State::under_way);
  auto keys = after_restart();
  EXPECT_EQ(begin(keys, "a"), State::cut_off);
  EXPECT_EQ(begin(keys, "a"), State::cut_off) << "also the next time";
  EXPECT_EQ(begin(keys, "a", CutOff::repeat), State::fresh);
  EXPECT_EQ(begin(keys, "a", CutOff::repeat), State::under_way);
  keys.done("a", {.status = 200, .headers = {}, .body = "b"});
  EXPECT_EQ(begin(keys, "a"), State::answered);
  EXPECT_EQ(keys.begin({.name = "a", .body_hash = "other"})->state, State::other_body);
}

TEST_F(Idempotency, a_person_is_told_where_to_look_after_a_crash) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  net::Headers const key{{"Idempotency-Key", "k"}};
  ASSERT_EQ(send("/api/v1/tokens", body, key).status, 201);
  auto const row = (*store->answers().list())[0];
  cut_off(row);
  auto const made = tokens_made();
  auto const answer = send("/api/v1/tokens", body, key);
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_NE(json_of(answer)["remedy"].as_string().find("GET /api/v1/tokens"), std::string::npos);
  EXPECT_EQ(tokens_made(), made) << "nothing was done";
}

TEST_F(Idempotency, what_may_be_repeated_is_done_again_after_a_crash) {
  net::Headers const key{{"Idempotency-Key", "k"}};
  ASSERT_EQ(send("/api/v1/workflows/validate", "x: 1", key).status, 200);
  auto const row = (*store->answers().list())[0];
  cut_off(row);
  EXPECT_FALSE(
      send("/api/v1/workflows/validate", "x: 1", key).headers.contains("Idempotent-Replayed"));
  EXPECT_TRUE(
      send("/api/v1/workflows/validate", "x: 1", key).headers.contains("Idempotent-Replayed"));
}

TEST_F(Idempotency, an_answer_too_large_to_keep_is_no_leave_to_do_it_again) {
  auto keys = after_restart();
  ASSERT_EQ(begin(keys, "a"), State::fresh);
  keys.done("a", {.status = 200,
                  .headers = {},
                  .body = std::string(IdempotencyKeys::body_bytes_max + 1, 'x')});
  EXPECT_EQ(begin(keys, "a"), State::not_kept);
  EXPECT_LT((**store->answers().find("a")).sealed.size(), 100u);
  ASSERT_EQ(begin(keys, "b"), State::fresh);
  std::string const most(IdempotencyKeys::body_bytes_max, '\n');
  keys.done("b", {.status = 200, .headers = {{"A", "b\nc"}}, .body = most});
  auto const begun = *keys.begin({.name = "b", .body_hash = "h"});
  EXPECT_EQ(begun.answer.body, most);
  EXPECT_EQ(begun.answer.headers.get("A"), "b\nc");
}

TEST_F(Idempotency, the_same_person_with_another_role_is_another_caller) {
  std::string const body = R"({"name":"ci","role":"viewer"})";
  auto as = [&](access::Role role) {
    store::UserRecord user{.id = UserId("u1"), .username = "ada", .name = "Ada"};
    user.role = "org-admin";
    (void)store->users().insert(user);
    auto const token = tokens.issue({.name = "t", .role = role, .user = user.id});
    net::Headers headers{{"Idempotency-Key", "k"}};
    headers.add("Authorization", "Bearer " + std::string(token->text.reveal()));
    return send("/api/v1/tokens", body, headers);
  };
  auto const admin = as(access::Role::org_admin);
  ASSERT_EQ(admin.status, 201) << admin.body;
  EXPECT_EQ(as(access::Role::org_admin).body, admin.body) << "the same caller by another token";
  EXPECT_NE(as(access::Role::viewer).body, admin.body);
}

TEST_F(Idempotency, answers_are_sealed_anew_with_a_new_master_key) {
  auto keys = after_restart();
  for (char const* name : {"a", "b", "c"}) {
    ASSERT_EQ(begin(keys, name), State::fresh);
    keys.done(name, {.status = 200, .headers = {}, .body = name});
  }
  ASSERT_EQ(begin(keys, "open"), State::fresh);
  vault.put_first({.bytes = Secret(std::string(vault::master_key_bytes, 'n')), .where = "test"});
  EXPECT_EQ(*keys.reseal(2), 2);
  EXPECT_EQ(*keys.reseal(2), 1);
  EXPECT_EQ(*keys.reseal(2), 0);
  vault.forget_former();
  EXPECT_EQ(begin(keys, "a"), State::answered);
  EXPECT_EQ(begin(keys, "c"), State::answered);
}

TEST_F(Idempotency, an_answer_that_does_not_open_any_more_is_still_an_act) {
  auto keys = after_restart();
  ASSERT_EQ(begin(keys, "a"), State::fresh);
  keys.done("a", {.status = 200, .headers = {}, .body = "b"});
  vault.put_first({.bytes = Secret(std::string(vault::master_key_bytes, 'n')), .where = "test"});
  vault.forget_former();
  EXPECT_EQ(begin(keys, "a"), State::not_kept);
}

TEST_F(Idempotency, keys_are_forgotten_after_a_day) {
  auto keys = after_restart();
  ASSERT_EQ(begin(keys, "cut-off"), State::fresh);
  auto next = after_restart();
  clock.advance(IdempotencyKeys::kept_for - Milliseconds(1));
  EXPECT_EQ(begin(next, "cut-off"), State::cut_off);
  clock.advance(Milliseconds(1));
  EXPECT_EQ(begin(next, "cut-off"), State::fresh);
}

TEST_F(Idempotency, the_words_about_routes_name_routes_that_there_are) {
  auto const all = endpoints(parts());
  int repeatable = 0;
  for (auto const& route : all) {
    if (route.method != Method::post || !route.role) continue;
    repeatable += is_repeatable(route.path) ? 1 : 0;
    SCOPED_TRACE(route_name(route.method, route.path));
    auto const look = where_to_look(route, all);
    if (!look.starts_with("GET ")) continue;
    auto const shown = [&](Endpoint const& each) {
      return each.method == Method::get && each.path == look.substr(4);
    };
    EXPECT_TRUE(std::ranges::any_of(all, shown)) << look;
  }
  EXPECT_EQ(repeatable, 19) << "a pattern in the list is no route";
  auto look_of = [&](std::string const& path) {
    return where_to_look({.method = Method::post, .path = path}, all);
  };
  EXPECT_EQ(look_of("/api/v1/runs/{id}/effects/decide"), "GET /api/v1/runs/{id}/effects");
  EXPECT_EQ(look_of("/api/v1/key/rotate"), "GET /api/v1/key");
  EXPECT_EQ(look_of("/api/v1/actions/{id}/run"), "GitLab");
}

}  // namespace
}  // namespace fairlead::api
