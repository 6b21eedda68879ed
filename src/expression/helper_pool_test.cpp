#include "expression/helper_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expression/frame.h"

namespace fairlead::expression {
namespace {

using ::testing::HasSubstr;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return from_epoch_ms(1'700'000'000'250); }
  [[nodiscard]] Milliseconds steady() const override { return Milliseconds(0); }
};

HelperPoolOptions through_jq() { return {.native = HelperPoolOptions::Native::off}; }

Json json(std::string_view text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

class HelperPoolTest : public ::testing::Test {
 protected:
  Result<Json> run(std::string program, Json input = {}, Json variables = Json::object()) {
    return pool_.evaluate({std::move(program), std::move(input), std::move(variables)});
  }
  Error fail(std::string program, Json input = {}, Json variables = Json::object()) {
    auto result = run(program, std::move(input), std::move(variables));
    EXPECT_FALSE(result.ok()) << program << " gave " << (result.ok() ? result->dump() : "");
    return result.ok() ? Error{} : result.error();
  }
  FixedClock clock_;
  HelperPool pool_{clock_, through_jq()};
};

TEST_F(HelperPoolTest, gives_the_first_value_of_a_program) {
  struct Case {
    char const* program;
    char const* input;
    char const* output;
  };
  for (auto const& [program, input, output] : std::initializer_list<Case>{
           {".", "null", "null"},
           {".a.b", R"({"a":{"b":[1,2]}})", "[1,2]"},
           {"map(. * 2) | add", "[1,2,3]", "12"},
           {"empty", "1", "null"},
           {"1, 2", "1", "1"},
           {R"~({name: .n, "a b": "x\(.n)"})~", R"({"n":7})", R"({"name":7,"a b":"x7"})"},
           {"def f(x): x + 1; f(.)", "41", "42"},
           {".a # a comment", R"({"a":1})", "1"},
           {"$ctx | length", "1", "2"},
           {"now", "1", "1700000000.25"},
           {"debug", "5", "5"},
           {"\"a)b\" | length", "5", "3"},
           {R"~("\("x" + ")")")~", "5", "\"x)\""},
           {"try error(\"x\") catch .", "5", R"("x")"},
           {"test(\"^a+$\")", R"("aaa")", "true"},
           {"0 | localtime | mktime", "1", "0"},
       }) {
    auto result = run(program, json(input), json(R"({"ctx":{"a":1,"b":2}})"));
    ASSERT_TRUE(result.ok()) << program << ": " << describe(result.error());
    EXPECT_EQ(*result, json(output)) << program << " gave " << result->dump();
  }
}

TEST_F(HelperPoolTest, explains_what_does_not_compile_in_plain_words) {
  struct Case {
    char const* program;
    char const* words;
  };
  for (auto const& [program, words] : std::initializer_list<Case>{
           {".a |", "It stops where more is expected."},
           {"foo", "There is no function 'foo'."},
           {"foo(1)", "There is no function 'foo' with 1 argument."},
           {"$contxt.a", "There is no variable $contxt here. Did you mean $context?"},
           {"if . then 1 end", "An 'if' needs 'then', 'else' and 'end'."},
           {"..a", "Unexpected a name."},
           {".a\n| | .b", "Unexpected '|', in line 2."},
           {".a)", "closes a bracket that was never opened (column 3)"},
           {".a) | (.b", "closes a bracket that was never opened (column 3)"},
           {"[.a", "The bracket '[' is never closed (column 1)"},
           {"[.a)", "The ')' does not fit the '[' before it (column 4)"},
           {"\"abc", "is not closed with '\"' (column 1)"},
           {"\"a\\(.b\"", "is not closed"},
           {".a # )\n", nullptr},
           {".a # \\\n)", "A comment must not end with a backslash (column 6)"},
           {"import \"a\" as $a; .", "'import' is not available"},
           {"$ENV.PATH", "$ENV is not available"},
           {"$__loc__", "$__loc__ is not available"},
           {"$__e", "$__e is not available"},
           {"  ", "The expression is empty"},
           {"input.title", "the data is '.', the input of the task is $input (column 1)"},
           {".a | env", "'env' is not available in workflows"},
           {"{input: 1, env: .env, halt} | .input", nullptr},
           {"{input}", nullptr},
           {"[input]", "'input' is not available"},
           {"{a: input}", "'input' is not available"},
       }) {
    auto const checked = pool_.check(program, {"context"});
    if (words == nullptr) {
      EXPECT_TRUE(checked.ok()) << program;
      continue;
    }
    ASSERT_FALSE(checked.ok()) << program;
    EXPECT_THAT(checked.error().message, HasSubstr(words));
    EXPECT_EQ(checked.error().kind, ErrorKind::invalid_input);
  }
}

TEST_F(HelperPoolTest, passes_run_time_errors_on_with_the_program) {
  auto const error = fail(".a.b", json(R"({"a":1})"));
  EXPECT_EQ(error.kind, ErrorKind::invalid_input);
  EXPECT_EQ(error.where, ".a.b");
  EXPECT_THAT(error.message, HasSubstr("Cannot index number with string \"b\""));
}

TEST_F(HelperPoolTest, keeps_environment_files_and_control_away) {
  for (auto const* program :
       {"env", "env.PATH", "input", "[inputs]", "input_filename", "halt", "halt_error",
        "halt_error(1)", "get_search_list", "input_line_number", "modulemeta"}) {
    EXPECT_THAT(fail(program).message, HasSubstr("is not available in workflows")) << program;
  }
}

TEST_F(HelperPoolTest, a_helper_killed_from_outside_is_replaced) {
  ASSERT_TRUE(run("1 + 1").ok());
  // The helper dies of this one; the next call starts another.
  EXPECT_FALSE(run("def f: 1 + f; f").ok());
  auto const result = run("1 + 1");
  ASSERT_TRUE(result.ok()) << describe(result.error());
  EXPECT_EQ(*result, Json(2));
}

TEST(HelperPool, tells_how_expressions_went_and_how_its_helpers_do) {
  FixedClock const clock;
  HelperPool pool(clock);
  auto const evaluate = [&](std::string program) {
    return pool.evaluate({std::move(program), Json::object({{"a", 1}}), Json::object()}).ok();
  };
  auto const expect = [&](std::vector<std::string> const& lines) {
    MetricText text;
    pool.write(text);
    for (auto const& line : lines)
      EXPECT_THAT(text.text(), HasSubstr(line));
  };
  expect({"fairlead_expression_helpers 0\n", "fairlead_expression_helpers_started_total 0\n"});
  EXPECT_TRUE(evaluate(".a"));
  EXPECT_TRUE(evaluate("[.a, .a] | add"));
  EXPECT_FALSE(evaluate("error(\"no\")"));
  EXPECT_FALSE(evaluate("def f: 1 + f; f")) << "kills its helper";
  EXPECT_TRUE(evaluate("[.a, .a] | add"));
  expect({"fairlead_expressions_total{way=\"native\",outcome=\"done\"} 1\n",
          "fairlead_expressions_total{way=\"helper\",outcome=\"done\"} 2\n",
          "fairlead_expressions_total{way=\"helper\",outcome=\"failed\"} 1\n",
          "fairlead_expression_duration_seconds_count 4\n", "fairlead_expression_helpers 1\n",
          "fairlead_expression_helpers_started_total 2\n"});
}

TEST_F(HelperPoolTest, more_programs_than_slots_still_all_run) {
  HelperPool pool(clock_,
                  {.helpers = 1, .programs_max = 4, .native = HelperPoolOptions::Native::off});
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 6; ++i) {
      auto const result =
          pool.evaluate({"[.] | length + " + std::to_string(i), Json(), Json::object()});
      ASSERT_TRUE(result.ok()) << describe(result.error());
      EXPECT_EQ(*result, Json(i + 1));
    }
  }
}

TEST_F(HelperPoolTest, a_program_that_cannot_be_started_is_told) {
  HelperPool pool(clock_, {.command = {"/nonexistent/program"}});
  auto const result = pool.evaluate({"[.] | length", Json(), Json::object()});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::unavailable);
}

TEST_F(HelperPoolTest, evaluates_the_strings_of_a_value_and_names_the_one_that_failed) {
  auto const value = json(R"({"a":"${ .x }","b":["plain ${","${ .x + 1 }"],"c":3})");
  auto result = evaluate_strings(pool_, value, json(R"({"x":4})"), Json::object());
  ASSERT_TRUE(result.ok()) << describe(result.error());
  EXPECT_EQ(*result, json(R"({"a":4,"b":["plain ${",5],"c":3})"));
  result = evaluate_strings(pool_, json(R"({"a/b":[1,"${ .x.y }"]})"), json(R"({"x":4})"),
                            Json::object());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().where, "/a~1b/1");
}

}  // namespace
}  // namespace fairlead::expression
