// Findings before a workflow is published.
#include "workflow/publish_checks.h"

#include <gtest/gtest.h>

#include "workflow/parse.h"

namespace fairlead::workflow {
namespace {

std::string text_with(std::string const& tasks, std::string const& schedule = "") {
  return "document: {dsl: '1.0.3', namespace: tests, name: t, version: '1.0.0'}\n" + schedule +
         "do:\n" + tasks;
}

// "code:pointer" of each, errors with a "!".
std::string found_in(std::string const& text) {
  auto const document = parse(text);
  if (!document.ok()) return document.error().message;
  std::string all;
  for (auto const& problem : publish_problems(**document)) {
    bool const error = problem.severity == Problem::Severity::error;
    all += (all.empty() ? "" : " ") + problem.code + (error ? "!" : "") + problem.pointer;
  }
  return all;
}

struct Case {
  char const* name;
  char const* tasks;
  char const* found;
};

TEST(PublishChecks, a_step_that_nothing_leads_to_is_named_once) {
  constexpr Case cases[] = {
      {"straight on", "- a: {set: {x: 1}}\n- b: {set: {x: 2}}\n", ""},
      {"after end", "- a: {set: {x: 1}, then: end}\n- b: {set: {x: 2}}\n- c: {set: {x: 3}}\n",
       "unreachable/do/1/b"},
      {"after exit", "- a: {set: {x: 1}, then: exit}\n- b: {set: {x: 2}}\n", "unreachable/do/1/b"},
      {"after raise",
       "- a: {raise: {error: {type: 'https://x.test/e', status: 400}}}\n- b: {set: {x: 2}}\n",
       "unreachable/do/1/b"},
      {"raise under a condition",
       "- a: {if: .x, raise: {error: {type: 'https://x.test/e', status: 400}}}\n"
       "- b: {set: {x: 2}}\n",
       ""},
      {"jumped over", "- a: {set: {x: 1}, then: c}\n- b: {set: {x: 2}}\n- c: {set: {x: 3}}\n",
       "unreachable/do/1/b"},
      {"jumped back to",
       "- a: {set: {x: 1}, then: c}\n- b: {set: {x: 2}, then: end}\n- c: {set: {x: 3}, then: b}\n",
       ""},
      {"a switch with a default",
       "- a: {switch: [{one: {when: .x, then: c}}, {rest: {then: end}}]}\n- b: {set: {x: 2}}\n"
       "- c: {set: {x: 3}}\n",
       "unreachable/do/1/b"},
      {"a switch without",
       "- a: {switch: [{one: {when: .x, then: c}}]}\n- b: {set: {x: 2}}\n"
       "- c: {set: {x: 3}}\n",
       ""},
      {"after a block that never ends well",
       "- a:\n    do:\n    - in: {set: {x: 1}, then: end}\n- b: {set: {x: 2}}\n",
       "unreachable/do/1/b"},
      {"after a block that is left early",
       "- a:\n    do:\n    - in: {set: {x: 1}, then: exit}\n- b: {set: {x: 2}}\n", ""},
      {"what a catch leads back to",
       "- a:\n    try:\n    - in: {raise: {error: {type: 'https://x.test/e', status: 400}}}\n"
       "    catch: {then: continue}\n- b: {set: {x: 2}}\n",
       ""},
  };
  for (auto const& each : cases)
    EXPECT_EQ(found_in(text_with(each.tasks)), each.found) << each.name;
}

TEST(PublishChecks, an_own_event_that_starts_the_workflow_again_is_an_error_if_nothing_stops_it) {
  std::string const on =
      "schedule: {on: {one: {with: {type: com.x.a, source: '^/workflows/tests/.*'}}}}\n";
  std::string const plain = "emit: {event: {with: {type: com.x.a}}}";
  EXPECT_EQ(found_in(text_with("- a: {" + plain + "}\n", on)), "own-event!/do/0/a");
  EXPECT_EQ(found_in(text_with("- a: {if: .again, " + plain + "}\n", on)), "own-event/do/0/a");
  EXPECT_EQ(found_in(text_with("- a: {emit: {event: {with: {type: '${ .type }'}}}}\n", on)),
            "own-event/do/0/a");
  EXPECT_EQ(found_in(text_with("- a: {emit: {event: {with: {type: com.x.b}}}}\n", on)), "");
  EXPECT_EQ(
      found_in(text_with(
          "- a: {emit: {event: {with: {type: com.x.a, source: 'https://elsewhere.test'}}}}\n", on)),
      "");
  EXPECT_EQ(found_in(text_with("- a: {" + plain + "}\n")), "") << "it is not started by events";
}

TEST(PublishChecks, settings_at_the_top_are_as_good_as_literals) {
  auto const document = parse(text_with(
      "- settings: {set: {project: ops/x, late: '${ .y }'}, export: {as: '{settings: .}'}}\n"));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(literal_of(**document, "ops/y").as_string(), "ops/y");
  EXPECT_EQ(literal_of(**document, "${ $context.settings.project }").as_string(), "ops/x");
  EXPECT_TRUE(literal_of(**document, "${ $context.settings.late }").is_null());
  EXPECT_TRUE(literal_of(**document, "${ $context.other.project }").is_null());
  EXPECT_TRUE(literal_of(**document, "${ .project }").is_null());
}

}  // namespace
}  // namespace fairlead::workflow
