#include "run/call_policy.h"

#include <algorithm>

#include "run/machine.h"

namespace fairlead::run {
namespace {

using What = Verdict::What;
using Parked = CallState::Parked;
using Mode = CallState::Mode;
using Known = EffectTrack::Known;

constexpr std::string_view signed_in_words = " to be signed in";
constexpr std::string_view former_words = "needs sign-in";

Milliseconds parked_for(CallState const& call, Time now) {
  return call.parked_since ? now - *call.parked_since : Milliseconds(0);
}

Verdict fault(Known known) { return {.what = What::fault, .known = known}; }

// "connection ops to be signed in again"
std::string the_sign_in(Error const& error) {
  std::string const& name = error.details["connection"].as_string();
  bool const again = error.title == "Token refresh failure";
  return (name.empty() ? "the connection" : "connection " + name) + std::string(signed_in_words) +
         (again ? " again" : "");
}

Verdict wait_for_sign_in(CallState const& call, Error const& error, Known known, Time now) {
  if (call.parked == Parked::needs_sign_in && parked_for(call, now) > sign_in_wait_max) {
    return fault(known);
  }
  return {.what = What::park,
          .parked = Parked::needs_sign_in,
          .mode = call.mode,
          .delay = sign_in_check_delay,
          .waiting_for = the_sign_in(error),
          .known = known};
}

// The action has no way to find out what happened (action says so in the error's details).
bool cannot_look_up(Error const& error) {
  return error.details["lookUp"].as_string() == "impossible";
}

Verdict look_up(CallState const& call, std::string_view action, Error const& error) {
  // Trying again would find out no more.
  bool const hopeless = cannot_look_up(error);
  int const tries = call.parked == Parked::look_up ? call.parks : 0;
  std::string const unclear = "whether " + std::string(action) + " took effect";
  if (hopeless || tries >= look_ups_max) {
    return {.what = What::ask_person,
            .parked = Parked::look_up,
            .mode = Mode::recover,
            .waiting_for = "a person: it is not known " + unclear + " (" + error.message + ")",
            .known = Known::unresolved};
  }
  return {.what = What::park,
          .parked = Parked::look_up,
          .mode = Mode::recover,
          .delay = std::min(look_up_delay * (1 << tries), look_up_delay_max),
          .waiting_for = "finding out " + unclear,
          .known = Known::unresolved};
}

// Looked for and not seen, so soon that it may still come.
Verdict settle(CallState const& call, std::string_view action, Milliseconds left) {
  int const tries = call.parked == Parked::settling ? call.parks : 0;
  auto const delay = std::min(look_up_delay * (1 << std::min(tries, look_ups_max)), left);
  return {.what = What::park,
          .parked = Parked::settling,
          .mode = Mode::recover,
          .delay = std::max(delay, check_delay_min),
          .waiting_for = "finding out whether " + std::string(action) + " took effect",
          .known = Known::unresolved};
}

Verdict try_later(CallState const& call, Error const& error, Milliseconds delay, Time now,
                  Known known) {
  bool const again = call.parked == Parked::refused_now;
  Milliseconds const so_far = again ? parked_for(call, now) : Milliseconds(0);
  if ((again && call.parks >= refusals_max) || so_far + delay > refused_duration_max) {
    return fault(known);
  }
  std::string const until = clock_text(now + delay, now);
  bool const limited = error.kind == ErrorKind::rate_limited;
  return {.what = What::park,
          .parked = Parked::refused_now,
          .mode = call.mode,
          .delay = delay,
          .waiting_for = (limited ? "rate limited until " : "not reachable, next try at ") + until,
          .known = known};
}

Verdict judge_error(CallState const& call, std::string_view action, CallReturned const& answer,
                    Time now) {
  Error const& error = *answer.error;
  bool const reads = answer.effect == action::Effect::reads;
  // An earlier attempt may have taken effect and nobody has been able to look yet.
  bool const open = !reads && call.mode == Mode::recover;
  Known const known = open ? Known::unresolved : Known::resolved;
  if (needs_sign_in(error)) return wait_for_sign_in(call, error, known, now);
  if (action::is_not_seen_yet(error)) return settle(call, action, *error.retry_after);
  if (!reads && error.kind == ErrorKind::uncertain) return look_up(call, action, error);
  switch (error.kind) {
    case ErrorKind::rate_limited:
      return try_later(call, error, error.retry_after.value_or(rate_limit_delay_default), now,
                       known);
    case ErrorKind::unavailable:
      if (open) return look_up(call, action, error);
      if (error.retry_after) return try_later(call, error, *error.retry_after, now, known);
      break;
    case ErrorKind::timed_out:
    case ErrorKind::internal:
    case ErrorKind::corrupt:
      if (open) return look_up(call, action, error);
      break;
    default:
      break;
  }
  return fault(known);
}

}  // namespace

// As connection/ titles them.
bool needs_sign_in(Error const& error) {
  return error.kind == ErrorKind::denied &&
         (error.title == "Token refresh failure" || error.title == "Connection not finished");
}

bool may_wait_for_sign_in(std::string_view waiting_for) {
  return waiting_for.find(signed_in_words) != std::string_view::npos ||
         waiting_for.find(former_words) != std::string_view::npos;
}

Verdict judge(CallState const& call, std::string_view action, CallReturned const& answer,
              Time now) {
  if (answer.error) return judge_error(call, action, answer, now);
  if (answer.wait) {
    // Whoever says "not finished yet" has begun: the effect is there.
    return {.what = What::park,
            .parked = Parked::told_to_wait,
            .mode = Mode::first,
            .delay = std::max(answer.wait->check_after, check_delay_min),
            .waiting_for = answer.wait->waiting_for};
  }
  return {.what = What::complete};
}

}  // namespace fairlead::run
