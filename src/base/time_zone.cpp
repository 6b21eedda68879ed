#include "base/time_zone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace fairlead {
namespace {

constexpr std::size_t header_bytes = 44;
constexpr std::size_t name_max = 64;
constexpr std::int64_t day_seconds = 86'400;

Error damaged(std::string const& what) {
  return make_error(ErrorKind::corrupt, "a time zone file is damaged: " + what);
}

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  if (length == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

// The six counts of a header, and how long the data after it is.
struct Header {
  std::size_t utc_marks, standard_marks, leaps, times, types, characters;
  [[nodiscard]] std::size_t data_bytes(std::size_t time_bytes) const {
    return times * time_bytes + times + types * 6 + characters + leaps * (time_bytes + 4) +
           standard_marks + utc_marks;
  }
};

Result<Header> read_header(std::string_view bytes) {
  if (bytes.size() < header_bytes || !bytes.starts_with("TZif")) return damaged("no TZif header");
  auto const count = [&](std::size_t i) {
    return static_cast<std::size_t>(big_endian(bytes, 20 + i * 4, 4)) & 0xffffffffU;
  };
  Header const header{count(0), count(1), count(2), count(3), count(4), count(5)};
  std::size_t const most = TimeZone::file_bytes_max;
  for (auto const each : {header.utc_marks, header.standard_marks, header.leaps, header.times,
                          header.types, header.characters})
    if (each > most) return damaged("a count is too large");
  if (header.types == 0) return damaged("no local time type");
  return header;
}

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > name_max || name.front() == '/' ||
      name.find("..") != std::string_view::npos)
    return false;
  return name.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
         std::string_view::npos;
}

Error no_such_zone(std::string_view name, std::string const& folder) {
  Error error =
      make_error(ErrorKind::not_found, "There is no time zone '" + shorten(name, name_max) + "'.");
  error.remedy = "Write a name of the tz database, as in Europe/Berlin or UTC.";
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) {
    error.cause = "There are no time zone files at " + folder + ".";
    error.remedy = "Install the package tzdata, or use UTC.";
  }
  return error;
}

}  // namespace

Result<TimeZone> TimeZone::load(std::string_view name, std::string const& folder) {
  if (name == "UTC" || name == "Z" || name == "Etc/UTC") return TimeZone();
  if (!is_zone_name(name)) return no_such_zone(name, folder);
  std::ifstream file(folder + "/" + std::string(name), std::ios::binary);
  std::string bytes(file_bytes_max, '\0');
  if (!file ||
      !(file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || file.gcount() > 0))
    return no_such_zone(name, folder);
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  // Beside the zones lie tables in text.
  if (!bytes.starts_with("TZif")) return no_such_zone(name, folder);
  return parse(bytes);
}

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
  FAIRLEAD_TRY(auto const first, read_header(bytes));
  if (bytes[4] == '\0') return damaged("version 1, which ends in 2038");
  std::size_t const skip = header_bytes + first.data_bytes(4);
  if (bytes.size() < skip) return damaged("it is cut off");
  bytes.remove_prefix(skip);
  FAIRLEAD_TRY(auto const header, read_header(bytes));
  std::size_t const length = header_bytes + header.data_bytes(8);
  if (bytes.size() < length) return damaged("it is cut off");
  std::size_t const kinds = header_bytes + header.times * 8;
  std::size_t const types = kinds + header.times;
  auto const offset_of = [&](std::size_t type) { return big_endian(bytes, types + type * 6, 4); };
  TimeZone zone;
  zone.before_ = offset_of(0);
  for (std::size_t i = 0; i < header.times; ++i) {
    auto const type = static_cast<unsigned char>(bytes[kinds + i]);
    if (type >= header.types) return damaged("a time type that is not there");
    zone.changes_.push_back(
        {.at = big_endian(bytes, header_bytes + i * 8, 8), .offset = offset_of(type)});
  }
  auto const ascending = [](Change const& a, Change const& b) { return a.at < b.at; };
  if (!std::is_sorted(zone.changes_.begin(), zone.changes_.end(), ascending))
    return damaged("its times are not in order");
  auto const footer = split(bytes.substr(length), '\n');
  if (footer.size() >= 2 && !footer[1].empty()) {
    zone.rule_ = ZoneRule::parse(footer[1]);
    if (!zone.rule_) return damaged("its rule for the future is not readable");
  }
  return zone;
}

std::int64_t TimeZone::offset_at(std::int64_t time) const {
  auto const after = std::upper_bound(changes_.begin(), changes_.end(), time,
                                      [](std::int64_t t, Change const& c) { return t < c.at; });
  if (after == changes_.end() && rule_) return rule_->offset_at(time);
  return after == changes_.begin() ? before_ : std::prev(after)->offset;
}

LocalSeconds TimeZone::local(Time time) const {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return {seconds + offset_at(seconds)};
}

LocalMeaning TimeZone::meaning(LocalSeconds local) const {
  auto const at = [](std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); };
  // The offsets well before and well after it; they differ if clocks change in between.
  std::int64_t const before = offset_at(local.count - day_seconds);
  std::int64_t const after = offset_at(local.count + day_seconds);
  std::int64_t const early = local.count - before;
  std::int64_t const late = local.count - after;
  bool const by_before = offset_at(early) == before;
  bool const by_after = offset_at(late) == after;
  using Kind = LocalMeaning::Kind;
  if (by_before && by_after && early != late)
    return {.kind = Kind::twice,
            .first = at(std::min(early, late)),
            .second = at(std::max(early, late))};
  if (by_before) return {.kind = Kind::once, .first = at(early), .second = {}};
  if (by_after) return {.kind = Kind::once, .first = at(late), .second = {}};
  // In a gap: the moment of the change lies between the two readings.
  std::int64_t low = std::min(early, late);
  std::int64_t high = std::max(early, late);
  while (low + 1 < high) {
    std::int64_t const middle = low + (high - low) / 2;
    (offset_at(middle) == before ? low : high) = middle;
  }
  return {.kind = Kind::gap, .first = at(high), .second = {}};
}

}  // namespace fairlead
