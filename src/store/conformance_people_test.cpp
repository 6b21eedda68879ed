// Conformance of every store: users, one-time links, sessions, the audit chain.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/audit.h"
#include "store/conformance_fixture.h"
#include "store/people.h"

namespace fairlead::store {
namespace {

using Standing = UserRecord::Standing;

class PeopleConformance : public StoreConformance {
 protected:
  UserRecord user(std::string const& username, std::string const& role = "viewer") {
    UserRecord record;
    record.id = UserId("id-" + username);
    record.username = username;
    record.name = username + "'s name";
    record.email = username + "@example.com";
    record.role = role;
    record.password_hash = "hash of " + username;
    record.created_at = record.updated_at = at(1);
    return record;
  }
  SessionRecord session(std::string const& id, std::string const& username, int created) {
    return {.id = id,
            .token_hash = "hash-" + id,
            .user = UserId("id-" + username),
            .way = "password",
            .from = "10.0.0.1",
            .agent = "Browser",
            .created_at = at(created),
            .seen_at = at(created),
            .expires_at = at(created + 1'000)};
  }
  AuditEntry entry(std::string const& actor, std::string const& action, int second) {
    AuditEntry made;
    made.at = at(second);
    made.actor_kind = "user";
    made.actor = actor;
    made.action = action;
    made.target = "t";
    made.outcome = "ok";
    made.from = "10.0.0.1";
    made.detail = Json::object({{"b", 1}, {"a", Json::object({{"d", 1}, {"c", "\xc3\xa4"}})}});
    return made;
  }
  UserStore& users() { return store_->users(); }
  SessionStore& sessions() { return store_->sessions(); }
};

TEST_P(PeopleConformance, keeps_users_whole) {
  auto ada = user("ada", "org-admin");
  ada.issuer = "https://gitlab.test";
  ada.subject = "17";
  ada.signed_in_at = at(5);
  EXPECT_OK(users().insert(ada));
  auto const found = users().find(ada.id);
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->username, "ada");
  EXPECT_EQ((*found)->name, "ada's name");
  EXPECT_EQ((*found)->email, "ada@example.com");
  EXPECT_EQ((*found)->role, "org-admin");
  EXPECT_EQ((*found)->password_hash, "hash of ada");
  EXPECT_EQ((*found)->standing, Standing::active);
  EXPECT_EQ((*found)->generation, 1);
  EXPECT_EQ((*found)->signed_in_at, at(5));
  EXPECT_EQ((*users().find_username("ada"))->id, ada.id);
  EXPECT_EQ((*users().find_identity("https://gitlab.test", "17"))->id, ada.id);
  EXPECT_FALSE(users().find_identity("https://other.test", "17")->has_value());
  EXPECT_FALSE(users().find_username("bob")->has_value());
  EXPECT_FALSE(users().find(UserId("none"))->has_value());
}

TEST_P(PeopleConformance, a_username_and_an_identity_belong_to_one) {
  auto ada = user("ada");
  ada.issuer = "i";
  ada.subject = "1";
  EXPECT_OK(users().insert(ada));
  auto same_name = user("ada");
  same_name.id = UserId("other");
  EXPECT_ERROR(ErrorKind::conflict, users().insert(same_name));
  auto same_identity = user("bob");
  same_identity.issuer = "i";
  same_identity.subject = "1";
  EXPECT_ERROR(ErrorKind::conflict, users().insert(same_identity));
  // Nobody at GitLab is no identity.
  EXPECT_OK(users().insert(user("carol")));
  EXPECT_OK(users().insert(user("dave")));
  EXPECT_FALSE(users().find_identity("", "")->has_value());
  auto carol = **users().find_username("carol");
  carol.username = "dave";
  EXPECT_ERROR(ErrorKind::conflict, users().update(carol));
}

TEST_P(PeopleConformance, a_change_of_an_old_generation_is_refused) {
  EXPECT_OK(users().insert(user("root", "org-admin")));
  EXPECT_OK(users().insert(user("ada")));
  auto first = **users().find_username("ada");
  auto second = first;
  first.email = "a@example.com";
  EXPECT_OK(users().update(first));
  second.email = "b@example.com";
  EXPECT_ERROR(ErrorKind::conflict, users().update(second));
  auto const now = **users().find_username("ada");
  EXPECT_EQ(now.email, "a@example.com");
  EXPECT_EQ(now.generation, 2);
  EXPECT_ERROR(ErrorKind::not_found, users().update(user("nobody")));
}

TEST_P(PeopleConformance, the_last_active_org_admin_stays) {
  EXPECT_OK(users().insert(user("ada", "org-admin")));
  EXPECT_OK(users().insert(user("bob", "org-admin")));
  auto bob = **users().find_username("bob");
  bob.standing = Standing::disabled;
  EXPECT_OK(users().update(bob));
  for (auto const& [role, standing] :
       {std::pair{"author", Standing::active}, {"org-admin", Standing::disabled}}) {
    auto ada = **users().find_username("ada");
    ada.role = role;
    ada.standing = standing;
    EXPECT_ERROR(ErrorKind::conflict, users().update(ada));
  }
  EXPECT_ERROR(ErrorKind::conflict, users().remove(UserId("id-ada")));
  auto invited = user("carol", "org-admin");
  invited.password_hash.clear();
  EXPECT_OK(users().insert(invited));
  EXPECT_ERROR(ErrorKind::conflict, users().remove(UserId("id-ada"))) << "carol cannot sign in yet";
  auto ada = **users().find_username("ada");
  ada.password_hash.clear();
  EXPECT_ERROR(ErrorKind::conflict, users().update(ada)) << "nor could ada";
  EXPECT_OK(users().remove(UserId("id-carol")));
  bob = **users().find_username("bob");
  bob.standing = Standing::active;
  EXPECT_OK(users().update(bob));
  EXPECT_OK(users().remove(UserId("id-ada")));
  EXPECT_ERROR(ErrorKind::not_found, users().remove(UserId("id-ada")));
  EXPECT_EQ(users().list()->size(), 1u);
}

TEST_P(PeopleConformance, the_first_user_comes_by_the_setup_link_once) {
  EXPECT_ERROR(ErrorKind::not_found, users().insert_first(user("ada", "org-admin"), "h"));
  EXPECT_OK(users().put_link({.token_hash = "old", .user = {}, .expires_at = {}}));
  EXPECT_OK(users().put_link({.token_hash = "h", .user = {}, .expires_at = {}}));
  EXPECT_ERROR(ErrorKind::not_found, users().insert_first(user("ada", "org-admin"), "old"));
  EXPECT_ERROR(ErrorKind::not_found, users().take_link("h", at(1)));
  EXPECT_OK(users().insert_first(user("ada", "org-admin"), "h"));
  EXPECT_ERROR(ErrorKind::conflict, users().insert_first(user("bob", "org-admin"), "h"));
  EXPECT_EQ(users().list()->size(), 1u);
}

TEST_P(PeopleConformance, a_password_link_works_once_and_in_time) {
  EXPECT_OK(users().insert(user("ada")));
  UserId const ada("id-ada");
  EXPECT_OK(users().put_link({.token_hash = "l1", .user = ada, .expires_at = at(10)}));
  EXPECT_ERROR(ErrorKind::not_found, users().take_link("l1", at(10)));
  EXPECT_OK(users().put_link({.token_hash = "l2", .user = ada, .expires_at = at(10)}));
  EXPECT_ERROR(ErrorKind::not_found, users().take_link("l1", at(5)));
  auto const taken = users().take_link("l2", at(9));
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->user, ada);
  EXPECT_ERROR(ErrorKind::not_found, users().take_link("l2", at(9)));
}

TEST_P(PeopleConformance, keeps_sessions_newest_first) {
  EXPECT_OK(sessions().insert(session("a", "ada", 1)));
  EXPECT_OK(sessions().insert(session("b", "ada", 2)));
  EXPECT_OK(sessions().insert(session("c", "bob", 3)));
  EXPECT_ERROR(ErrorKind::conflict, sessions().insert(session("a", "ada", 1)));
  auto const found = sessions().find("hash-a");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->user, UserId("id-ada"));
  EXPECT_EQ((*found)->way, "password");
  EXPECT_EQ((*found)->from, "10.0.0.1");
  EXPECT_EQ((*found)->agent, "Browser");
  EXPECT_EQ((*found)->expires_at, at(1'001));
  EXPECT_FALSE(sessions().find("hash-x")->has_value());
  auto const listed = sessions().list(UserId("id-ada"));
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->front().id, "b");
  EXPECT_OK(sessions().touch("hash-a", at(7)));
  EXPECT_OK(sessions().touch("hash-x", at(7)));
  EXPECT_EQ((*sessions().find("hash-a"))->seen_at, at(7));
}

TEST_P(PeopleConformance, sessions_end_by_id_by_age_and_with_all_others) {
  for (auto const* id : {"a", "b", "c"})
    EXPECT_OK(sessions().insert(session(id, "ada", 1)));
  EXPECT_OK(sessions().insert(session("d", "bob", 1)));
  EXPECT_ERROR(ErrorKind::not_found, sessions().remove(UserId("id-bob"), "a"));
  EXPECT_OK(sessions().remove(UserId("id-ada"), "a"));
  EXPECT_EQ(*sessions().remove_others(UserId("id-ada"), "hash-b"), 1);
  EXPECT_EQ(sessions().list(UserId("id-ada"))->size(), 1u);
  EXPECT_EQ(*sessions().remove_others(UserId("id-ada"), ""), 1);
  EXPECT_EQ(*sessions().remove_over(at(500), at(1)), 0);
  EXPECT_EQ(*sessions().remove_over(at(500), at(2)), 1);
  EXPECT_OK(sessions().insert(session("e", "bob", 1)));
  EXPECT_EQ(*sessions().remove_over(at(1'001), at(0)), 1);
}

TEST_P(PeopleConformance, what_belongs_to_a_user_goes_with_the_user) {
  EXPECT_OK(users().insert(user("ada")));
  EXPECT_OK(sessions().insert(session("a", "ada", 1)));
  EXPECT_OK(sessions().insert(session("b", "bob", 1)));
  EXPECT_OK(users().put_link({.token_hash = "l", .user = UserId("id-ada"), .expires_at = {}}));
  for (auto const* owner : {"id-ada", "id-bob", ""}) {
    ApiTokenRecord token;
    token.token_hash = std::string("t") + owner;
    token.name = "ci";
    token.role = "viewer";
    token.id = std::string("i") + owner;
    token.user = UserId(owner);
    EXPECT_OK(store_->access().insert_token(token));
  }
  EXPECT_EQ((*store_->access().find_token("tid-ada"))->id, "iid-ada");
  EXPECT_EQ((*store_->access().find_token("tid-ada"))->user, UserId("id-ada"));
  EXPECT_OK(users().remove(UserId("id-ada")));
  EXPECT_FALSE(sessions().find("hash-a")->has_value());
  EXPECT_TRUE(sessions().find("hash-b")->has_value());
  EXPECT_ERROR(ErrorKind::not_found, users().take_link("l", at(1)));
  EXPECT_EQ(store_->access().list_tokens()->size(), 2u);
}

TEST_P(PeopleConformance, the_audit_log_is_a_chain) {
  auto& audit = store_->audit();
  EXPECT_EQ(audit.head()->seq, 0);
  EXPECT_FALSE(check_chain(audit)->broken_at);
  std::string former;
  for (int i = 1; i <= 3; ++i) {
    auto const kept = audit.append(entry("ada", "users.create", i));
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(kept->seq, i);
    EXPECT_EQ(kept->hash, chain_hash(former, *kept));
    former = kept->hash;
  }
  EXPECT_EQ(audit.head()->seq, 3);
  EXPECT_EQ(audit.head()->hash, former);
  auto const page = audit.after(1, 10);
  ASSERT_EQ(page->size(), 2u);
  EXPECT_EQ(page->front().seq, 2);
  EXPECT_EQ(page->front().detail, entry("ada", "x", 1).detail);
  EXPECT_EQ(page->front().at, at(2));
  auto const check = check_chain(audit);
  ASSERT_TRUE(check.ok());
  EXPECT_FALSE(check->broken_at);
  EXPECT_EQ(check->entries, 3);
}

TEST_P(PeopleConformance, the_audit_log_is_found_by_actor_action_and_time) {
  auto& audit = store_->audit();
  EXPECT_OK(audit.append(entry("ada", "users.create", 1)));
  EXPECT_OK(audit.append(entry("bob", "users", 2)));
  EXPECT_OK(audit.append(entry("ada", "users_other", 3)));
  EXPECT_OK(audit.append(entry("ada", "runs.cancel", 4)));
  auto seqs = [&](AuditFilter const& filter, std::int64_t below, int limit) {
    std::vector<std::int64_t> found;
    auto const listed = audit.list(filter, below, limit);
    EXPECT_TRUE(listed.ok());
    for (auto const& each : *listed)
      found.push_back(each.seq);
    return found;
  };
  using Seqs = std::vector<std::int64_t>;
  EXPECT_EQ(seqs({}, 0, 10), (Seqs{4, 3, 2, 1}));
  EXPECT_EQ(seqs({}, 4, 2), (Seqs{3, 2}));
  EXPECT_EQ(seqs({.actor = "ada", .action = {}, .from = {}, .before = {}}, 0, 10), (Seqs{4, 3, 1}));
  EXPECT_EQ(seqs({.actor = {}, .action = "users", .from = {}, .before = {}}, 0, 10), (Seqs{2, 1}));
  EXPECT_EQ(seqs({.actor = {}, .action = {}, .from = at(2), .before = at(4)}, 0, 10), (Seqs{3, 2}));
}

INSTANTIATE_FOR_EVERY_STORE(PeopleConformance);

TEST(AuditChain, does_not_depend_on_the_order_of_members) {
  AuditEntry one;
  one.detail = Json::object({{"a", 1}, {"b", Json::object({{"c", 1}, {"d", 2}})}});
  AuditEntry other;
  other.detail = Json::object({{"b", Json::object({{"d", 2}, {"c", 1}})}, {"a", 1}});
  EXPECT_EQ(chain_hash("x", one), chain_hash("x", other));
  EXPECT_NE(chain_hash("y", one), chain_hash("x", one));
}

}  // namespace
}  // namespace fairlead::store
