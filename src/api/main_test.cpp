// The test program is its own jq helper, as the server is.
#include <gtest/gtest.h>

#include "expression/jq_helper.h"

int main(int argc, char** argv) {
  if (auto const code = fairlead::expression::run_as_jq_helper(argc, argv)) return *code;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
