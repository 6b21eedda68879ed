#include "workflow/diff.h"

#include <gtest/gtest.h>

#include "workflow/rewrite.h"
#include "workflow/text_diff.h"

namespace fairlead::workflow {
namespace {

std::string told(std::string_view before, std::string_view after) {
  auto const found = differences(before, after);
  if (!found.ok()) return describe(found.error());
  std::string text;
  for (auto const& each : *found)
    text += describe(each) + "\n";
  return text;
}

TEST(DiffTest, tells_tasks_that_were_added_removed_changed_and_moved) {
  EXPECT_EQ(told("document: {version: 1.0.0}\ndo:\n- a: {set: {x: 1}}\n- b: {set: {y: 1}}\n"
                 "- c: {wait: PT1S}\n- e: {set: {v: 1}}\n",
                 "document: {version: 1.0.1}\nschedule: {every: PT1H}\ndo:\n- e: {set: {v: 1}}\n"
                 "- a: {set: {x: 2}}\n- c: {wait: PT1S}\n- d: {set: {z: 1}}\n"),
            "changed /document: /version\n"
            "added /schedule\n"
            "moved /do/0/e (was /do/3/e)\n"
            "changed /do/1/a (was /do/0/a): /set/x\n"
            "added /do/3/d\n"
            "removed /do/1/b\n");
}

TEST(DiffTest, looks_into_every_list_of_tasks) {
  EXPECT_EQ(
      told(
          "use: {functions: {f: {set: {x: 1}}}}\ndo:\n- t: {try: [{a: {set: {x: 1}}}], catch: {do: "
          "[{b: {set: {x: 1}}}]}}\n- f: {fork: {branches: [{c: {set: {x: 1}}}]}}\n",
          "use: {functions: {f: {set: {x: 2}}}}\ndo:\n- t: {try: [{a: {set: {x: 2}}}], catch: {do: "
          "[{b: {set: {x: 2}}}]}}\n- f: {fork: {branches: [{c: {set: {x: 2}}}]}}\n"),
      "changed /use/functions/f: /set/x\n"
      "changed /do/0/t/try/0/a: /set/x\n"
      "changed /do/0/t/catch/do/0/b: /set/x\n"
      "changed /do/1/f/fork/branches/0/c: /set/x\n");
}

TEST(DiffTest, a_task_taken_into_another_list_is_moved) {
  EXPECT_EQ(told("do:\n- a: {set: {x: 1}}\n- g: {do: [{b: {set: {y: 1}}}]}\n",
                 "do:\n- g: {do: [{b: {set: {y: 1}}}, {a: {set: {x: 1}}}]}\n"),
            "moved /do/0/g/do/1/a (was /do/0/a)\n");
}

TEST(DiffTest, comments_quotes_and_the_order_of_keys_do_not_count) {
  EXPECT_EQ(
      told("do:\n- a: {set: {x: '1', y: 2}} # one\n", "do:\n- a:\n    set: {y: 2, x: \"1\"}\n"),
      "");
}

TEST(TextDiffTest, shows_hunks_with_three_lines_around) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n"),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  EXPECT_EQ(unified_diff("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a\n", "a"), "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
  std::string before;
  for (int i = 0; i < 20; ++i)
    before += std::to_string(i) + "\n";
  auto after = "x\n" + before + "y\n";
  EXPECT_EQ(unified_diff(before, after),
            "@@ -1,3 +1,4 @@\n+x\n 0\n 1\n 2\n@@ -18,3 +19,4 @@\n 17\n 18\n 19\n+y\n");
}

TEST(RewriteTest, changes_the_version_and_nothing_else) {
  struct Case {
    char const* before;
    char const* after;
  };
  for (auto const& [before, after] : std::initializer_list<Case>{
           {"document:\n  version: '1.0.0'  # one\ndo: []\n",
            "document:\n  version: '2.0.0'  # one\ndo: []\n"},
           {"document: {name: a, version: 1.0.0, dsl: '1.0.0'}\n",
            "document: {name: a, version: '2.0.0', dsl: '1.0.0'}\n"},
           {"document: {version: 1.0.0}", "document: {version: '2.0.0'}"},
           {"{\"document\": {\"version\": \"1.0.0\"}}", "{\"document\": {\"version\": \"2.0.0\"}}"},
           {"document:\r\n  version: 1.0.0\r\n", "document:\r\n  version: '2.0.0'\r\n"}}) {
    auto const changed = with_version(before, "2.0.0");
    ASSERT_TRUE(changed.ok()) << describe(changed.error()) << before;
    EXPECT_EQ(*changed, after);
  }
  EXPECT_FALSE(with_version("document: {name: a}", "2.0.0").ok());
  EXPECT_FALSE(with_version("x: &v 1.0.0\ndocument: {version: *v}", "2.0.0").ok());
  EXPECT_FALSE(with_version("document: {version: ", "2.0.0").ok());
}

}  // namespace
}  // namespace fairlead::workflow
