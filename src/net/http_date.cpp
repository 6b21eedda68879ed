#include "net/http_date.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace fairlead::net {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  auto const end = text.data() + text.size();
  auto const [stop, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '-' || code != std::errc() || stop != end)
    return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i + 1;
  }
  return std::nullopt;
}

}  // namespace

// "Sun, 06 Nov 1994 08:49:37 GMT": fixed columns.
std::optional<Time> parse_http_date(std::string_view text) {
  text = trim(text);
  bool const shaped = text.size() == 29 && text.substr(3, 2) == ", " && text[7] == ' ' &&
                      text[11] == ' ' && text[16] == ' ' && text[19] == ':' && text[22] == ':' &&
                      text.substr(25) == " GMT";
  if (!shaped) return std::nullopt;
  auto const day = number(text.substr(5, 2));
  auto const month = month_number(text.substr(8, 3));
  auto const year = number(text.substr(12, 4));
  auto const hour = number(text.substr(17, 2));
  auto const minute = number(text.substr(20, 2));
  auto const second = number(text.substr(23, 2));
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  using namespace std::chrono;
  year_month_day const date(std::chrono::year(*year), std::chrono::month(*month),
                            std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Time(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second);
}

}  // namespace fairlead::net
