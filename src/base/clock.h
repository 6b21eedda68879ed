// Clock: the only way to learn the time. Handed in, so that tests and the simulation can tick it.
//
// `now` is wall time (stored, shown), `steady` never jumps (time-outs). Implementations:
// SystemClock here, testing::VirtualClock in tests. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead {

using Milliseconds = std::chrono::milliseconds;
// Wall time, UTC, millisecond resolution.
using Time = std::chrono::sys_time<Milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
  [[nodiscard]] virtual Milliseconds steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Milliseconds steady() const override;
};

// "2026-11-22T17:03:04.250Z"
std::string format_time(Time time);
// "2026-11-22"
std::string format_date(Time time);
// RFC 3339 with Z or an offset, fraction optional; also GitLab's "2013-12-03 17:15:43 UTC". Empty
// if malformed.
std::optional<Time> parse_time(std::string_view text);
// "2 h 3 min", "4.2 s", "150 ms": for people.
std::string format_duration(Milliseconds duration);
inline std::int64_t to_epoch_ms(Time time) { return time.time_since_epoch().count(); }
inline Time from_epoch_ms(std::int64_t ms) { return Time(Milliseconds(ms)); }

}  // namespace fairlead
