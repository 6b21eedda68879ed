#include "access/api_tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/memory/memory_store.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "vault/digest.h"

namespace fairlead::access {
namespace {

struct World : ::testing::Test {
  testing::VirtualClock clock;
  testing::SeededRandom random{3};
  testing::TemporaryFolder folder;
  std::unique_ptr<store::Store> store = store::make_memory_store();
  ApiTokens tokens{*store, clock, random};

  std::string in_file() {
    return testing::read_file(folder.path() / admin_token_file).value_or("");
  }
  mode_t mode() {
    struct stat status {};
    ::stat((folder.path() / admin_token_file).c_str(), &status);
    return status.st_mode & 07777;
  }
};

TEST_F(World, a_token_tells_who_calls) {
  auto token = tokens.create("ci", Role::operator_, std::nullopt);
  ASSERT_TRUE(token.ok());
  EXPECT_TRUE(token->reveal().starts_with("fairlead_"));
  EXPECT_EQ(token->size(), std::string_view("fairlead_").size() + 43);
  auto caller = tokens.check(token->reveal());
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->name, "ci");
  EXPECT_EQ(caller->role, Role::operator_);
}

TEST_F(World, the_store_has_only_the_digest) {
  auto token = tokens.create("ci", Role::viewer, std::nullopt);
  auto rows = store->access().list_tokens();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().token_hash, vault::sha256_hex(token->reveal()));
}

TEST_F(World, an_expired_token_is_refused_from_the_very_moment) {
  auto token = tokens.create("ci", Role::viewer, clock.now() + std::chrono::hours(1));
  clock.advance(std::chrono::hours(1) - Milliseconds(1));
  EXPECT_TRUE(tokens.check(token->reveal()).ok());
  clock.advance(Milliseconds(1));
  auto refused = tokens.check(token->reveal());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_NE(refused.error().message.find("expired on"), std::string::npos);
}

TEST_F(World, refusals_say_why_and_never_what_was_sent) {
  for (auto const& [sent, why] : {std::pair{"", "no API token"},
                                  {"fairlead_not-a-token-of-ours", "not known"},
                                  {"glpat-somebody-elses", "not known"}}) {
    auto refused = tokens.check(sent);
    ASSERT_FALSE(refused.ok()) << sent;
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_NE(refused.error().message.find(why), std::string::npos) << refused.error().message;
    EXPECT_FALSE(refused.error().remedy.empty());
    if (*sent != '\0') {
      EXPECT_EQ(describe(refused.error()).find(sent), std::string::npos);
    }
  }
}

TEST_F(World, a_role_we_do_not_know_opens_nothing) {
  store::ApiTokenRecord record;
  record.token_hash = vault::sha256_hex("t");
  record.name = "odd";
  record.role = "superuser";
  ASSERT_TRUE(store->access().insert_token(record).ok());
  EXPECT_EQ(tokens.check("t").error().kind, ErrorKind::corrupt);
}

TEST_F(World, the_first_start_leaves_a_private_file_that_works) {
  auto written = tokens.ensure_admin_token(folder.path());
  ASSERT_TRUE(written.ok()) << describe(written.error());
  EXPECT_EQ(*written, folder.path() / admin_token_file);
  EXPECT_EQ(mode(), 0600u);
  auto caller = tokens.check(in_file());
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->role, Role::org_admin);
}

TEST_F(World, later_starts_leave_it_alone) {
  ASSERT_TRUE(tokens.ensure_admin_token(folder.path()).ok());
  std::string const before = in_file();
  auto again = tokens.ensure_admin_token(folder.path());
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_value());
  EXPECT_EQ(in_file(), before);
}

TEST_F(World, a_lost_file_makes_a_new_token_and_ends_the_former) {
  ASSERT_TRUE(tokens.ensure_admin_token(folder.path()).ok());
  std::string const former = in_file();
  auto other = tokens.create("ci", Role::viewer, std::nullopt);
  std::filesystem::remove(folder.path() / admin_token_file);
  auto written = tokens.ensure_admin_token(folder.path());
  ASSERT_TRUE(written.ok() && written->has_value());
  EXPECT_NE(in_file(), former);
  EXPECT_TRUE(tokens.check(in_file()).ok());
  EXPECT_FALSE(tokens.check(former).ok());
  EXPECT_TRUE(tokens.check(other->reveal()).ok()) << "only the admin's own token is replaced";
}

TEST_F(World, a_file_that_holds_another_token_is_replaced) {
  ASSERT_TRUE(tokens.ensure_admin_token(folder.path()).ok());
  testing::write_file(folder.path() / admin_token_file, "fairlead_of-an-older-database\n");
  auto written = tokens.ensure_admin_token(folder.path());
  ASSERT_TRUE(written.ok() && written->has_value());
  EXPECT_TRUE(tokens.check(in_file()).ok());
  EXPECT_EQ(mode(), 0600u);
}

TEST_F(World, a_blank_after_the_token_does_not_matter) {
  ASSERT_TRUE(tokens.ensure_admin_token(folder.path()).ok());
  testing::write_file(folder.path() / admin_token_file, in_file() + "\n");
  auto again = tokens.ensure_admin_token(folder.path());
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_value());
}

TEST_F(World, a_folder_that_cannot_be_written_is_said_so) {
  auto written = tokens.ensure_admin_token(folder.path() / "missing");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().kind, ErrorKind::unavailable);
  EXPECT_NE(written.error().message.find("missing"), std::string::npos);
}

TEST(Roles, each_may_do_what_the_ones_before_it_may) {
  constexpr Role all[] = {Role::viewer, Role::operator_, Role::author, Role::org_admin};
  for (std::size_t has = 0; has < 4; ++has)
    for (std::size_t needed = 0; needed < 4; ++needed)
      EXPECT_EQ(allows(all[has], all[needed]), has >= needed);
}

TEST(Roles, names_come_back) {
  for (Role role : {Role::viewer, Role::operator_, Role::author, Role::org_admin})
    EXPECT_EQ(role_from(to_string(role)), role);
  EXPECT_EQ(role_from("admin"), std::nullopt);
  EXPECT_EQ(role_from(""), std::nullopt);
}

}  // namespace
}  // namespace fairlead::access
