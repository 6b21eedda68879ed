// Words of deep layers become sentences; names, paths and URLs stay as they are.
#include "base/sentence.h"

#include <gtest/gtest.h>

namespace fairlead {
namespace {

TEST(Sentence, words_get_a_capital_and_a_full_stop) {
  struct Case {
    char const* words;
    char const* shown;
  };
  for (auto const& [words, shown] : {
           Case{"", ""},
           Case{"there is no run x", "There is no run x."},
           Case{"There is no run x.", "There is no run x."},
           Case{"create-issue needs a title", "create-issue needs a title."},
           Case{"http://127.0.0.1:1 answered HTTP 401", "http://127.0.0.1:1 answered HTTP 401."},
           Case{"ops/restart is there", "ops/restart is there."},
           Case{"use one of these: ops, dev", "Use one of these: ops, dev."},
           Case{"Open https://gitlab.example.com/oauth", "Open https://gitlab.example.com/oauth"},
           Case{"Did you mean --title?", "Did you mean --title?"},
           Case{"\"title\" is missing", "\"title\" is missing."},
       })
    EXPECT_EQ(sentence(words), shown);
}

TEST(Sentence, a_message_of_a_field_begins_with_its_name) {
  EXPECT_EQ(message_sentence(invalid_input("title", "is missing")), "\"title\" is missing.");
  EXPECT_EQ(message_sentence(invalid_input("limit", "must be a number.")),
            "\"limit\" must be a number.");
  EXPECT_EQ(message_sentence(invalid_input("", "is missing")), "Is missing.");
  EXPECT_EQ(message_sentence(invalid_input("x", "there is no such thing")),
            "There is no such thing.");
}

}  // namespace
}  // namespace fairlead
