#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "base/result.h"
#include "base/text.h"
#include "testing/seeded_random.h"

namespace fairlead {
namespace {

using ::testing::HasSubstr;
using testing::SeededRandom;

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

TEST(Json, writes_what_it_read) {
  for (char const* text : {
           "null",
           "true",
           "false",
           "0",
           "-1",
           "9223372036854775807",
           "-9223372036854775808",
           "0.1",
           "1.5",
           "-2.5e-10",
           "5e-324",
           "1.7976931348623157e+308",
           "2.2250738585072014e-308",
           R"("")",
           R"("a\"\\\n\r\t\u0000\u001f")",
           "\"Zo\xc3\xab \xf0\x9f\x9a\x80\"",
           "[]",
           "{}",
           R"([1,[2,{"a":[]}]])",
           R"({"z":1,"a":{"z":null},"m":"x"})",
       }) {
    auto const json = Json::parse(text);
    ASSERT_TRUE(json.ok()) << text << ": " << describe(json.error());
    EXPECT_EQ(json->dump(), text);
    EXPECT_EQ(*Json::parse(json->pretty()), *json) << text;
  }
}

TEST(Json, reads_every_spelling_of_a_value) {
  struct Case {
    char const* text;
    char const* written;
  };
  for (auto const& [text, written] : {
           Case{" \t\r\n[ 1 , 2 ]\n", "[1,2]"},
           Case{R"("\u00e9\ud83d\ude80\/\b\f")", "\"\xc3\xa9\xf0\x9f\x9a\x80/\\u0008\\u000c\""},
           Case{"1E2", "100"},
           Case{"1e-2", "0.01"},
           Case{"3.0", "3"},
           Case{"9223372036854775808", "9223372036854775808"},
           Case{"123456789012345678901234567890", "1.2345678901234568e+29"},
           Case{"1e-400", "0"},
           Case{"-0", "0"},
           Case{"-0.0", "0"},
           Case{"-1e-400", "0"},
       }) {
    auto const json = Json::parse(text);
    ASSERT_TRUE(json.ok()) << text;
    EXPECT_EQ(json->dump(), written);
  }
}

// Values that parsers which scale by powers of ten get wrong in the last place.
TEST(Json, rounds_numbers_correctly) {
  for (double const number : {8.5e22, 9007199254740993.0, 2.2250738585072011e-308, 1e23,
                              6.02214076e23, 123456.789e-20, 0.3, 4.35, 2.675}) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.17e", number);
    EXPECT_EQ(Json::parse(text.data())->as_number(), number) << text.data();
  }
}

TEST(Json, round_trips_random_doubles) {
  SeededRandom random;
  for (int i = 0; i < 2'000; ++i) {
    double number = 0;
    random.fill(std::as_writable_bytes(std::span(&number, 1)));
    if (!std::isfinite(number)) continue;
    auto const read = Json::parse(Json(number).dump());
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->as_number(), number);
  }
}

TEST(Json, says_where_text_is_not_json) {
  struct Case {
    std::string text;
    char const* where;
    char const* message;
  };
  for (auto const& [text, where, message] : {
           Case{"", "line 1, column 1", "ends too early"},
           Case{"  ", "line 1, column 3", "ends too early"},
           Case{R"({"a)", "line 1, column 4", "ends too early"},
           Case{"[1,\n 2,\n x]", "line 3, column 2", "not JSON"},
           Case{"[1,]", "line 1, column 4", "not JSON"},
           Case{"{'a':1}", "line 1, column 2", "not JSON"},
           Case{"[1] 2", "line 1, column 5", "more text"},
           Case{"01", "line 1, column 2", "more text"},
           Case{"nan", "line 1, column 2", "not JSON"},
           Case{"// c\n1", "line 1, column 1", "not JSON"},
           Case{"\"a\nb\"", "line 1, column 3", "not JSON"},
           Case{"\"\xff\"", "line 1, column 2", "not UTF-8"},
           Case{"\"\xc0\xaf\"", "line 1, column 2", "not UTF-8"},
           Case{"\"\xed\xa0\x80\"", "line 1, column 2", "not UTF-8"},
           Case{R"("\ud800")", "line 1,", "not JSON"},
           Case{"1e400", "line 1,", "too large"},
           Case{"[-1e999]", "line 1,", "too large"},
           Case{nested(101), "line 1, column 101", "too deeply"},
       }) {
    auto const json = Json::parse(text);
    ASSERT_FALSE(json.ok()) << text;
    EXPECT_EQ(json.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(json.error().where, HasSubstr(where)) << text;
    EXPECT_THAT(json.error().message, HasSubstr(message)) << text;
  }
}

TEST(Json, limits_depth_as_asked) {
  EXPECT_TRUE(Json::parse(nested(100)).ok());
  EXPECT_FALSE(Json::parse(nested(101)).ok());
  EXPECT_TRUE(Json::parse(nested(101), 101).ok());
  EXPECT_FALSE(Json::parse(nested(1'000'000)).ok());
}

TEST(Json, last_of_a_repeated_name_wins_in_the_place_of_the_first) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":2,"a":3})")->dump(), R"({"a":3,"b":2})");
  EXPECT_EQ(Json::object({{"a", 1}, {"b", 2}, {"a", 3}}).dump(), R"({"a":3,"b":2})");
  Json::Object many;
  for (int i = 0; i < 100; ++i)
    many.emplace_back("k" + std::to_string(i % 40), i);
  Json const merged = Json::from_object(many);
  ASSERT_EQ(merged.size(), 40U);
  EXPECT_EQ(merged.members()[0], Json::Member("k0", 80));
  EXPECT_EQ(merged.members()[19], Json::Member("k19", 99));
  EXPECT_EQ(merged.members()[20], Json::Member("k20", 60));
}

// Comparing every pair would take minutes here.
TEST(Json, merges_many_repeated_names_in_less_than_quadratic_time) {
  std::string text = "{";
  for (int i = 0; i < 60'000; ++i)
    text += "\"" + std::to_string(i % 30'000) + "\":1,";
  text.back() = '}';
  EXPECT_EQ(Json::parse(text)->size(), 30'000U);
}

TEST(Json, replaces_invalid_utf8_when_writing) {
  Json const json = Json::object({{std::string("k\xff"), std::string("a\x80z")}});
  EXPECT_EQ(json.dump(), "{\"k\xef\xbf\xbd\":\"a\xef\xbf\xbdz\"}");
  EXPECT_TRUE(Json::parse(json.dump()).ok());
}

TEST(Json, writes_what_is_no_number_as_null) {
  EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
}

TEST(Json, is_indented_for_people) {
  Json const json = Json::object({{"a", Json::array({1, Json::object()})}, {"b", Json::array()}});
  EXPECT_EQ(json.pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

TEST(Json, readers_fall_back_and_never_throw) {
  Json const json = *Json::parse(R"({"s":"x","i":3,"d":3.0,"h":3.5,"b":true,"a":[1]})");
  EXPECT_EQ(json["none"]["deeper"].as_string(), "");
  EXPECT_EQ(json["s"].as_integer(7), 7);
  EXPECT_EQ(json["d"].as_integer(), 3);
  EXPECT_EQ(json["h"].as_integer(7), 7);
  EXPECT_EQ(json["i"].as_number(), 3.0);
  EXPECT_TRUE(json["b"].as_bool());
  EXPECT_FALSE(json["i"].as_bool());
  EXPECT_EQ(json["i"].string_or("x"), "x");
  EXPECT_TRUE(json["a"].at(9).is_null());
  EXPECT_TRUE(json["s"].items().empty());
  EXPECT_TRUE(Json(1e300).as_integer(7) == 7);
  EXPECT_EQ(Json(std::nan("")).as_integer(7), 7);
}

TEST(Json, compares_deeply_without_regard_to_member_order) {
  struct Case {
    char const* a;
    char const* b;
    bool same;
  };
  for (auto const& [a, b, same] : {
           Case{R"({"a":1,"b":[{"x":1,"y":2}]})", R"({"b":[{"y":2,"x":1}],"a":1})", true},
           Case{"1", "1.0", true},
           Case{"[1.0]", "[1]", true},
           Case{"9007199254740993", "9007199254740992.0", false},
           Case{"9223372036854775807", "9223372036854775808", false},
           Case{"[1,2]", "[2,1]", false},
           Case{R"({"a":1})", R"({"a":1,"b":null})", false},
           Case{R"({"a":null})", R"({"b":null})", false},
           Case{"null", "false", false},
           Case{"\"1\"", "1", false},
       }) {
    EXPECT_EQ(*Json::parse(a) == *Json::parse(b), same) << a << " " << b;
    EXPECT_EQ(*Json::parse(b) == *Json::parse(a), same) << b << " " << a;
  }
}

TEST(Json, sets_erases_and_appends) {
  Json json;
  json.set("a", 1);
  json.set("b", 2);
  json.set("a", 3).push_back("replaced by an array");
  EXPECT_EQ(json.dump(), R"({"a":["replaced by an array"],"b":2})");
  EXPECT_TRUE(json.erase("a"));
  EXPECT_FALSE(json.erase("a"));
  *json.find("b") = 5;
  EXPECT_EQ(json.dump(), R"({"b":5})");
  EXPECT_EQ(json.find("c"), nullptr);
}

// The examples of RFC 6901, section 5.
TEST(Json, follows_pointers) {
  Json const json = *Json::parse(
      R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"i\\j":5,"k\"l":6," ":7,"m~n":8})");
  struct Case {
    char const* pointer;
    char const* value;
  };
  for (auto const& [pointer, value] : {
           Case{"/foo", R"(["bar","baz"])"},
           Case{"/foo/0", "\"bar\""},
           Case{"/", "0"},
           Case{"/a~1b", "1"},
           Case{"/c%d", "2"},
           Case{"/e^f", "3"},
           Case{"/i\\j", "5"},
           Case{"/k\"l", "6"},
           Case{"/ ", "7"},
           Case{"/m~0n", "8"},
       }) {
    ASSERT_NE(json.pointer(pointer), nullptr) << pointer;
    EXPECT_EQ(json.pointer(pointer)->dump(), value) << pointer;
  }
  EXPECT_EQ(json.pointer(""), &json);
  for (char const* nothing : {"foo", "/foo/2", "/foo/00", "/foo/-", "/foo/0/x", "/foo/1x", "/no"}) {
    EXPECT_EQ(json.pointer(nothing), nullptr) << nothing;
  }
  EXPECT_EQ(pointer_token("a/b~c"), "a~1b~0c");
}

Json random_json(Random& random, int depth) {
  switch (random_below(random, depth > 0 ? 7 : 5)) {
    case 0:
      return {};
    case 1:
      return random_below(random, 2) == 0;
    case 2:
      return static_cast<std::int64_t>(random_below(random, UINT64_MAX));
    case 3:
      return static_cast<double>(random_below(random, 1'000'000)) / 1'000;
    case 4:
      return random_token(random, random_below(random, 12));
    case 5: {
      Json array = Json::array();
      for (auto n = random_below(random, 5); n > 0; --n) {
        array.push_back(random_json(random, depth - 1));
      }
      return array;
    }
    default: {
      Json object = Json::object();
      for (auto n = random_below(random, 5); n > 0; --n) {
        object.set(random_token(random, 2), random_json(random, depth - 1));
      }
      return object;
    }
  }
}

TEST(Json, round_trips_random_values) {
  SeededRandom random;
  for (int i = 0; i < 200; ++i) {
    Json const json = random_json(random, 6);
    ASSERT_EQ(*Json::parse(json.dump()), json) << json.dump();
    ASSERT_EQ(Json::parse(json.dump())->dump(), json.dump());
    ASSERT_EQ(*Json::parse(json.pretty()), json);
  }
}

}  // namespace
}  // namespace fairlead
