#include "access/key_rotation.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "access/stored_secrets.h"
#include "store/memory/memory_store.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "testing/virtual_pause.h"

namespace fairlead::access {
namespace {

namespace fs = std::filesystem;

struct KeyRotationTest : ::testing::Test {
  testing::TemporaryFolder folder;
  testing::VirtualClock clock;
  testing::SeededRandom random{3};
  testing::VirtualPause pause{clock};
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store = store::make_memory_store();
  vault::MasterKeyOptions keys{.data_folder = folder.path()};

  // One life of the server.
  struct Life {
    std::unique_ptr<vault::Vault> vault;
    std::unique_ptr<StoredSecrets> secrets;
    std::unique_ptr<KeyRotation> rotation;
  };
  Life start() {
    Life life;
    auto key = vault::load_master_key(keys, random, *log);
    EXPECT_TRUE(key.ok());
    std::vector<vault::MasterKey> all{*key};
    auto former = vault::load_former_key(keys, *key);
    EXPECT_TRUE(former.ok());
    if (*former) all.push_back(**former);
    life.vault = std::make_unique<vault::Vault>(all, random);
    life.secrets = std::make_unique<StoredSecrets>(store->secrets(), *life.vault, clock);
    life.rotation = std::make_unique<KeyRotation>(
        KeyRotation::Parts{.vault = *life.vault,
                           .keys = keys,
                           .source = key->source,
                           .meta = store->meta(),
                           .clock = clock,
                           .random = random,
                           .pause = pause,
                           .log = *log},
        std::vector<ResealSource>{{"secrets", [secrets = life.secrets.get()](int limit) {
                                     return secrets->reseal(limit);
                                   }}});
    return life;
  }
  static std::string value(Life& life, std::string const& name) {
    auto found = life.secrets->find(name);
    return found.ok() && *found ? std::string((*found)->reveal()) : "not there";
  }
  std::string sealed(std::string const& name) { return (**store->secrets().find(name)).sealed; }
  bool has(char const* name) { return fs::exists(folder.path() / name); }
};

TEST_F(KeyRotationTest, seals_everything_anew_in_batches_while_it_is_read) {
  Life life = start();
  for (int i = 0; i < 2 * reseal_batch + 1; ++i)
    ASSERT_TRUE(life.secrets->set("s" + std::to_string(i), Secret("value"), "alice").ok());
  ASSERT_TRUE(life.rotation->rotate().ok());
  EXPECT_EQ(life.rotation->rotate().error().kind, ErrorKind::conflict);
  EXPECT_EQ(value(life, "s7"), "value") << "before its turn";
  EXPECT_EQ(life.rotation->work(), reseal_pause);
  EXPECT_EQ(life.rotation->state().resealed, reseal_batch);
  EXPECT_EQ(life.rotation->work(), reseal_pause);
  EXPECT_EQ(life.rotation->work(), reseal_pause);
  EXPECT_EQ(life.rotation->work(), reseal_look_interval);
  EXPECT_TRUE(life.rotation->state().clean_since);
  for (int i = 0; i < 2 * reseal_batch + 1; ++i)
    EXPECT_FALSE(life.vault->is_outdated(sealed("s" + std::to_string(i))));
  EXPECT_TRUE(has("master.key.former")) << "kept for sign-ins under way";
  clock.advance(former_key_kept);
  life.rotation->work();
  EXPECT_FALSE(life.rotation->state().rotating);
  EXPECT_FALSE(has("master.key.former"));
  EXPECT_TRUE(fs::exists(life.rotation->state().retired));
  Life next = start();
  EXPECT_FALSE(next.vault->has_former());
  EXPECT_EQ(value(next, "s7"), "value");
  auto const check = store->meta().get(vault::vault_check_key);
  EXPECT_TRUE(next.vault->verify(**check).ok());
}

TEST_F(KeyRotationTest, one_value_that_cannot_be_opened_holds_up_no_other) {
  Life life = start();
  for (auto const* name : {"a", "b", "c"})
    ASSERT_TRUE(life.secrets->set(name, Secret("of " + std::string(name)), "ada").ok());
  auto damaged = **store->secrets().find("a");
  std::string const sealed = damaged.sealed;
  damaged.sealed.back() = static_cast<char>(damaged.sealed.back() ^ 1);
  ASSERT_TRUE(*store->secrets().reseal("a", sealed, damaged.sealed));
  ASSERT_TRUE(life.rotation->rotate().ok());
  EXPECT_EQ(life.rotation->work(), reseal_pause);
  EXPECT_EQ(life.rotation->state().resealed, 2);
  EXPECT_EQ(life.rotation->work(), reseal_look_interval);
  auto const state = life.rotation->state();
  ASSERT_TRUE(state.trouble.has_value());
  EXPECT_NE(state.trouble->message.find("the secret a: "), std::string::npos)
      << state.trouble->message;
  EXPECT_TRUE(state.rotating) << "the former key is kept";
  EXPECT_EQ(value(life, "b"), "of b");
}

TEST_F(KeyRotationTest, goes_on_after_it_was_killed) {
  {
    Life life = start();
    for (int i = 0; i < reseal_batch + 5; ++i)
      ASSERT_TRUE(life.secrets->set("s" + std::to_string(i), Secret("value"), "alice").ok());
    ASSERT_TRUE(life.rotation->rotate().ok());
    life.rotation->work();
  }
  Life next = start();
  EXPECT_TRUE(next.rotation->state().rotating);
  for (int i = 0; i < reseal_batch + 5; ++i)
    EXPECT_EQ(value(next, "s" + std::to_string(i)), "value");
  EXPECT_EQ(next.rotation->work(), reseal_pause);
  EXPECT_EQ(next.rotation->state().resealed, 5);
}

TEST_F(KeyRotationTest, killed_between_the_files_nothing_changed) {
  { ASSERT_TRUE(start().secrets->set("a", Secret("value"), "alice").ok()); }
  fs::create_hard_link(folder.path() / "master.key", folder.path() / "master.key.former");
  Life life = start();
  EXPECT_FALSE(life.rotation->state().rotating);
  EXPECT_EQ(value(life, "a"), "value");
  EXPECT_TRUE(life.rotation->rotate().ok()) << "and it can be begun again";
  EXPECT_EQ(value(life, "a"), "value");
  Life next = start();
  EXPECT_EQ(value(next, "a"), "value");
}

TEST_F(KeyRotationTest, a_key_of_the_environment_is_replaced_from_there) {
  keys.environment_key = Secret("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
  {
    Life life = start();
    ASSERT_TRUE(life.secrets->set("a", Secret("value"), "alice").ok());
    auto refused = life.rotation->rotate();
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(refused.error().remedy.find("FAIRLEAD_MASTER_KEY_FORMER"), std::string::npos);
  }
  keys.environment_former = keys.environment_key;
  keys.environment_key = Secret("MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
  Life next = start();
  EXPECT_EQ(value(next, "a"), "value");
  next.rotation->work();
  EXPECT_FALSE(next.vault->is_outdated(sealed("a")));
}

}  // namespace
}  // namespace fairlead::access
