// What a workflow says about its history and its effects.
#include "workflow/policies.h"

#include <gtest/gtest.h>

#include "workflow/parse.h"

namespace fairlead::workflow {
namespace {

std::string text_with(std::string const& metadata) {
  return "document:\n  dsl: '1.0.3'\n  namespace: tests\n  name: t\n  version: '1.0.0'\n" +
         (metadata.empty() ? "" : "  metadata: " + metadata + "\n") + "do:\n- a: {set: {x: 1}}\n";
}

std::string said(std::string const& metadata) {
  auto const document = parse(text_with(metadata));
  if (!document.ok()) return "refused";
  Retention const keep = retention_of(**document);
  std::string words = "age ";
  words += !keep.age ? "default"
           : !keep.age->most
               ? "forever"
               : std::to_string(
                     std::chrono::duration_cast<std::chrono::hours>(*keep.age->most).count()) +
                     "h";
  words += ", count ";
  words += !keep.count         ? "default"
           : !keep.count->most ? "forever"
                               : std::to_string(*keep.count->most);
  return words;
}

TEST(Retention, is_read_with_its_words_for_no_bound) {
  EXPECT_EQ(said(""), "age default, count default");
  EXPECT_EQ(said("{retention: {age: P1D}}"), "age 24h, count default");
  EXPECT_EQ(said("{retention: {age: {days: 2}, count: 10}}"), "age 48h, count 10");
  EXPECT_EQ(said("{retention: {age: forever, count: 0}}"), "age forever, count 0");
  EXPECT_EQ(said("{retention: {count: forever}}"), "age default, count forever");
  EXPECT_EQ(said("{retention: forever}"), "age forever, count forever");
}

TEST(Retention, that_means_nothing_is_refused) {
  for (auto const* wrong :
       {"{retention: {age: long}}", "{retention: {count: -1}}", "{retention: {count: many}}",
        "{retention: {days: 3}}", "{retention: 5}"})
    EXPECT_EQ(said(wrong), "refused") << wrong;
}

TEST(Markers, are_sent_unless_the_workflow_says_off) {
  auto sends = [](std::string const& metadata) {
    auto const document = parse(text_with(metadata));
    return document.ok() ? (sends_markers(**document) ? "yes" : "no") : "refused";
  };
  EXPECT_STREQ(sends(""), "yes");
  EXPECT_STREQ(sends("{effects: {marker: on}}"), "yes");
  EXPECT_STREQ(sends("{effects: {marker: off}}"), "no");
  EXPECT_STREQ(sends("{effects: {marker: false}}"), "no");
  EXPECT_STREQ(sends("{effects: {marker: perhaps}}"), "refused");
  EXPECT_STREQ(sends("{effects: {mark: off}}"), "refused");
}

}  // namespace
}  // namespace fairlead::workflow
