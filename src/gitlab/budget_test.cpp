#include "gitlab/budget.h"

#include <gtest/gtest.h>

#include <deque>

namespace fairlead::gitlab {
namespace {

using action::Caller;

Time const wall = from_epoch_ms(1'800'000'000'000);

// A GitLab with fixed windows of a minute, as its throttle counts.
struct Throttle {
  std::int64_t limit{60};
  std::int64_t used{0};
  std::int64_t window{0};
  int refused{0};

  net::HttpResponse ask(Milliseconds now) {
    std::int64_t const present = now.count() / 60'000;
    if (present != window) used = 0;
    window = present;
    net::HttpResponse response;
    response.status = ++used <= limit ? 200 : 429;
    refused += response.status == 429;
    auto const end = wall + Milliseconds((present + 1) * 60'000);
    response.headers.add("RateLimit-Limit", std::to_string(limit));
    response.headers.add("RateLimit-Remaining",
                         std::to_string(std::max<std::int64_t>(limit - used, 0)));
    response.headers.add("RateLimit-Reset",
                         std::to_string((end - from_epoch_ms(0)).count() / 1'000));
    return response;
  }
};

struct BudgetTest : ::testing::Test {
  Budget budget;
  Throttle gitlab;
  Milliseconds now{0};

  // True: sent.
  bool call(std::string const& workflow, std::string const& id) {
    if (budget.take({.workflow = workflow, .call = id}, now)) return false;
    budget.answered(gitlab.ask(now), now, wall + now);
    return true;
  }
  int call_many(std::string const& workflow, int count) {
    int sent = 0;
    for (int i = 0; i < count; ++i)
      sent += call(workflow, workflow + "#" + std::to_string(i));
    return sent;
  }
};

TEST_F(BudgetTest, without_headers_everything_goes) {
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_FALSE(budget.take({.workflow = "a/a", .call = "1"}, now));
    budget.answered({}, now, wall);
  }
  EXPECT_FALSE(budget.state(now).limit);
}

TEST_F(BudgetTest, stops_before_gitlab_has_to_and_goes_on_with_the_next_window) {
  EXPECT_EQ(call_many("a/a", 100), 56) << "60 less the reserve for people";
  EXPECT_EQ(gitlab.refused, 0);
  auto const wait = budget.take({.workflow = "a/a", .call = "x"}, now);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, Milliseconds(60'000));
  EXPECT_EQ(budget.state(now).queue, 45);
  now += *wait;
  EXPECT_TRUE(call("a/a", "x"));
}

TEST_F(BudgetTest, people_go_first_and_have_a_reserve) {
  call_many("a/a", 1'000);
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(call("", "person" + std::to_string(i)));
  EXPECT_FALSE(call("", "one too many")) << "GitLab would refuse it";
  EXPECT_EQ(gitlab.refused, 0);
}

TEST_F(BudgetTest, a_workflow_with_few_calls_is_served_in_the_window_it_asks_in) {
  struct Flow {
    std::string name;
    std::deque<std::string> calls;
    int windows{0};
  };
  // In the worst order: the flood always asks first.
  std::vector<Flow> flows{{"z/flood", {}}, {"b/twenty", {}}, {"a/five", {}}};
  int const counts[]{500, 20, 5};
  for (std::size_t f = 0; f < flows.size(); ++f) {
    for (int i = 0; i < counts[f]; ++i)
      flows[f].calls.push_back(flows[f].name + std::to_string(i));
  }
  call_many("z/flood", 70);  // the window is used up when the others come
  for (auto const& flow : flows) {
    for (auto const& one : flow.calls)
      ASSERT_FALSE(call(flow.name, one));
  }
  for (int window = 1; !flows[0].calls.empty(); ++window) {
    ASSERT_LT(window, 20);
    now = Milliseconds(window * 60'000);
    for (auto& flow : flows) {
      if (flow.calls.empty()) continue;
      flow.windows = window;
      std::erase_if(flow.calls, [&](auto const& one) { return call(flow.name, one); });
    }
  }
  EXPECT_EQ(flows[2].windows, 1) << "five calls are not kept waiting by five hundred";
  EXPECT_EQ(flows[1].windows, 1);
  EXPECT_EQ(flows[0].windows, 10) << "and nothing of the window is left unused";
  EXPECT_EQ(gitlab.refused, 0);
}

TEST_F(BudgetTest, two_floods_share_a_window_evenly) {
  call_many("a/a", 60);
  for (int i = 0; i < 200; ++i) {
    call("a/a", "a" + std::to_string(i));
    call("b/b", "b" + std::to_string(i));
  }
  now = Milliseconds(60'000);
  int a = 0;
  int b = 0;
  for (int i = 0; i < 200; ++i)
    a += call("a/a", "a" + std::to_string(i));
  for (int i = 0; i < 200; ++i)
    b += call("b/b", "b" + std::to_string(i));
  EXPECT_EQ(a + b, 56);
  EXPECT_EQ(a, 28);
}

TEST_F(BudgetTest, a_ticket_whose_owner_is_gone_holds_nobody_up_for_long) {
  call_many("a/a", 60);
  for (int i = 0; i < 100; ++i)
    call("gone/gone", "g" + std::to_string(i));
  now = Milliseconds(60'000) + budget_ticket_grace + Milliseconds(2'000);
  EXPECT_EQ(call_many("a/a", 60), 56);
  EXPECT_EQ(budget.state(now).queue, 4);
}

TEST_F(BudgetTest, what_others_use_of_the_account_counts) {
  call("a/a", "1");
  gitlab.used += 50;  // another program with the same token
  EXPECT_TRUE(call("a/a", "2")) << "nobody could know";
  EXPECT_EQ(call_many("a/a", 60), 4);
  EXPECT_EQ(gitlab.refused, 0);
}

TEST_F(BudgetTest, requests_under_way_count_before_they_are_answered) {
  call("a/a", "1");
  int under_way = 0;
  while (under_way < 1'000 && !budget.take({.workflow = "a/a", .call = "x"}, now))
    ++under_way;
  EXPECT_EQ(under_way, 55);
  for (int i = 0; i < under_way; ++i)
    budget.unanswered();
  EXPECT_TRUE(budget.take({.workflow = "a/a", .call = "x"}, now)) << "they may have been counted";
}

}  // namespace
}  // namespace fairlead::gitlab
