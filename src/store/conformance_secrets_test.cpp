// Conformance of every store: sealed secrets by name.
#include <gtest/gtest.h>

#include "store/conformance_fixture.h"
#include "store/secrets.h"

namespace fairlead::store {
namespace {

class SecretsConformance : public StoreConformance {};

TEST_P(SecretsConformance, a_secret_is_put_found_replaced_and_removed) {
  auto& secrets = store_->secrets();
  EXPECT_FALSE(secrets.find("token")->has_value());
  SecretRecord record{.name = "token",
                      .sealed = std::string("\x01\x00\xff", 3),
                      .updated_by = "alice",
                      .updated_at = at(1)};
  EXPECT_OK(secrets.put(record));
  auto found = secrets.find("token");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->sealed, record.sealed);
  EXPECT_EQ((*found)->updated_by, "alice");
  EXPECT_EQ((*found)->updated_at, at(1));
  record.sealed = "other";
  record.updated_by = "bob";
  record.updated_at = at(2);
  EXPECT_OK(secrets.put(record));
  EXPECT_EQ((**secrets.find("token")).sealed, "other");
  EXPECT_OK(secrets.remove("token"));
  EXPECT_ERROR(ErrorKind::not_found, secrets.remove("token"));
  EXPECT_FALSE(secrets.find("token")->has_value());
}

TEST_P(SecretsConformance, the_list_is_sorted_and_has_no_values) {
  auto& secrets = store_->secrets();
  for (std::string const name : {"b", "c", "a"})
    EXPECT_OK(secrets.put({.name = name, .sealed = "sealed", .updated_at = at(1)}));
  auto all = secrets.list();
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].name, "a");
  EXPECT_EQ((*all)[2].name, "c");
  for (auto const& each : *all)
    EXPECT_EQ(each.sealed, "");
}

TEST_P(SecretsConformance, a_value_set_meanwhile_is_not_sealed_over) {
  auto& secrets = store_->secrets();
  EXPECT_OK(secrets.put({.name = "a", .sealed = "old", .updated_at = at(1)}));
  EXPECT_TRUE(*secrets.reseal("a", "old", "anew"));
  EXPECT_FALSE(*secrets.reseal("a", "old", "again"));
  EXPECT_FALSE(*secrets.reseal("b", "old", "anew"));
  EXPECT_EQ((**secrets.find("a")).sealed, "anew");
  EXPECT_EQ((**secrets.find("a")).updated_at, at(1));
}

INSTANTIATE_FOR_EVERY_STORE(SecretsConformance);

}  // namespace
}  // namespace fairlead::store
