#include "expression/native.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "expression/helper_pool.h"

namespace fairlead::expression {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return {}; }
  [[nodiscard]] Milliseconds steady() const override { return {}; }
};

Json json(std::string_view text) { return *Json::parse(text); }

// Inputs with every kind of value, numbers of every shape among them.
std::vector<Json> inputs() {
  return {
      json("null"),
      json("true"),
      json("7"),
      json("-2.5"),
      json(R"("text")"),
      json("[1,[2,3],{\"a\":4}]"),
      json(
          R"({"a":{"b":[10,20,{"c":"deep"}],"x y":1},"n":null,"t":true,"f":false,"i":42,"neg":-1,
                   "d":0.1,"big":1e17,"small":1e-7,"m":999999999999999,
                   "s":"line\n\"quoted\" ä 😀","e":"","l":[],"o":{}})")};
}

std::vector<std::string> atoms() {
  return {".",         ".a",        ".a.b",        ".a.b[0]", ".a.b[-1]",    ".a.b[5]",
          ".a.b[2].c", ".[\"a\"]",  ".a[\"x y\"]", ".\"a\"",  ".a.\"x y\"",  ".[0]",
          ".[1][0]",   ".[-1].a",   ".n",          ".n.x.y",  ".n[3]",       ".t",
          ".i",        ".neg",      ".d",          ".big",    ".small",      ".m",
          ".s",        ".e",        ".l",          ".o",      ".missing",    ".i.x",
          ".s[0]",     ".s.x",      ".l.x",        ".a[0]",   "$v",          "$v.k",
          "$v.k[1]",   "$v[\"k\"]", "$w",          "$w.x",    "1",           "42",
          "\"lit\"",   "\"\"",      "null",        "true",    "false",       "{}",
          "[]",        ".a.",       "..",          ".5",      "$nope",       "$v.",
          ".a?",       ".a[]",      ".[1:2]",      "-1",      ".and",        ".a .b",
          ". a",       "01",        "1.0",         "1e3",     "\"\\u00e9\"", "\"\\n\\t\\\\\"",
          "$__e",      "$ENV"};
}

// What compares, and how it binds.
std::vector<std::string> comparisons() {
  std::vector<std::string> list;
  std::vector<std::string> const sides{".",    ".a", ".i",   ".d",   ".big", ".s",  ".e",      ".n",
                                       ".t",   ".l", ".o",   "$v.k", "$w",   "42",  "\"two\"", "[]",
                                       "null", "{}", ".neg", "7",    ".m",   ".[1]"};
  for (auto const& left : sides) {
    for (auto const& right : sides) {
      list.push_back(left + " == " + right);
      list.push_back(left + "<" + right);
    }
    for (auto const* rest : {" != .i", " >= .i", "<=42", " > .small", " >= \"t\"", " and .t",
                             " or .f", " and .n or .t", " or .t and .n", "|not",
                             " == 42 and .t | not", " + .i == 84", " and.t", " or not"})
      list.push_back(left + rest);
  }
  return list;
}

std::vector<std::string> odd_comparisons() {
  std::vector<std::string> list;
  for (auto const* odd : {"(.i == 42) == .t",
                          "(.i)",
                          "((.i == 42) and (.t or .n)) | not | not",
                          "(.a).b",
                          "(.a)[\"b\"]",
                          "1 == 1 == true",
                          "1 < 2 < 3",
                          ".i === 42",
                          ".i = 42",
                          ".i =~ 42",
                          ".i <> 42",
                          ".i ! 42",
                          ".i |= 42",
                          ".i > -1",
                          ".i - 1 == 41",
                          "1 == 2 - 1",
                          ".i == 21 * 2",
                          ".n // .t == true",
                          ".t and",
                          "and .t",
                          ".t andnot",
                          ".t and::a",
                          ".t | not, 1",
                          "[.t, .f | not]",
                          "[.t | not]",
                          "[.i == 42, .t and .n]",
                          "{a: .i == 42}",
                          "{a: (.i == 42)}",
                          "{a: (.i == 42) and .t}",
                          "{a: not}",
                          "\"\\(.i == 42) \\(.t | not)\"",
                          "not == .f",
                          "not | not",
                          "not not",
                          "(not)",
                          "()",
                          "(.i",
                          ".i)",
                          "(.i,1)",
                          "(1) as $x | $x",
                          ".i == 42 as $x | $x",
                          "{\"i\":42,\"x\":1} == {\"x\":1,\"i\":42}",
                          "[1,[2,3],{\"a\":4}] == .",
                          ".t and (.a.b.c == 1)"}) {
    list.push_back(odd);
  }
  return list;
}

std::vector<std::string> programs() {
  auto const all = atoms();
  auto list = all;
  for (auto const& atom : all) {
    list.push_back("\"<\\(" + atom + ")>\"");
    list.push_back("{k: " + atom + "}");
    list.push_back("{\"a b\": " + atom + ", c: 1}");
    list.push_back("[" + atom + ", .i]");
    list.push_back("$v + {k: " + atom + "}");
    list.push_back("  " + atom + "  ");
  }
  for (std::size_t i = 0; i < all.size(); i += 3) {
    for (std::size_t k = 1; k < all.size(); k += 7)
      list.push_back(all[i] + " + " + all[k]);
  }
  for (auto const& more : {comparisons(), odd_comparisons()})
    list.insert(list.end(), more.begin(), more.end());
  for (auto const* odd : {"{a: 1 + 1}",
                          "{(.s): 1}",
                          "{a}",
                          "{$v}",
                          "{\"a\"}",
                          "{a: .a, a: 2}",
                          "\"a\" \"b\"",
                          "1 2",
                          ".a,.i",
                          ".a|.b",
                          "{a: .a | .b}",
                          "[.a | .b]",
                          "\"\\(1;2)\"",
                          "\"x\\(\"y\\(.i)\")\"",
                          "$v+$w",
                          ".a+=1",
                          "{}.a",
                          "[1][0]",
                          "\"abc\"[0]",
                          "@text",
                          "not",
                          "nul",
                          "true.a",
                          "",
                          " ",
                          "#",
                          ". # c",
                          "{a:1,}",
                          "[,]",
                          "(1)",
                          "{\"x\\(.i)\": 1}",
                          ".a//1",
                          "1+2+3",
                          "\"a\"+.s+\"b\"",
                          "$context",
                          "{and: 1}",
                          "{a: -1}",
                          ".[\"a\",\"i\"]",
                          ".[1.5]",
                          ".[01]"}) {
    list.push_back(odd);
  }
  return list;
}

// All programs of a group in one, since compiling costs jq 25 ms whatever the size: a list with
// [value] or "failed" for each.
Result<Json> ask_jq(HelperPool& jq, std::span<std::string const> group, Json const& input,
                    Json const& variables) {
  std::string all = "[";
  for (auto const& program : group) {
    all += (all.size() > 1 ? ", (try [first((" : "(try [first((") + program +
           "\n))] catch \"failed\")";
  }
  return jq.evaluate({all + "]", input, variables});
}

// The rule: the same as jq, or no answer.
TEST(NativeTest, gives_what_jq_gives_or_nothing) {
  FixedClock clock;
  HelperPool jq(
      clock,
      {.helpers = 1, .evaluation = Milliseconds(5000), .native = HelperPoolOptions::Native::off});
  auto const variables = json(R"({"v":{"k":[1,"two",null]},"w":null})");
  std::vector<std::string> answered;
  for (auto const& program : programs()) {
    for (auto const& input : inputs()) {
      if (!evaluate_native({program, input, variables})) continue;
      answered.push_back(program);
      break;
    }
  }
  int compared = 0;
  constexpr std::size_t group_size = 50;
  for (std::size_t from = 0; from < answered.size(); from += group_size) {
    auto const group =
        std::span(answered).subspan(from, std::min(group_size, answered.size() - from));
    for (auto const& input : inputs()) {
      auto const expected = ask_jq(jq, group, input, variables);
      ASSERT_TRUE(expected.ok()) << "one of these is answered but does not compile: "
                                 << describe(expected.error());
      for (std::size_t i = 0; i < group.size(); ++i) {
        auto const native = evaluate_native({group[i], input, variables});
        if (!native) continue;
        ++compared;
        EXPECT_EQ(Json::array({*native}), expected->at(i))
            << group[i] << " on " << input.dump() << ": native " << native->dump() << ", jq "
            << expected->at(i).dump();
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(NativeTest, answers_what_workflows_are_full_of) {
  auto const input = json(R"({"title":"t","a":{"b":[1]}})");
  auto const variables = json(R"({"context":{"x":{"y":5}}})");
  struct Case {
    char const* program;
    char const* value;
  };
  for (auto const& [program, value] : std::initializer_list<Case>{
           {".", R"({"title":"t","a":{"b":[1]}})"},
           {".a.b[0]", "1"},
           {"$context.x.y", "5"},
           {"$context + { createIssue: . }",
            R"({"x":{"y":5},"createIssue":{"title":"t","a":{"b":[1]}}})"},
           {R"~("Incident: \(.title) (\($context.x.y))")~", R"~("Incident: t (5)")~"},
           {"[.title, $context.x.y]", R"(["t",5])"},
           {".a.b[0] == $context.x.y", "false"},
           {".title == \"t\" and $context.x.y >= 5", "true"},
           {"(.title != null or .gone) | not", "false"},
       }) {
    auto const native = evaluate_native({program, input, variables});
    ASSERT_TRUE(native.has_value()) << program;
    EXPECT_EQ(*native, json(value)) << program;
  }
}

TEST(NativeTest, leaves_text_that_is_not_utf8_to_the_check_that_refuses_it) {
  EXPECT_FALSE(evaluate_native({"\"x\xa4\"", Json(), Json::object()}).has_value());
  EXPECT_FALSE(evaluate_native({".[\"\xa4\"]", Json::object(), Json::object()}).has_value());
}

TEST(NativeTest, whole_numbers_above_two_to_the_53_stay_exact) {
  auto const native = evaluate_native({".id", json(R"({"id":9007199254740993})"), Json::object()});
  ASSERT_TRUE(native.has_value());
  EXPECT_EQ(native->dump(), "9007199254740993");
}

// jq holds doubles, and newer ones compare digits: what is more than both know is left to it.
TEST(NativeTest, compares_no_number_that_jq_would_round) {
  auto const input = json(R"({"id":9007199254740993,"list":[9007199254740993],"one":1})");
  for (auto const* program : {".id == .id", ".id > 1", ".list == [1]", ".id != 9007199254740992"})
    EXPECT_FALSE(evaluate_native({program, input, Json::object()}).has_value()) << program;
  EXPECT_EQ(evaluate_native({".one == 1 and .list != []", input, Json::object()}), Json(true));
}

}  // namespace
}  // namespace fairlead::expression
