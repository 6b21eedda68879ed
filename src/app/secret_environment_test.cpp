#include "app/secret_environment.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace fairlead::app {
namespace {

TEST(SecretEnvironment, secrets_are_taken_out_of_the_environment) {
  ::setenv("FAIRLEAD_SECRET_TEST_ONE", "value1", 1);
  auto const taken = take_secret_variables();
  ASSERT_TRUE(taken.contains("FAIRLEAD_SECRET_TEST_ONE"));
  EXPECT_EQ(taken.find("FAIRLEAD_SECRET_TEST_ONE")->second.reveal(), "value1");
  EXPECT_EQ(std::getenv("FAIRLEAD_SECRET_TEST_ONE"), nullptr);
  for (auto const& each : environment_for_command())
    EXPECT_EQ(each.find("FAIRLEAD_SECRET_"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::app
