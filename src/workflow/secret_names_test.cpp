#include "workflow/secret_names.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace fairlead::workflow {
namespace {

TEST(SecretNames, are_found_wherever_a_program_names_them) {
  using Use = SecretNames::Use;
  struct Case {
    std::string_view program;
    std::string_view names;
    Use use;
  };
  for (auto const& each :
       {Case{".a", "", Use::none}, Case{"$secret.a", "", Use::none},
        Case{"$secretsX.a", "", Use::none}, Case{"$secrets.apiKey", "apiKey", Use::by_name},
        Case{"$ secrets . apiKey", "apiKey", Use::by_name},
        Case{"$secrets[\"api-key\"]", "api-key", Use::by_name},
        Case{"$secrets.\"api-key\"", "api-key", Use::by_name},
        Case{"$secrets.[ \"a\" ]", "a", Use::by_name},
        Case{"\"Bearer \" + $secrets.a + $secrets.b.c + $secrets.a", "a,b", Use::by_name},
        Case{"$secrets", "", Use::unclear}, Case{"$secrets[.x]", "", Use::unclear},
        Case{"$secrets | .a", "", Use::unclear}, Case{"$secrets[\"a\\u0062\"]", "", Use::unclear},
        Case{"$secrets.a + $secrets[.x]", "a", Use::unclear},
        Case{"$secrets[\"a\" + \"b\"]", "", Use::unclear}}) {
    auto const found = secrets_named(each.program);
    EXPECT_EQ(join(found.names, ","), each.names) << each.program;
    EXPECT_EQ(found.use, each.use) << each.program;
  }
}

}  // namespace
}  // namespace fairlead::workflow
