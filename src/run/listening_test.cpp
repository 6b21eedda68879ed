// The index of listeners: an event asks only those it can concern.
#include "run/listening.h"

#include <gtest/gtest.h>

#include "run/world_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

Json event_of(std::string const& id, std::string const& type, Json data) {
  return Json::object({{"specversion", "1.0"},
                       {"id", id},
                       {"source", "/desk"},
                       {"type", type},
                       {"data", std::move(data)}});
}
Json order(std::int64_t number) { return Json::object({{"order", number}}); }

store::ListenerRecord listener(int run, std::string const& type, std::int64_t number) {
  return {.run = RunId("run-" + std::to_string(run)),
          .key = "2:0",
          .event_type = type,
          .filter = json(R"({"with": {"type": ")" + type +
                         R"("}, "correlate": {"order": {"from": ".data.order"}}})"),
          .expected = order(number),
          .variables = {}};
}

TEST(ListeningIndex, asks_only_those_that_can_be_meant) {
  World world;
  Listening listening(*world.store, world.evaluator);
  for (int i = 0; i < 10'000; ++i)
    listening.set(listener(i, "other", i));
  for (int i = 0; i < 10'000; ++i)
    listening.set(listener(10'000 + i, "paid", i));
  EXPECT_EQ(listening.figures().listeners, 20'000U);
  EXPECT_EQ(listening.figures().groups, 2U);
  store::EventRecord const event{
      .seq = 1, .type = "paid", .envelope = event_of("a", "paid", order(77))};
  auto const hits = listening.heard_by(event);
  ASSERT_EQ(hits.hits.size(), 1U);
  EXPECT_EQ(hits.hits[0].run.text, "run-10077");
  EXPECT_EQ(hits.hits[0].event.keys, order(77));
  EXPECT_EQ(listening.figures().groups_asked, 1U);
  EXPECT_EQ(listening.figures().listeners_asked, 1U);
  for (int i = 0; i < 20'000; ++i)
    listening.clear(RunId("run-" + std::to_string(i)), "2:0");
  EXPECT_EQ(listening.figures().listeners, 0U);
  EXPECT_EQ(listening.figures().groups, 0U);
}

// All of them in one place: leaving it must not look at the others.
TEST(ListeningIndex, listeners_that_correlate_nothing_leave_as_quickly_as_others) {
  World world;
  Listening listening(*world.store, world.evaluator);
  constexpr int many = 50'000;
  auto of = [](int run) {
    return store::ListenerRecord{.run = RunId("run-" + std::to_string(run)),
                                 .key = "2:0",
                                 .event_type = "paid",
                                 .filter = json(R"({"with": {"type": "paid"}})"),
                                 .expected = {},
                                 .variables = {}};
  };
  for (int i = 0; i < many; ++i)
    listening.set(of(i));
  EXPECT_EQ(listening.figures().groups, 1U);
  for (int i = many - 1; i >= 0; --i)
    listening.clear(RunId("run-" + std::to_string(i)), "2:0");
  EXPECT_EQ(listening.figures().listeners, 0U);
  EXPECT_EQ(listening.figures().groups, 0U);
}

TEST(ListeningIndex, correlates_numbers_and_texts_that_read_the_same) {
  World world;
  Listening listening(*world.store, world.evaluator);
  auto wanted = listener(1, "paid", 0);
  wanted.expected = json(R"({"order": "42"})");
  listening.set(wanted);
  EXPECT_EQ(
      listening.heard_by({.seq = 1, .type = "paid", .envelope = event_of("a", "paid", order(42))})
          .hits.size(),
      1U);
  EXPECT_TRUE(
      listening.heard_by({.seq = 2, .type = "paid", .envelope = event_of("b", "paid", json("{}"))})
          .hits.empty())
      << "what cannot be correlated is not heard";
}

}  // namespace
}  // namespace fairlead::run
