#include "run/call_policy.h"

#include <gtest/gtest.h>

namespace fairlead::run {
namespace {

using What = Verdict::What;
using Parked = CallState::Parked;
using Mode = CallState::Mode;
using Known = EffectTrack::Known;
using action::Effect;

Time const now = *parse_time("2026-11-22T12:00:00Z");

struct Row {
  std::string name;
  ErrorKind kind;
  Effect effect;
  Mode mode;
  std::optional<Milliseconds> retry_after;
  What what;
  Milliseconds delay;
  Mode next;
  Known known;
};

using std::chrono::seconds;

std::vector<Row> const rows{
    {"uncertain create",
     ErrorKind::uncertain,
     Effect::creates,
     Mode::first,
     {},
     What::park,
     seconds(5),
     Mode::recover,
     Known::unresolved},
    {"uncertain read",
     ErrorKind::uncertain,
     Effect::reads,
     Mode::first,
     {},
     What::fault,
     {},
     Mode::first,
     Known::resolved},
    {"limited with a time", ErrorKind::rate_limited, Effect::creates, Mode::first, seconds(7),
     What::park, seconds(7), Mode::first, Known::resolved},
    {"limited without",
     ErrorKind::rate_limited,
     Effect::reads,
     Mode::first,
     {},
     What::park,
     rate_limit_delay_default,
     Mode::first,
     Known::resolved},
    {"limited for too long",
     ErrorKind::rate_limited,
     Effect::reads,
     Mode::first,
     refused_duration_max + seconds(1),
     What::fault,
     {},
     Mode::first,
     Known::resolved},
    {"unavailable with a time", ErrorKind::unavailable, Effect::creates, Mode::first, seconds(3),
     What::park, seconds(3), Mode::first, Known::resolved},
    {"unavailable without",
     ErrorKind::unavailable,
     Effect::creates,
     Mode::first,
     {},
     What::fault,
     {},
     Mode::first,
     Known::resolved},
    {"unavailable while open",
     ErrorKind::unavailable,
     Effect::creates,
     Mode::recover,
     {},
     What::park,
     seconds(5),
     Mode::recover,
     Known::unresolved},
    {"internal while open",
     ErrorKind::internal,
     Effect::creates,
     Mode::recover,
     {},
     What::park,
     seconds(5),
     Mode::recover,
     Known::unresolved},
    {"refused while open",
     ErrorKind::invalid_input,
     Effect::creates,
     Mode::recover,
     {},
     What::fault,
     {},
     Mode::first,
     Known::unresolved},
    {"denied",
     ErrorKind::denied,
     Effect::creates,
     Mode::first,
     {},
     What::fault,
     {},
     Mode::first,
     Known::resolved}};

TEST(CallPolicy, decides_by_kind_effect_and_what_is_open) {
  for (auto const& row : rows) {
    Error error = make_error(row.kind, "it broke");
    error.retry_after = row.retry_after;
    CallReturned const answer{.effect = row.effect, .output = {}, .error = error};
    auto const verdict = judge({.mode = row.mode}, "create-issue", answer, now);
    EXPECT_EQ(verdict.what, row.what) << row.name;
    EXPECT_EQ(verdict.delay, row.delay) << row.name;
    EXPECT_EQ(verdict.known, row.known) << row.name;
    if (row.what == What::park) {
      EXPECT_EQ(verdict.mode, row.next) << row.name;
    }
  }
}

TEST(CallPolicy, gives_up_after_its_named_bounds) {
  Error limited = make_error(ErrorKind::rate_limited, "slow down");
  CallReturned const answer{.output = {}, .error = limited};
  CallState call{.parked = Parked::refused_now, .parks = refusals_max, .parked_since = now};
  EXPECT_EQ(judge(call, "x", answer, now).what, What::fault);
  call.parks = 1;
  EXPECT_EQ(judge(call, "x", answer, now).what, What::park);
  EXPECT_EQ(judge(call, "x", answer, now + refused_duration_max).what, What::fault);

  CallReturned const unclear{.effect = Effect::creates,
                             .output = {},
                             .error = make_error(ErrorKind::uncertain, "the connection broke")};
  CallState looking{.parked = Parked::look_up, .parks = look_ups_max - 1};
  EXPECT_EQ(judge(looking, "create-issue", unclear, now).delay, look_up_delay * 32);
  looking.parks = look_ups_max;
  auto const verdict = judge(looking, "create-issue", unclear, now);
  EXPECT_EQ(verdict.what, What::ask_person);
  EXPECT_EQ(verdict.waiting_for,
            "a person: it is not known whether create-issue took effect (the connection broke)");
}

TEST(CallPolicy, looks_again_until_what_was_not_seen_can_no_longer_come) {
  CallReturned answer{.effect = Effect::creates,
                      .output = {},
                      .error = action::not_seen_yet("create-issue", seconds(58))};
  CallState call{.mode = Mode::recover};
  auto const verdict = judge(call, "create-issue", answer, now);
  EXPECT_EQ(verdict.what, What::park);
  EXPECT_EQ(verdict.parked, Parked::settling);
  EXPECT_EQ(verdict.mode, Mode::recover);
  EXPECT_EQ(verdict.known, Known::unresolved);
  EXPECT_EQ(verdict.delay, look_up_delay);
  // Never a person: it ends by itself, however often the server is killed meanwhile.
  call.parked = Parked::settling;
  call.parks = 100;
  answer.error = action::not_seen_yet("create-issue", seconds(3));
  EXPECT_EQ(judge(call, "create-issue", answer, now).what, What::park);
  EXPECT_EQ(judge(call, "create-issue", answer, now).delay, seconds(3));
}

TEST(CallPolicy, a_look_up_that_is_refused_leaves_the_outcome_open) {
  for (auto const kind : {ErrorKind::rate_limited, ErrorKind::denied}) {
    Error error = make_error(kind, "not now");
    error.retry_after = seconds(2);
    CallReturned const answer{.effect = Effect::creates, .output = {}, .error = error};
    EXPECT_EQ(judge({.mode = Mode::recover}, "create-issue", answer, now).known, Known::unresolved);
  }
}

TEST(CallPolicy, a_wait_settles_the_effect) {
  CallReturned const answer{
      .effect = Effect::creates,
      .output = {},
      .wait =
          action::Wait{.check_after = Milliseconds(0), .waiting_for = "pipeline 7", .state = {}}};
  auto const verdict = judge({.mode = Mode::recover}, "trigger-pipeline", answer, now);
  EXPECT_EQ(verdict.what, What::park);
  EXPECT_EQ(verdict.mode, Mode::first);
  EXPECT_EQ(verdict.known, Known::resolved);
  EXPECT_EQ(verdict.delay, check_delay_min);
}

TEST(CallPolicy, what_cannot_be_looked_up_asks_a_person_at_once) {
  CallState call;
  call.mode = Mode::recover;
  CallReturned answer{.effect = Effect::changes};
  answer.error = make_error(ErrorKind::uncertain, "no answer came");
  answer.error->details = Json::object({{"lookUp", "impossible"}});
  Verdict const verdict = judge(call, "http", answer, now);
  EXPECT_EQ(verdict.what, What::ask_person);
  EXPECT_EQ(verdict.mode, Mode::recover);
  EXPECT_EQ(verdict.known, Known::unresolved);
}

}  // namespace
}  // namespace fairlead::run
