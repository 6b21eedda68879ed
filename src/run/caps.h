// Caps: how much data one value of a run, and its whole journal, may hold.
//
// Checked where data comes in, before it is journalled: what is too large becomes an error of that
// task, never a cut text or a crash. So replaying a journal does not depend on the caps of today.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "run/journal.h"

namespace fairlead::run {

struct PayloadCaps {
  // A run's input, what expressions give, a task's output, $context, an event.
  std::size_t payload_bytes_max{1u << 20};
  // All entries of one run.
  std::size_t journal_bytes_max{64u << 20};
};

// What the branches of a fork give together. Fixed, since the core decides by it.
inline constexpr std::size_t gathered_bytes_max = 8u << 20;

// About the length of value.dump(), without making it.
std::size_t bytes_of(Json const& value);
// "1,048,600 bytes, and 1,048,576 is the most" with what to do; type runtime, status 413.
Error too_large(std::string const& what, std::size_t bytes, std::size_t bytes_max);
// The same, or the error in its place. `run` words are for messages.
decltype(Event::what) within_caps(decltype(Event::what) what, PayloadCaps const& caps);

}  // namespace fairlead::run
