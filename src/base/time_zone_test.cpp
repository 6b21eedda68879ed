#include "base/time_zone.h"

#include <gtest/gtest.h>

#include "testing/files.h"

namespace fairlead {
namespace {

Time utc(char const* text) { return *parse_time(text); }

// "2026-03-29T02:30:00Z" on the wall of the place.
LocalSeconds wall(char const* text) { return {to_epoch_ms(utc(text)) / 1000}; }

TimeZone zone(char const* name) {
  auto loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << name << ": " << describe(loaded.error());
  return loaded.ok() ? *loaded : TimeZone();
}

std::string in_words(LocalMeaning const& meaning) {
  using Kind = LocalMeaning::Kind;
  if (meaning.kind == Kind::gap) return "gap until " + format_time(meaning.first);
  if (meaning.kind == Kind::once) return format_time(meaning.first);
  return format_time(meaning.first) + " and " + format_time(meaning.second);
}

TEST(TimeZoneTest, tells_local_time_by_the_rule_of_the_day) {
  struct Case {
    char const* zone;
    char const* at;
    char const* local;
  };
  for (auto const& [name, at, local] : std::initializer_list<Case>{
           {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"},
           {"Europe/Berlin", "2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z"},
           {"Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T14:00:00Z"},
           {"Europe/Berlin", "1893-03-31T23:00:00Z", "1893-03-31T23:53:28Z"},
           // Beyond the file's list: by the rule at its end.
           {"Europe/Berlin", "2090-07-01T12:00:00Z", "2090-07-01T14:00:00Z"},
           {"Europe/Berlin", "2090-12-01T12:00:00Z", "2090-12-01T13:00:00Z"},
           {"Australia/Sydney", "2090-01-01T00:00:00Z", "2090-01-01T11:00:00Z"},
           {"Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T05:30:00Z"},
           {"America/St_Johns", "2026-07-01T00:00:00Z", "2026-06-30T21:30:00Z"}}) {
    EXPECT_EQ(zone(name).local(utc(at)).count, wall(local).count) << name << " " << at;
  }
}

TEST(TimeZoneTest, says_what_a_time_on_the_wall_means) {
  auto const berlin = zone("Europe/Berlin");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-03-29T01:59:00Z"))), "2026-03-29T00:59:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-03-29T02:00:00Z"))),
            "gap until 2026-03-29T01:00:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-03-29T02:59:00Z"))),
            "gap until 2026-03-29T01:00:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-03-29T03:00:00Z"))), "2026-03-29T01:00:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-10-25T02:30:00Z"))),
            "2026-10-25T00:30:00.000Z and 2026-10-25T01:30:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2026-10-25T03:00:00Z"))), "2026-10-25T02:00:00.000Z");
  EXPECT_EQ(in_words(berlin.meaning(wall("2090-03-26T02:10:00Z"))),
            "gap until 2090-03-26T01:00:00.000Z");
  // Half an hour, and a gap at midnight.
  EXPECT_EQ(in_words(zone("Australia/Lord_Howe").meaning(wall("2026-10-04T02:15:00Z"))),
            "gap until 2026-10-03T15:30:00.000Z");
  EXPECT_EQ(in_words(zone("Africa/Cairo").meaning(wall("2026-04-24T00:30:00Z"))),
            "gap until 2026-04-23T22:00:00.000Z");
}

TEST(TimeZoneTest, reads_every_form_of_a_rule) {
  struct Case {
    char const* rule;
    char const* at;
    std::int64_t offset;
  };
  for (auto const& [rule, at, offset] : std::initializer_list<Case>{
           {"<+0530>-5:30", "2026-01-01T00:00:00Z", 19'800},
           {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18'000},
           {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14'400},
           {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18'000},
           {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39'600},
           {"IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10'800},
           {"XXX0YYY,J60/0,J300/0", "2024-03-01T00:00:00Z", 3'600},
           {"XXX0YYY,J60/0,J300/0", "2024-02-29T23:59:59Z", 0},
           {"XXX0YYY,59/0,300/0", "2024-02-29T00:00:00Z", 3'600},
           {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3'600}}) {
    auto const parsed = ZoneRule::parse(rule);
    ASSERT_TRUE(parsed) << rule;
    EXPECT_EQ(parsed->offset_at(to_epoch_ms(utc(at)) / 1000), offset) << rule << " " << at;
  }
  for (char const* bad : {"", "C1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-168",
                          "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1"}) {
    EXPECT_FALSE(ZoneRule::parse(bad)) << bad;
  }
}

TEST(TimeZoneTest, refuses_names_that_are_none) {
  for (char const* bad :
       {"", "Europe/Berln", "/etc/passwd", "../passwd", "Europe", "tzdata.zi", "Europe/Ber lin"}) {
    auto const loaded = TimeZone::load(bad);
    ASSERT_FALSE(loaded.ok()) << bad;
    EXPECT_EQ(loaded.error().kind, ErrorKind::not_found) << bad;
  }
  testing::TemporaryFolder const folder;
  auto const nothing = TimeZone::load("Europe/Berlin", (folder.path() / "none").string());
  EXPECT_NE(nothing.error().remedy.find("tzdata"), std::string::npos);
  EXPECT_TRUE(TimeZone::load("UTC", (folder.path() / "none").string()).ok());
}

TEST(TimeZoneTest, survives_damaged_files) {
  auto const bytes = testing::read_file("/usr/share/zoneinfo/Europe/Berlin").value_or("");
  ASSERT_GT(bytes.size(), 1'000U);
  ASSERT_TRUE(TimeZone::parse(bytes).ok());
  for (std::size_t length = 0; length < bytes.size() - 30; length += 7) {
    auto const cut = TimeZone::parse(std::string_view(bytes).substr(0, length));
    ASSERT_FALSE(cut.ok()) << length;
    EXPECT_EQ(cut.error().kind, ErrorKind::corrupt);
  }
  auto huge = bytes;
  for (std::size_t i = 20; i < 44; ++i)
    huge[i] = '\xff';
  EXPECT_FALSE(TimeZone::parse(huge).ok());
}

}  // namespace
}  // namespace fairlead
