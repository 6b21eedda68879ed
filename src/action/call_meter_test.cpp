#include "action/call_meter.h"

#include <gtest/gtest.h>

#include "testing/virtual_clock.h"

namespace fairlead::action {
namespace {

class Told final : public Invoker {
 public:
  explicit Told(testing::VirtualClock& clock) : clock_(clock) {}
  Result<Outcome> invoke(Invocation const& /*invocation*/) override {
    clock_.advance(Milliseconds(2'000));
    return next;
  }
  Result<ActionInfo const*> info(std::string_view, std::string_view,
                                 std::string_view) const override {
    return &info_;
  }
  Result<Outcome> next{Outcome{}};

 private:
  testing::VirtualClock& clock_;
  ActionInfo info_;
};

TEST(CallMeter, counts_by_action_and_outcome_and_strangers_as_other) {
  testing::VirtualClock clock;
  Told inner(clock);
  Action known;
  known.info.catalog = "gitlab";
  known.info.name = "create-issue";
  known.info.version = "1.0.0";
  Catalogue const catalogue({known});
  CallMeter meter(inner, catalogue, clock);
  Invocation invocation;
  invocation.name = "create-issue";
  EXPECT_TRUE(meter.invoke(invocation).ok());
  inner.next = Outcome{.output = {}, .wait = Wait{}};
  EXPECT_TRUE(meter.invoke(invocation).ok());
  inner.next = make_error(ErrorKind::uncertain, "?");
  EXPECT_FALSE(meter.invoke(invocation).ok());
  inner.next = make_error(ErrorKind::not_found, "no");
  invocation.name = "made-up-by-somebody";
  EXPECT_FALSE(meter.invoke(invocation).ok());
  MetricText text;
  meter.write(text);
  for (auto const* line : {"calls_total{action=\"gitlab.create-issue\",outcome=\"done\"} 1\n",
                           "calls_total{action=\"gitlab.create-issue\",outcome=\"waits\"} 1\n",
                           "calls_total{action=\"gitlab.create-issue\",outcome=\"uncertain\"} 1\n",
                           "calls_total{action=\"other\",outcome=\"failed\"} 1\n",
                           "duration_seconds_sum{action=\"gitlab.create-issue\"} 6\n"})
    EXPECT_NE(text.text().find(line), std::string::npos) << line << text.text();
  EXPECT_EQ(text.text().find("made-up"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::action
