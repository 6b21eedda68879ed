#include "store/version_order.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fairlead::store {
namespace {

// Semantic Versioning 2.0.0, section 11, oldest first.
constexpr std::array<char const*, 14> oldest_first{
    "latest",        "1",
    "0.9.0",         "1.0.0-alpha",
    "1.0.0-alpha.1", "1.0.0-alpha.beta",
    "1.0.0-beta",    "1.0.0-beta.2",
    "1.0.0-beta.11", "1.0.0-rc.1",
    "1.0.0",         "1.2.0",
    "1.10.0",        "99999999999999999999999.0.0",
};

TEST(VersionOrder, follows_semantic_versioning) {
  for (std::size_t i = 2; i < oldest_first.size(); ++i) {
    for (std::size_t j = 0; j < oldest_first.size(); ++j) {
      int const order = compare_versions(oldest_first[i], oldest_first[j]);
      EXPECT_EQ(order > 0, i > j) << oldest_first[i] << " " << oldest_first[j];
      EXPECT_EQ(order == 0, i == j) << oldest_first[i] << " " << oldest_first[j];
    }
  }
}

TEST(VersionOrder, ignores_build_metadata) { EXPECT_EQ(compare_versions("1.0.0+a", "1.0.0+b"), 0); }

}  // namespace
}  // namespace fairlead::store
