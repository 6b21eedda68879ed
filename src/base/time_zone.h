// TimeZone: local time of a place, from the system's time zone files.
//
// For schedules alone: everything else here is UTC. Reads TZif itself, since g++ 12 has no
// std::chrono::tzdb and the C library's zone is one for the whole process (ADR 9). A value; any
// thread; only load() does I/O. Source: RFC 8536 (TZif version 2 to 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/zone_rule.h"

namespace fairlead {

// A time on the wall: seconds since 1970 as if the place were at UTC.
struct LocalSeconds {
  std::int64_t count{0};
};

// What a time on the wall is in UTC.
struct LocalMeaning {
  // gap: the clocks jump over it; `first` is the first moment after the gap. twice: it comes twice,
  // at `first` and `second`.
  enum class Kind { once, gap, twice } kind{Kind::once};
  Time first{};
  Time second{};
};

class TimeZone {
 public:
  static constexpr std::string_view default_folder = "/usr/share/zoneinfo";
  static constexpr std::size_t file_bytes_max = 1U << 20U;

  // "Europe/Berlin"; "UTC" and "Z" need no file. Errors: not_found (no such zone, or no files at
  // all), corrupt.
  static Result<TimeZone> load(std::string_view name,
                               std::string const& folder = std::string(default_folder));
  // The bytes of a TZif file. Errors: corrupt.
  static Result<TimeZone> parse(std::string_view bytes);

  [[nodiscard]] LocalSeconds local(Time time) const;
  [[nodiscard]] LocalMeaning meaning(LocalSeconds local) const;

 private:
  // Seconds east of UTC.
  [[nodiscard]] std::int64_t offset_at(std::int64_t time) const;

  struct Change {
    std::int64_t at;
    std::int64_t offset;
  };
  std::vector<Change> changes_;  // ascending
  std::int64_t before_{0};       // the offset before the first of them
  std::optional<ZoneRule> rule_;
};

}  // namespace fairlead
