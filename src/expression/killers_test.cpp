// Expressions that eat time or memory, or break libjq: each costs its own evaluation an error, and
// healthy ones beside it do not notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "expression/helper_pool.h"

namespace fairlead::expression {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return from_epoch_ms(1'700'000'000'250); }
  [[nodiscard]] Milliseconds steady() const override { return Milliseconds(0); }
};

struct Killer {
  char const* program;
  char const* what;
};
constexpr std::array killers{
    Killer{"def f: f; f", "endless recursion without memory"},
    Killer{"def f: 1 + f; f", "endless recursion"},
    Killer{"[range(1e18)]", "an endless list"},
    Killer{"last(range(1e18))", "a long count"},
    Killer{"last(repeat(0))", "an endless generator"},
    Killer{"[limit(1e12; repeat(1))]", "a limit that is none"},
    Killer{"last(recurse(. + 1))", "endless recurse"},
    Killer{"last(1 | while(true; .))", "while always"},
    Killer{"reduce range(1e12) as $i (0; . + $i)", "an endless reduce"},
    Killer{
        "label $out | foreach repeat(1) as $i (0; . + $i; if . < 0 then ., break $out else empty "
        "end)",
        "a break that never comes"},
    Killer{"reduce range(3000000) as $i (0; [.])", "deep nesting"},
    Killer{"reduce range(1000000) as $i (0; [.]) | tojson", "writing deep nesting"},
    Killer{"setpath([range(300000) | tostring]; 1)", "a path that nests"},
    Killer{"[] | .[1e9] = 1", "a huge index"},
    Killer{"[limit(100000000; repeat(\"abcdefgh\"))] | add", "a long text"},
    Killer{"\"abcdefgh\" * 1e9", "a text times a billion"},
    Killer{"reduce range(60) as $i (\"x\"; . + .)", "a text that doubles"},
    Killer{"[range(5000000)] | map(tostring) | @sh", "a flood of @sh"},
    Killer{"[range(10000000)] | sort_by(-.)", "a big sort"},
    Killer{"[range(100) as $a | range(100) as $b | range(100) as $c | range(100) | [$a, $b, $c, "
           ".]]",
           "a product of ranges"},
    Killer{"[[range(50)] | combinations(8)]", "combinations without end"},
    Killer{"\"abc\" | gsub(\"\"; \"x\") | gsub(\"^\"; \"a\")", "replacing nothing for ever"},
    Killer{"(\"[\" * 100000) | fromjson", "reading deep nesting"},
    Killer{"1e300 | todate", "a date far away"},
};

class Killers : public ::testing::Test {
 protected:
  // The budget is below the server's so that the test is short: what is endless exceeds any.
  HelperPoolOptions options_{
      .helpers = 4, .evaluation = Milliseconds(60), .native = HelperPoolOptions::Native::off};
  FixedClock clock_;
};

void expect_error(HelperPool& pool, Killer const& killer) {
  auto const result = pool.evaluate({killer.program, Json(), Json::object()});
  ASSERT_FALSE(result.ok()) << killer.what << " gave " << result->dump().substr(0, 100);
  auto const kind = result.error().kind;
  EXPECT_TRUE(kind == ErrorKind::timed_out || kind == ErrorKind::unavailable ||
              kind == ErrorKind::invalid_input)
      << killer.what << ": " << describe(result.error());
}

TEST_F(Killers, cost_one_evaluation_an_error_and_nobody_else_anything) {
  HelperPool pool(clock_, options_);
  std::atomic<int> good{0};
  auto const healthy = [&](int from) {
    for (int i = from; i < from + 250; ++i) {
      auto const result =
          pool.evaluate({"[.n, $k] | add", Json::object({{"n", i}}), Json::object({{"k", 1}})});
      if (result.ok() && *result == Json(i + 1)) {
        ++good;
      } else {
        ADD_FAILURE() << (result.ok() ? result->dump() : describe(result.error()));
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(healthy, i * 10'000);
  for (std::size_t first : {0, 1}) {
    threads.emplace_back([&pool, first] {
      for (std::size_t i = first; i < killers.size(); i += 2)
        expect_error(pool, killers[i]);
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(good, 1000);
}

TEST_F(Killers, one_helper_alone_goes_on_after_each_of_them) {
  options_.helpers = 1;
  HelperPool pool(clock_, options_);
  for (std::size_t i = 0; i < killers.size(); i += 9) {
    expect_error(pool, killers[i]);
    auto const after = pool.evaluate({"[.] | length", Json(), Json::object()});
    ASSERT_TRUE(after.ok()) << "after " << killers[i].what << ": " << describe(after.error());
    EXPECT_EQ(*after, Json(1));
  }
}

// Patterns that take for ever in other engines, and what makes older libraries abort: an answer or
// an error, in time either way.
TEST_F(Killers, that_are_none_here_still_end) {
  HelperPool pool(clock_, options_);
  for (auto const* program :
       {"(\"a\" * 60) | test(\"^(a|a)*b\")", "(\"a\" * 5000) | [match(\"(a*)*(a*)*c\"; \"g\")]",
        "[1114112000] | implode", "[-1] | implode", "nan | tojson", "1e1000 | tojson | length"}) {
    auto const result = pool.evaluate({program, Json(), Json::object()});
    if (result.ok()) {
      EXPECT_LT(result->dump().size(), 400u) << program;
    }
  }
  EXPECT_TRUE(pool.evaluate({"[.] | length", Json(), Json::object()}).ok());
}

TEST_F(Killers, the_servers_own_budget_is_a_quarter_of_a_second_of_processor_time) {
  EXPECT_EQ(HelperPoolOptions{}.evaluation, Milliseconds(250));
  EXPECT_EQ(helper_memory_bytes, 64u * 1024 * 1024);
}

}  // namespace
}  // namespace fairlead::expression
