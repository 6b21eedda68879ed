// ZoneRule: the daylight-saving rule at the end of a time zone file, "CET-1CEST,M3.5.0,M10.5.0/3".
//
// Says the offset for every time after the last one the file lists. Made and asked by TimeZone.
// Pure value; any thread. Source: POSIX.1-2017 chapter 8.3 (TZ), with the hours of RFC 8536 3.3.1
// (-167 to 167).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlead {

class ZoneRule {
 public:
  // Nothing: malformed.
  static std::optional<ZoneRule> parse(std::string_view text);
  // Seconds east of UTC at a time given in seconds since 1970.
  [[nodiscard]] std::int64_t offset_at(std::int64_t time) const;

  // When in the year the offset changes, in the local time that holds before.
  struct Turn {
    enum class Kind { weekday, day_without_leap, day } kind{Kind::weekday};
    int month{0};  // 1 to 12
    int week{0};   // 1 to 5, 5 is the last
    int day{0};    // of the week from Sunday 0; or of the year
    std::int64_t seconds{7200};
  };

 private:
  std::int64_t standard_{0};
  std::optional<std::int64_t> daylight_;
  Turn begin_;
  Turn end_;
};

}  // namespace fairlead
