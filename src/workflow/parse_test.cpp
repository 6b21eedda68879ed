#include "workflow/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "expression/helper_pool.h"
#include "testing/files.h"
#include "testing/virtual_clock.h"
#include "workflow/check.h"
#include "workflow/fake_actions_test.h"

namespace fairlead::workflow {
namespace {

using ::testing::HasSubstr;

std::string with_header(std::string_view rest) {
  return "document:\n  dsl: '1.0.3'\n  namespace: ops\n  name: incident\n  version: '1.0.0'\n" +
         std::string(rest);
}

std::shared_ptr<Document const> parsed(std::string_view text) {
  auto result = parse(text);
  EXPECT_TRUE(result.ok()) << describe(result.error());
  return result.ok() ? *result : std::make_shared<Document const>();
}

std::string_view const every_part = R"(  title: A title
use:
  retries:
    often:
      delay: PT3S
      backoff: {exponential: {}}
      limit: {attempt: {count: 5, duration: PT10S}}
  errors: {bad: {type: https://example.com/bad, status: 400}}
  timeouts: {short: {after: {seconds: 90}}}
schedule:
  on: {one: {with: {type: com.example.incident}}}
  read: envelope
timeout: short
do:
  - start:
      call: create-issue:1.0.0@gitlab
      with: {connection: main, project: ops/incidents, title: '${ .title }'}
      if: .severity == "high"
      input: {from: .data}
      export: {as: '$context + { start: . }'}
  - decide:
      switch:
        - urgent: {when: '${ .urgent }', then: attempt}
        - otherwise: {then: end}
  - attempt:
      try:
        - pause: {wait: {minutes: 1, seconds: 30}}
      catch:
        errors: {with: {type: https://example.com/bad, status: 400}}
        as: problem
        retry: often
        do:
          - give up: {raise: {error: bad}}
  - each:
      for: {each: group, in: .groups}
      do:
        - note: {set: {name: '${ $group.name }'}}
)";

TEST(ParseTest, reads_the_head_of_what_the_engine_runs) {
  auto const document = parsed(with_header(every_part));
  EXPECT_EQ(document->workflow_namespace, "ops");
  EXPECT_EQ(document->title, "A title");
  EXPECT_EQ(std::get<Milliseconds>(*document->timeout), Milliseconds(90'000));
  EXPECT_EQ(document->schedule->on.at(0).with["type"], Json("com.example.incident"));
  EXPECT_EQ(document->schedule->read, "envelope");
  EXPECT_THAT(document->content_hash, ::testing::StartsWith("sha256:"));
}

TEST(ParseTest, reads_the_tasks_the_engine_runs) {
  auto const document = parsed(with_header(every_part));
  auto const* start = document->task("/do/0/start");
  ASSERT_NE(start, nullptr);
  EXPECT_EQ(start->condition->jq, ".severity == \"high\"");
  EXPECT_EQ(start->input_from, Json("${ .data }"));
  EXPECT_EQ(start->export_as, Json("${ $context + { start: . } }"));
  auto const& call = std::get<CallTask>(start->body);
  EXPECT_EQ(call.name + "|" + call.version + "|" + call.catalog + "|" + call.connection,
            "create-issue|1.0.0|gitlab|main");
  EXPECT_EQ(call.with, Json::object({{"project", "ops/incidents"}, {"title", "${ .title }"}}));

  auto const& cases = std::get<SwitchTask>(document->task("/do/1/decide")->body).cases;
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].when->jq, ".urgent");
  EXPECT_FALSE(cases[1].when.has_value());

  auto const& attempt = std::get<TryTask>(document->task("/do/2/attempt")->body);
  EXPECT_EQ(attempt.as, "problem");
  EXPECT_EQ(attempt.errors.status, 400);
  EXPECT_EQ(attempt.retry->attempts_max, 5);
  EXPECT_EQ(attempt.retry->backoff, RetryPolicy::Backoff::exponential);
  EXPECT_EQ(attempt.retry->attempt_duration_max, Milliseconds(10'000));
  auto const* pause = document->task("/do/2/attempt/try/0/pause");
  ASSERT_NE(pause, nullptr);
  EXPECT_EQ(std::get<Milliseconds>(std::get<WaitTask>(pause->body).duration), Milliseconds(90'000));
  auto const* give_up = document->task("/do/2/attempt/catch/do/0/give up");
  ASSERT_NE(give_up, nullptr);
  EXPECT_EQ(std::get<RaiseTask>(give_up->body).error["status"], Json(400));
  EXPECT_NE(document->task("/do/3/each/do/0/note"), nullptr);
  EXPECT_EQ(document->task("/do/3/each/do/0/nothing"), nullptr);
}

TEST(ParseTest, reads_json_text_with_tabs_as_well) {
  auto const document = parsed(
      "{\n\t\"document\": {\"dsl\": \"1.0.3\", \"namespace\": \"a\", \"name\": \"b\", \"version\": "
      "\"1.0.0\"},\n"
      "\t\"do\": [{\"one\": {\"set\": {\"on\": true}}}]\n}");
  ASSERT_EQ(document->tasks->size(), 1U);
  EXPECT_EQ(std::get<SetTask>(document->tasks->at(0).body).value, Json::object({{"on", true}}));
}

TEST(ParseTest, resolves_anchors_and_merge_keys) {
  auto const document = parsed(with_header(R"(do:
  - one:
      set: &base {project: ops, labels: &labels [a, b]}
  - two:
      set:
        <<: *base
        project: other
        again: *labels
)"));
  EXPECT_EQ(std::get<SetTask>(document->tasks->at(1).body).value,
            Json::object({{"project", "other"},
                          {"labels", Json::array({"a", "b"})},
                          {"again", Json::array({"a", "b"})}}));
}

TEST(ParseTest, stops_a_billion_laughs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    auto const before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k)
      text += (k == 0 ? "" : ", ") + before;
    text += "]\n";
  }
  auto const result = parse(text);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().message, HasSubstr("once its aliases are expanded"));
}

TEST(ParseTest, stops_at_depth_and_size) {
  auto const deep = parse(std::string(100, '[') + std::string(100, ']'));
  ASSERT_FALSE(deep.ok());
  EXPECT_THAT(deep.error().message, HasSubstr("deeper than 60"));
  auto const large = parse(std::string(yaml_bytes_max + 1, ' '));
  ASSERT_FALSE(large.ok());
  EXPECT_THAT(large.error().message, HasSubstr("bytes"));
}

TEST(ParseTest, an_error_carries_place_and_all_problems) {
  auto const result =
      parse(with_header("do:\n  - a: {set: {x: 1}, colour: red}\n  - a: {wait: PT1S}\n"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().where, "line 7, column 22");
  EXPECT_EQ(result.error().details["pointer"], Json("/do/0/a/colour"));
  EXPECT_EQ(result.error().details["problems"].size(), 2U);
}

// tests/golden/workflow/problems.txt: documents between "=== name" lines, each with the problems
// found after "---".
std::string problems_of(std::string_view text, expression::Evaluator& evaluator) {
  FakeActions const actions;
  auto const validation = validate(text, actions, &evaluator);
  std::string lines;
  for (auto const& problem : validation.problems) {
    lines += problem.severity == Problem::Severity::error ? "error " : "warning ";
    lines += problem.code + " " + std::to_string(problem.line) + ":" +
             std::to_string(problem.column) + " " +
             (problem.pointer.empty() ? "/" : problem.pointer) + "\n  " + problem.message + "\n";
    if (!problem.nearest.empty())
      lines += "  " + problem.wrong_key + " -> " + problem.nearest + "\n";
  }
  return lines.empty() ? "none\n" : lines;
}

TEST(ValidateTest, tells_every_problem_with_place_and_remedy) {
  auto const file = testing::repository_root() / "tests/golden/workflow/problems.txt";
  auto const text = testing::read_file(file).value_or("");
  ASSERT_FALSE(text.empty()) << file;
  testing::VirtualClock clock;
  expression::HelperPool pool(clock);
  std::string actual;
  std::string_view rest = text;
  int cases = 0;
  while (rest.starts_with("=== ")) {
    auto const next = rest.find("\n=== ");
    auto const block = rest.substr(0, next == std::string_view::npos ? rest.size() : next + 1);
    rest = next == std::string_view::npos ? std::string_view() : rest.substr(next + 1);
    auto const body = block.find('\n') + 1;
    auto const end = block.find("\n---\n");
    ASSERT_NE(end, std::string_view::npos) << block;
    auto const document = block.substr(body, end + 1 - body);
    auto const whole = document.starts_with("do:") || document.starts_with("use:") ||
                               document.starts_with("schedule:")
                           ? with_header(document)
                           : std::string(document);
    actual += std::string(block.substr(0, end)) + "\n---\n" + problems_of(whole, pool);
    ++cases;
  }
  EXPECT_GE(cases, 40);
  testing::expect_golden(actual, file);
}

TEST(ValidateTest, gives_its_findings_as_json) {
  FakeActions const actions;
  auto validation = validate(with_header("do:\n  - a: {sett: {x: 1}}\n"), actions);
  EXPECT_FALSE(validation.ok());
  auto const json = to_json(validation);
  EXPECT_EQ(json["ok"], Json(false));
  EXPECT_EQ(json["problems"].at(0)["wrongKey"], Json("sett"));
  EXPECT_EQ(json["problems"].at(0)["nearest"], Json("set"));
  validation = validate(with_header("do:\n  - a: {set: {x: 1}}\n"), actions);
  EXPECT_TRUE(validation.ok());
  EXPECT_EQ(to_json(validation)["document"]["name"], Json("incident"));
}

// Refused for good, or read and not run yet; everything else must be fine.
struct Expected {
  std::string_view sample;
  std::string_view words;  // of the first problem; "" is none
};
constexpr std::string_view processes = "it starts no processes on its server";
constexpr Expected not_plain[] = {
    {"call-asyncapi-publish", "'call: asyncapi' is not run by Fairlead"},
    {"call-asyncapi-subscribe-consume-forever-foreach", "'call: asyncapi' is not run by Fairlead"},
    {"call-asyncapi-subscribe-consume-while", "'call: asyncapi' is not run by Fairlead"},
    {"call-grpc", "'call: grpc' is not run by Fairlead"},
    {"call-mcp", "'call: mcp' is not run by Fairlead"},
    {"listen-to-any-forever-foreach", "'until' is not run by this version"},
    {"listen-to-any-until-condition", "'until' is not run by this version"},
    {"run-container-cleanup-always", processes},
    {"run-container-stdin-and-arguments", processes},
    {"run-container-with-pull-policy", processes},
    {"run-container", processes},
    {"run-return-all", processes},
    {"run-return-none", processes},
    {"run-return-stderr", processes},
    {"run-script-with-stdin-and-arguments", processes},
    {"run-shell-stdin-and-arguments", processes},
};

TEST(ValidateTest, public_samples_are_fine_or_refused_by_name) {
  auto const shared = testing::shared_folder();
  if (!shared || !std::filesystem::exists(*shared / "open-workflow/examples")) {
    GTEST_SKIP() << testing::shared_folder_missing;
  }
  testing::VirtualClock clock;
  expression::HelperPool pool(clock);
  FakeActions const actions;
  int samples = 0;
  for (auto const& entry :
       std::filesystem::directory_iterator(*shared / "open-workflow/examples")) {
    ++samples;
    auto const name = entry.path().stem().string();
    auto const text = testing::read_file(entry.path()).value_or("");
    std::string_view words;
    for (auto const& [sample, expected] : not_plain) {
      if (sample == name) words = expected;
    }
    auto const result = parse(text);
    EXPECT_EQ(result.ok(), words.empty())
        << name << (result.ok() ? "" : ": " + describe(result.error()));
    if (!result.ok()) {
      EXPECT_THAT(result.error().message, HasSubstr(words)) << name;
    }
    for (auto const& problem : validate(text, actions, &pool).problems) {
      auto const allowed = problem.code == "not-yet" || problem.code == "refused" ||
                           problem.severity == Problem::Severity::warning;
      EXPECT_TRUE(allowed) << name << ": " << describe(problem);
    }
  }
  EXPECT_GT(samples, 40);
}

}  // namespace
}  // namespace fairlead::workflow
