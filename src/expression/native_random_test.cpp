// The native evaluation against libjq on documents and programs nobody thought of.
//
// Seeded: FAIRLEAD_SEED repeats a run. Whole numbers beyond 2^53 are the one known difference: on a
// plain path they keep their digits, jq rounds them to what a double holds.
#include <gtest/gtest.h>

#include <array>
#include <span>

#include "expression/helper_pool.h"
#include "expression/native.h"
#include "testing/seeded_random.h"

namespace fairlead::expression {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return {}; }
  [[nodiscard]] Milliseconds steady() const override { return {}; }
};

constexpr std::array keys{"a",   "b",  "c",       "größe", "漢字", "x y",     "a.b", "",
                          "and", "if", "__loc__", "1a",    "$x",   "\"q\"\\", "_0",  "emoji😀"};

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Json document(int depth) {
    auto const kind = pick(depth > 0 ? 9 : 6);
    if (kind >= 7) return object(depth);
    if (kind == 6) return array(depth);
    return scalar(kind);
  }

  std::string program() {
    auto text = term();
    switch (pick(14)) {
      case 9:
      case 10:
        return comparison(text);
      case 11:
        return comparison(text) + join() + comparison(term());
      case 12:
        return "(" + comparison(text) + join() + term() + ")" + join() + comparison(term()) +
               " | not";
      case 13:
        return "[" + comparison(text) + ", \"\\(" + term() + join() + "not)\"]";
      case 0:
        return "\"<\\(" + text + ")>\"";
      case 1:
        return "{" + name() + ": " + text + "}";
      case 2:
        return "[" + text + ", " + term() + "]";
      case 3:
        return text + " + " + term();
      case 4:
        return "  " + text + "\n";
      case 5:
        return text + "?";
      default:
        return text;
    }
  }

 private:
  std::uint64_t pick(std::uint64_t bound) { return random_below(random_, bound); }
  std::string key() { return keys[pick(keys.size())]; }
  std::string name() { return pick(2) == 0 ? Json(key()).dump() : "abc"; }

  Json scalar(std::uint64_t kind) {
    constexpr std::array<std::int64_t, 10> integers{0,
                                                    -1,
                                                    7,
                                                    255,
                                                    999'999'999'999'999,
                                                    -999'999'999'999'999,
                                                    9'007'199'254'740'991,
                                                    9'007'199'254'740'993,
                                                    9'223'372'036'854'775'807,
                                                    -4'611'686'018'427'387'905};
    constexpr std::array numbers{0.1, -2.5, 1e17, 1e-7, 1e300, 5e-324, 1.0, 123456.789, 0.0};
    constexpr std::array texts{"", "text", "Größe 漢 😀", "a\"b\\c\n\t", "\u0001", "${ .a }"};
    switch (kind) {
      case 0:
        return {};
      case 1:
        return Json(pick(2) == 0);
      case 2:
        return Json(integers[pick(integers.size())]);
      case 3:
        return Json(numbers[pick(numbers.size())]);
      default:
        return Json(texts[pick(texts.size())]);
    }
  }
  Json object(int depth) {
    Json value = Json::object();
    for (auto left = pick(6); left > 0; --left)
      value.set(key(), document(depth - 1));
    return value;
  }
  Json array(int depth) {
    Json value = Json::array();
    for (auto left = pick(5); left > 0; --left)
      value.push_back(document(depth - 1));
    return value;
  }

  std::string index() {
    constexpr std::array indexes{"0", "1", "-1", "-2", "7", "-9", "2147483647", "01", "1.5", "-0"};
    return indexes[pick(indexes.size())];
  }
  // One suffix of a path, sometimes one that is no path.
  std::string suffix() {
    switch (pick(12)) {
      case 0:
      case 1:
        return "[" + index() + "]";
      case 2:
        return "[" + Json(key()).dump() + "]";
      case 3:
        return "." + Json(key()).dump();
      case 4:
        return "?";
      case 5:
        return "[ " + index() + " ]";
      case 6:
        return ".\"" + std::string(pick(2) == 0 ? "\\(\"a\")" : "a") + "\"";
      default:
        return std::string(".") + std::array{"a", "b", "c", "_0", "and"}[pick(5)];
    }
  }
  std::string term() {
    constexpr std::array literals{"1",       "0",     "42",           "null",
                                  "true",    "false", "{}",           "[]",
                                  "\"lit\"", "\"\"",  "\"Größe\\n\"", "1000000000000000"};
    if (pick(8) == 0) return literals[pick(literals.size())];
    auto text = std::string(std::array{".", "$v", "$w"}[pick(3)]);
    auto left = pick(5);
    if (text == "." && left > 0) {
      // ".." is another operator: the first suffix of "." brings its own dot or bracket.
      text = suffix();
      if (text == "?") text = ".";
      if (text[0] == '[') text.insert(0, ".");
      --left;
    }
    for (; left > 0; --left)
      text += suffix();
    return text;
  }

  // Now and then of two that are the same.
  std::string comparison(std::string const& left) {
    constexpr std::array operators{"==", "!=", " == ", " != ", "<", " <= ", " >", ">="};
    std::string const how = operators[pick(operators.size())];
    return left + how + (pick(4) == 0 ? left : term());
  }
  std::string join() { return pick(2) == 0 ? " and " : " or "; }

  Random& random_;
};

// jq holds numbers as doubles.
Json as_jq_holds_it(Json const& value) {
  if (value.is_integer()) return Json(static_cast<double>(value.as_integer()));
  Json copy = value;
  if (copy.is_array()) {
    for (auto& item : copy.make_array())
      item = as_jq_holds_it(item);
  } else if (copy.is_object()) {
    for (auto& [name, member] : copy.make_object())
      member = as_jq_holds_it(member);
  }
  return copy;
}

// All programs in one, since compiling costs 25 ms whatever the size: [value] or "failed" for each.
std::string all_in_one(std::span<std::string const> programs) {
  std::string all = "[";
  for (auto const& program : programs)
    all += (all.size() > 1 ? ", (try [first((" : "(try [first((") + program +
           "\n))] catch \"failed\")";
  return all + "]";
}

TEST(NativeRandomTest, gives_what_jq_gives_or_nothing) {
  testing::SeededRandom random(20261122);
  Generator make(random);
  FixedClock clock;
  HelperPool jq(
      clock,
      {.helpers = 1, .evaluation = Milliseconds(5000), .native = HelperPoolOptions::Native::off});
  std::vector<std::pair<Json, Json>> worlds;  // input, variables
  for (int i = 0; i < 40; ++i)
    worlds.emplace_back(make.document(4),
                        Json::object({{"v", make.document(3)}, {"w", make.document(2)}}));
  int compared = 0;
  for (int group = 0; group < 4; ++group) {
    std::vector<std::string> programs;
    while (programs.size() < 80) {
      auto program = make.program();
      bool answered = false;
      for (auto const& [input, variables] : worlds)
        answered = answered || evaluate_native({program, input, variables}).has_value();
      if (answered) programs.push_back(std::move(program));
    }
    auto const all = all_in_one(programs);
    for (auto const& [input, variables] : worlds) {
      auto const expected = jq.evaluate({all, input, variables});
      ASSERT_TRUE(expected.ok()) << "answered, but jq says: " << describe(expected.error());
      for (std::size_t i = 0; i < programs.size(); ++i) {
        auto const native = evaluate_native({programs[i], input, variables});
        if (!native) continue;
        ++compared;
        EXPECT_EQ(Json::array({as_jq_holds_it(*native)}), as_jq_holds_it(expected->at(i)))
            << programs[i] << " on " << input.dump() << " with " << variables.dump() << ": native "
            << native->dump() << ", jq " << expected->at(i).dump();
      }
    }
  }
  EXPECT_GT(compared, 3'000);
}

}  // namespace
}  // namespace fairlead::expression
