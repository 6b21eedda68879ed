// People, their sessions, locking out, and passwords.
#include "access/people.h"

#include <gtest/gtest.h>

#include "access/sessions.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::access {
namespace {

class QuickHasher final : public PasswordHasher {
 public:
  Result<std::string> hash(Secret const& password) override {
    return "quick:" + std::string(password.reveal());
  }
  Result<bool> verify(std::string const& hash, Secret const& password) override {
    return hash == "quick:" + std::string(password.reveal());
  }
};

struct PeopleTest : ::testing::Test {
  testing::VirtualClock clock;
  testing::SeededRandom random{7};
  std::unique_ptr<store::Store> store = store::make_memory_store();
  QuickHasher hasher;
  People people{{.users = store->users(),
                 .sessions = store->sessions(),
                 .hasher = hasher,
                 .clock = clock,
                 .random = random}};
  Sessions sessions{
      {.users = store->users(), .sessions = store->sessions(), .clock = clock, .random = random}};

  store::UserRecord add(std::string const& username, Role role = Role::viewer) {
    NewUser user;
    user.username = username;
    user.role = role;
    user.password = Secret("correct horse");
    auto made = people.add(user);
    EXPECT_TRUE(made.ok()) << describe(made.error());
    return *made;
  }
  Result<store::UserRecord> sign_in(std::string const& username, std::string const& password) {
    return people.sign_in(
        {.username = username, .password = Secret(password), .from = "192.0.2.1"});
  }
  Secret open(store::UserRecord const& user) {
    return *sessions.open(user.id, {.way = "password", .from = "192.0.2.1", .agent = "B"});
  }
};

TEST_F(PeopleTest, a_user_signs_in_with_the_password_only) {
  add("ada");
  auto const in = sign_in("ADA", "correct horse");
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(in->username, "ada");
  EXPECT_EQ(people.find("ada")->signed_in_at, clock.now());
  EXPECT_EQ(sign_in("ada", "wrong").error().kind, ErrorKind::denied);
  EXPECT_EQ(sign_in("ada", "").error().kind, ErrorKind::denied);
}

TEST_F(PeopleTest, who_has_no_password_or_is_disabled_cannot_sign_in_with_one) {
  NewUser user;
  user.username = "carol";
  ASSERT_TRUE(people.add(user).ok());
  EXPECT_EQ(sign_in("carol", "").error().kind, ErrorKind::denied);
  auto const bob = add("bob");
  UserChange off;
  off.standing = store::UserRecord::Standing::disabled;
  ASSERT_TRUE(people.change(bob.id, off).ok());
  EXPECT_EQ(sign_in("bob", "correct horse").error().kind, ErrorKind::denied);
}

struct BadUser {
  char const* username;
  char const* name;
  char const* email;
  char const* password;
  char const* where;
};

TEST_F(PeopleTest, names_the_field_that_is_wrong) {
  for (auto const& bad : {BadUser{"", "", "", "correct horse", "username"},
                          BadUser{"a b", "", "", "correct horse", "username"},
                          BadUser{".ada", "", "", "correct horse", "username"},
                          BadUser{"ada", "a\nb", "", "correct horse", "name"},
                          BadUser{"ada", "", "ada", "correct horse", "email"},
                          BadUser{"ada", "", "@x", "correct horse", "email"},
                          BadUser{"ada", "", "", "short", "password"},
                          BadUser{"adalovelace", "", "", "AdaLovelace", "password"}}) {
    NewUser user;
    user.username = bad.username;
    user.name = bad.name;
    user.email = bad.email;
    user.password = Secret(bad.password);
    auto const made = people.add(user);
    ASSERT_FALSE(made.ok()) << bad.where;
    EXPECT_EQ(made.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(made.error().where, bad.where);
    EXPECT_EQ(describe(made.error()).find(bad.password), std::string::npos);
  }
}

TEST_F(PeopleTest, disabling_removing_and_a_new_password_end_sessions_at_once) {
  auto const ada = add("ada");
  UserChange off;
  off.standing = store::UserRecord::Standing::disabled;
  UserChange on;
  on.standing = store::UserRecord::Standing::active;
  UserChange password;
  password.password = Secret("another horse");
  for (auto const& change : {off, password}) {
    auto const token = open(ada);
    ASSERT_TRUE(sessions.check(token.reveal())->has_value());
    ASSERT_TRUE(people.change(ada.id, change).ok());
    EXPECT_FALSE(sessions.check(token.reveal())->has_value());
    ASSERT_TRUE(people.change(ada.id, on).ok());
    EXPECT_FALSE(sessions.check(token.reveal())->has_value()) << "it stays ended";
  }
  auto const token = open(ada);
  ASSERT_TRUE(people.remove(ada.id).ok());
  EXPECT_FALSE(sessions.check(token.reveal())->has_value());
}

TEST_F(PeopleTest, a_changed_role_counts_at_once) {
  auto const ada = add("ada");
  auto const token = open(ada);
  EXPECT_EQ((*sessions.check(token.reveal()))->role, Role::viewer);
  UserChange up;
  up.role = Role::author;
  ASSERT_TRUE(people.change(ada.id, up).ok());
  EXPECT_EQ((*sessions.check(token.reveal()))->role, Role::author);
}

TEST_F(PeopleTest, a_password_link_works_once_for_a_day) {
  auto const ada = add("ada");
  auto const old = people.make_password_link(ada.id);
  auto const link = people.make_password_link(ada.id);
  Secret const fresh("another horse");
  EXPECT_EQ(people.set_password_by_link(*old, fresh).error().kind, ErrorKind::not_found);
  EXPECT_EQ(people.set_password_by_link(*link, Secret("short")).error().where, "password");
  EXPECT_TRUE(people.set_password_by_link(*link, fresh).ok());
  EXPECT_EQ(people.set_password_by_link(*link, fresh).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(sign_in("ada", "another horse").ok());
  auto const late = people.make_password_link(ada.id);
  clock.advance(password_link_life);
  EXPECT_EQ(people.set_password_by_link(*late, fresh).error().kind, ErrorKind::not_found);
}

TEST_F(PeopleTest, ones_own_password_needs_the_present_one) {
  add("ada");
  Secret const fresh("another horse");
  auto change = [&](char const* present) {
    return people.change_password(
        {.username = "ada", .password = Secret(present), .from = "192.0.2.1"}, fresh);
  };
  EXPECT_EQ(change("wrong").error().kind, ErrorKind::denied);
  EXPECT_TRUE(change("correct horse").ok());
  EXPECT_FALSE(sign_in("ada", "correct horse").ok());
  EXPECT_TRUE(sign_in("ada", "another horse").ok());
}

TEST_F(PeopleTest, the_oldest_session_makes_room) {
  auto const ada = add("ada");
  auto const first = open(ada);
  for (std::size_t i = 0; i < sessions_per_user_max; ++i) {
    clock.advance(Milliseconds(1));
    open(ada);
  }
  EXPECT_FALSE(sessions.check(first.reveal())->has_value());
  EXPECT_EQ(sessions.list(ada.id)->size(), sessions_per_user_max);
}

TEST_F(PeopleTest, a_session_is_kept_as_a_digest_and_its_csrf_token_is_its_own) {
  auto const ada = add("ada");
  auto const one = open(ada);
  auto const other = open(ada);
  auto const all = store->sessions().list(ada.id);
  for (auto const& kept : *all)
    EXPECT_EQ(kept.token_hash.find(one.reveal()), std::string::npos);
  EXPECT_NE(Sessions::csrf_token(one.reveal()), Sessions::csrf_token(other.reveal()));
  EXPECT_FALSE(sessions.check(Sessions::csrf_token(one.reveal()))->has_value());
  EXPECT_FALSE(sessions.check("")->has_value());
}

// ---- locking out ----

// What the guard writes of a sign-in.
store::AuditEntry sign_in_entry(std::string const& who, int status, Time at) {
  store::AuditEntry entry{.at = at,
                          .actor_kind = status < 400 ? "user" : "nobody",
                          .actor = who,
                          .action = std::string(sign_in_action),
                          .target = {},
                          .outcome = status < 400 ? "ok" : "refused",
                          .from = "192.0.2.1"};
  if (status >= 400) entry.detail = Json::object({{"status", status}});
  return entry;
}

TEST_F(PeopleTest, a_restart_gives_nobody_new_attempts) {
  add("ada");
  add("bob");
  for (int i = 0; i < LockOut::account_limits.free_attempts + 1; ++i) {
    for (auto const& [who, status] : std::vector<std::pair<std::string, int>>{
             {"Ada ", 401}, {"bob", 401}, {"carol", 429}, {"dora", 400}})
      ASSERT_TRUE(store->audit().append(sign_in_entry(who, status, clock.now())).ok());
  }
  ASSERT_TRUE(store->audit().append(sign_in_entry("bob", 200, clock.now())).ok());
  clock.advance(Milliseconds(500));
  ASSERT_TRUE(people.recall_sign_ins(store->audit()).ok());
  auto const refused = sign_in("ada", "correct horse");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused.error().retry_after, Milliseconds(1'500)) << "two seconds from the last one";
  EXPECT_TRUE(sign_in("bob", "correct horse").ok()) << "signed in after the failures";
  EXPECT_EQ(sign_in("carol", "x").error().kind, ErrorKind::denied) << "had only been waiting";
  EXPECT_EQ(sign_in("dora", "x").error().kind, ErrorKind::denied);
  clock.advance(Milliseconds(1'500));
  EXPECT_TRUE(sign_in("ada", "correct horse").ok());
}

TEST_F(PeopleTest, failures_of_long_ago_are_not_recalled) {
  add("ada");
  for (int i = 0; i < 2 * LockOut::account_limits.free_attempts; ++i)
    ASSERT_TRUE(store->audit().append(sign_in_entry("ada", 401, clock.now())).ok());
  clock.advance(LockOut::forgotten_after);
  // Many pages of something else behind them.
  for (int i = 0; i < 1'100; ++i) {
    store::AuditEntry other{.at = clock.now(), .actor_kind = "user", .action = "runs.cancel"};
    ASSERT_TRUE(store->audit().append(other).ok());
  }
  ASSERT_TRUE(people.recall_sign_ins(store->audit()).ok());
  EXPECT_TRUE(sign_in("ada", "correct horse").ok());
}

TEST_F(PeopleTest, failures_behind_many_other_acts_are_recalled) {
  add("ada");
  for (int i = 0; i < 2 * LockOut::account_limits.free_attempts; ++i)
    ASSERT_TRUE(store->audit().append(sign_in_entry("ada", 401, clock.now())).ok());
  for (int i = 0; i < 1'100; ++i) {
    store::AuditEntry other{.at = clock.now(), .actor_kind = "user", .action = "runs.cancel"};
    ASSERT_TRUE(store->audit().append(other).ok());
  }
  ASSERT_TRUE(people.recall_sign_ins(store->audit()).ok());
  EXPECT_EQ(sign_in("ada", "correct horse").error().kind, ErrorKind::rate_limited);
}

TEST_F(PeopleTest, sign_ins_are_counted_by_way_and_outcome) {
  auto const ada = add("ada");
  ASSERT_TRUE(sign_in("ada", "correct horse").ok());
  for (int i = 0; i < LockOut::account_limits.free_attempts + 2; ++i)
    EXPECT_FALSE(sign_in("ada", "wrong").ok());
  People::Attempt const own{.username = "ada", .password = Secret("wrong"), .from = "192.0.2.1"};
  EXPECT_FALSE(people.change_password(own, Secret("another horse")).ok()) << "no sign-in";
  People::Identity who{.issuer = "https://gitlab.test", .subject = "7", .user = {}, .link_to = {}};
  who.user.username = "ada";
  EXPECT_EQ(people.sign_in_as(who).error().kind, ErrorKind::denied) << "not linked";
  who.link_to = ada.id;
  EXPECT_TRUE(people.sign_in_as(who).ok());
  MetricText text;
  people.write(text);
  for (auto const* line :
       {"{way=\"password\",outcome=\"done\"} 1\n", "{way=\"password\",outcome=\"refused\"} 5\n",
        "{way=\"password\",outcome=\"held-off\"} 2\n", "{way=\"password\",outcome=\"failed\"} 0\n",
        "{way=\"gitlab\",outcome=\"done\"} 1\n", "{way=\"gitlab\",outcome=\"refused\"} 1\n"})
    EXPECT_NE(text.text().find(line), std::string::npos) << line << text.text();
}

TEST(LockOut, doubles_the_wait_up_to_a_limit_and_forgets_after_an_hour) {
  testing::VirtualClock clock;
  LockOut lock(clock);
  LockOut::Attempt const ada{.account = "ada", .address = "a"};
  for (int i = 0; i < LockOut::account_limits.free_attempts; ++i)
    EXPECT_FALSE(lock.begin(ada));
  Milliseconds expected = LockOut::account_limits.first_wait;
  for (int i = 0; i < 15; ++i) {
    ASSERT_EQ(lock.begin(ada), expected) << i;
    clock.advance(expected);
    EXPECT_FALSE(lock.begin(ada)) << i;
    expected = std::min(expected * 2, LockOut::account_limits.longest_wait);
  }
  clock.advance(LockOut::forgotten_after);
  for (int i = 0; i < LockOut::account_limits.free_attempts; ++i)
    EXPECT_FALSE(lock.begin(ada));
  EXPECT_TRUE(lock.begin(ada));
}

TEST(LockOut, counts_each_account_and_each_address) {
  testing::VirtualClock clock;
  LockOut lock(clock);
  for (int i = 0; i < LockOut::account_limits.free_attempts; ++i)
    EXPECT_FALSE(lock.begin({.account = "ada", .address = std::to_string(i)}));
  EXPECT_TRUE(lock.begin({.account = "ada", .address = "new"}));
  EXPECT_FALSE(lock.begin({.account = "bob", .address = "new"}));
  for (int i = 0; i < LockOut::address_limits.free_attempts - 1; ++i)
    EXPECT_FALSE(lock.begin({.account = "x" + std::to_string(i), .address = "new"})) << i;
  EXPECT_TRUE(lock.begin({.account = "fresh", .address = "new"}));
}

TEST(LockOut, a_success_forgives_the_account) {
  testing::VirtualClock clock;
  LockOut lock(clock);
  LockOut::Attempt const ada{.account = "ada", .address = "a"};
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(lock.begin(ada)) << i;
    lock.succeeded(ada);
  }
}

TEST(LockOut, stays_bounded) {
  testing::VirtualClock clock;
  LockOut lock(clock);
  for (std::size_t i = 0; i < LockOut::counters_max + 10; ++i) {
    clock.advance(Milliseconds(1));
    std::string const name = std::to_string(i);
    lock.begin({.account = name, .address = name});
  }
  // The oldest was forgotten: all its free attempts are there again.
  for (int i = 0; i < LockOut::account_limits.free_attempts; ++i)
    EXPECT_FALSE(lock.begin({.account = "0", .address = "0"}));
}

// ---- argon2id, once for real ----

TEST(PasswordHasher, knows_its_own_hashes) {
  testing::SeededRandom random;
  auto const hasher = make_password_hasher(random);
  auto const hash = hasher->hash(Secret("correct horse"));
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(hash->starts_with("$argon2id$"));
  EXPECT_TRUE(*hasher->verify(*hash, Secret("correct horse")));
  EXPECT_FALSE(*hasher->verify(*hash, Secret("correct horsf")));
}

}  // namespace
}  // namespace fairlead::access
