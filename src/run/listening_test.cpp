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

// Counts what would be asked of a helper.
struct Asked {
  int times{0};
  void script(World& world, std::string const& program, Result<Json> const& answer) {
    world.evaluator.add(program, [this, answer](expression::Evaluation const&) {
      ++times;
      return answer;
    });
  }
};

// Listeners with these filters of data and subject; run i has the i-th context.
void listen_with(Listening& listening, std::string const& filter,
                 std::vector<Json> const& contexts) {
  store::ListenerRecord record{.run = {},
                               .key = "2:0",
                               .event_type = "paid",
                               .filter = json(filter),
                               .expected = {},
                               .variables = {}};
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    record.run = RunId("run-" + std::to_string(i));
    record.variables = Json::object({{"context", contexts[i]}});
    Listen const listen{.listeners = {record}, .heard = {}, .bound = {}};
    EXPECT_TRUE(listening.scan(listen).ok());
  }
}

store::EventRecord paid(std::int64_t number) {
  return {.seq = number, .type = "paid", .envelope = event_of("a", "paid", order(number))};
}

constexpr int crowd = 1'000;

// Another context for each.
std::vector<Json> crowd_of_orders() {
  std::vector<Json> contexts;
  for (int i = 0; i < crowd; ++i)
    contexts.push_back(order(i));
  return contexts;
}

TEST(ListeningIndex, a_thousand_runs_with_the_same_values_are_one_question) {
  World world;
  Listening listening(*world.store, world.evaluator);
  Asked asked;
  asked.script(world, "test($context.pattern)", Json(true));
  listen_with(listening, R"({"with": {"type": "paid", "subject": "${ test($context.pattern) }"}})",
              std::vector<Json>(crowd, json(R"({"pattern": "x"})")));
  EXPECT_EQ(listening.heard_by(paid(1)).hits.size(), static_cast<std::size_t>(crowd));
  EXPECT_EQ(asked.times, 1);
  EXPECT_EQ(listening.heard_by(paid(2)).hits.size(), static_cast<std::size_t>(crowd));
  EXPECT_EQ(asked.times, 2) << "another event is another question";
}

TEST(ListeningIndex, runs_with_other_values_are_asked_for_themselves) {
  World world;
  Listening listening(*world.store, world.evaluator);
  world.evaluator.add("test($context.pattern)", [](expression::Evaluation const& each) {
    return Json(each.variables["context"]["pattern"] == Json("x"));
  });
  listen_with(listening, R"({"with": {"type": "paid", "subject": "${ test($context.pattern) }"}})",
              {json(R"({"pattern": "x"})"), json(R"({"pattern": "y"})")});
  auto const hits = listening.heard_by(paid(1)).hits;
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].run.text, "run-0");
}

TEST(ListeningIndex, what_names_no_variable_is_asked_before_and_once) {
  World world;
  Listening listening(*world.store, world.evaluator);
  Asked asked;
  asked.script(world, "expensive", Json(false));
  Asked never;
  never.script(world, "of($context)", Json(true));
  listen_with(
      listening,
      R"({"with": {"type": "paid", "subject": "${ expensive }", "data": "${ of($context) }"}})",
      crowd_of_orders());
  EXPECT_TRUE(listening.heard_by(paid(1)).hits.empty());
  EXPECT_EQ(asked.times, 1);
  EXPECT_EQ(never.times, 0);
}

// No helper is needed for what most filters say, whatever the runs have in their contexts.
TEST(ListeningIndex, comparisons_with_the_context_ask_no_helper) {
  World world;  // fails the test when asked for what is not answered natively
  Listening listening(*world.store, world.evaluator);
  listen_with(listening,
              R"({"with": {"type": "paid",
                  "data": "${ .order == $context.order and .order != null }"}})",
              crowd_of_orders());
  auto const hits = listening.heard_by(paid(77)).hits;
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].run.text, "run-77");
}

TEST(ListeningIndex, correlates_by_the_context_of_each_run) {
  World world;
  Listening listening(*world.store, world.evaluator);
  listen_with(listening,
              R"({"with": {"type": "paid"},
                  "correlate": {"mine": {"from": "${ $context.order == .data.order }"}}})",
              {order(1), order(2)});
  auto const hits = listening.heard_by(paid(2)).hits;
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].event.keys, json(R"({"mine": false})"));
  EXPECT_EQ(hits[1].event.keys, json(R"({"mine": true})"));
}

TEST(ListeningIndex, a_failing_filter_is_one_problem_however_many_runs_have_it) {
  World world;
  Listening listening(*world.store, world.evaluator);
  world.evaluator.add("of($context)", [](expression::Evaluation const& each) -> Result<Json> {
    if (each.variables["context"]["order"] == Json(500))
      return make_error(ErrorKind::unavailable, "no helper can be started");
    return make_error(ErrorKind::invalid_input, "jq: it fails");
  });
  listen_with(listening, R"({"with": {"type": "paid", "data": "${ of($context) }"}})",
              crowd_of_orders());
  auto const hits = listening.heard_by(paid(1));
  ASSERT_EQ(hits.problems.size(), 1U);
  EXPECT_EQ(hits.problems[0].kind, ErrorKind::unavailable) << "another look may change that";
  EXPECT_NE(describe(hits.problems[0]).find("1000 runs"), std::string::npos)
      << describe(hits.problems[0]);
}

}  // namespace
}  // namespace fairlead::run
