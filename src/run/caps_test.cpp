// Caps: what is too large becomes an error of the task or the run, journalled as such.
#include "run/caps.h"

#include <gtest/gtest.h>

#include "run/engine.h"
#include "run/fakes_test.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

constexpr std::size_t small = 1'000;

std::string letters(std::size_t count) { return std::string(count, 'x'); }

class CapsTest : public ::testing::Test {
 protected:
  store::RunRecord play(std::string_view body, Json input, PayloadCaps caps = {small, 100'000}) {
    EXPECT_TRUE(store_->workflows()
                    .put({.workflow_namespace = "tests",
                          .name = "test",
                          .version = "1.0.0",
                          .status = "published",
                          .source = document_text(body),
                          .content_hash = "x",
                          .created_at = clock_.now()})
                    .ok());
    Engine engine({.store = *store_,
                   .invoker = actions_,
                   .evaluator = evaluator_,
                   .library = library_,
                   .clock = clock_,
                   .random = random_,
                   .log = *log_},
                  {.threads = EngineOptions::Threads::none, .shard_limits = {.caps = caps}});
    EXPECT_TRUE(engine.recover().ok());
    auto id = engine.start(
        {.workflow = {"tests", "test", ""}, .input = std::move(input), .cause = "a test"});
    refusal_ = id.ok() ? std::nullopt : std::optional(id.error());
    engine.run_until_idle();
    if (!id.ok()) return {};
    auto journal = store_->runs().journal(*id, 0, 10'000);
    auto folded = replay(new_run(*id, document_of(body)), *journal);
    EXPECT_TRUE(folded.ok()) << describe(folded.error());
    return *store_->runs().get(*id);
  }

  testing::VirtualClock clock_;
  testing::SeededRandom random_{3};
  ScriptedEvaluator evaluator_;
  FakeActions actions_;
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<store::Store> store_ =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  WorkflowLibrary library_{store_->workflows(), workflow::parse};
  std::optional<Error> refusal_;
};

void expect_too_large(store::RunRecord const& run, std::string_view instance) {
  EXPECT_EQ(run.status, "faulted");
  EXPECT_EQ(run.error["title"], Json("Payload too large"));
  EXPECT_EQ(run.error["status"], Json(413));
  EXPECT_EQ(run.error["instance"], Json(instance));
  EXPECT_NE(run.error["detail"].as_string().find("1,000"), std::string::npos) << run.error.dump();
}

TEST_F(CapsTest, an_output_of_a_call_above_the_cap_faults_its_task) {
  actions_.add("big", action::Effect::reads, [](action::Invocation const&) {
    return action::Outcome{.output = Json::object({{"text", letters(small)}})};
  });
  expect_too_large(play("do:\n- a: {call: 'big:1.0.0@gitlab'}\n", json("{}")), "/do/0/a");
}

TEST_F(CapsTest, a_value_of_an_expression_above_the_cap_faults_its_task) {
  evaluator_.add("grow", [](auto const&) { return Json(letters(small)); });
  expect_too_large(play("do:\n- a: {set: '${ grow }'}\n", json("{}")), "/do/0/a");
}

TEST_F(CapsTest, a_context_above_the_cap_faults_its_task) {
  evaluator_.add("grow", [](auto const&) { return Json(letters(small)); });
  expect_too_large(play("do:\n- a: {set: {x: 1}, export: {as: '${ grow }'}}\n", json("{}")),
                   "/do/0/a");
}

TEST_F(CapsTest, what_the_branches_of_a_fork_give_together_is_bounded) {
  constexpr std::size_t megabyte = 1u << 20;
  std::string body = "do:\n- f: {fork: {branches: [";
  for (int i = 0; i < 9; ++i)
    body += "{b" + std::to_string(i) + ": {set: '${ . }'}}, ";
  body += "]}}\n";
  auto const run = play(body, Json(letters(megabyte - 8)), {megabyte, 64 * megabyte});
  EXPECT_EQ(run.status, "faulted");
  EXPECT_EQ(run.error["title"], Json("Payload too large"));
  EXPECT_EQ(run.error["status"], Json(413));
  EXPECT_EQ(run.error["instance"], Json("/do/0/f"));
  std::string const& detail = run.error["detail"].as_string();
  EXPECT_NE(detail.find("What the branches give together has about 9,4"), std::string::npos)
      << detail;
  EXPECT_NE(detail.find("8,388,608"), std::string::npos) << detail;
}

TEST_F(CapsTest, such_an_error_can_be_caught) {
  evaluator_.add("grow", [](auto const&) { return Json(letters(small)); });
  auto const run = play(
      "do:\n- t: {try: [{a: {set: '${ grow }'}}], catch: {errors: {with: {status: 413}}, do: "
      "[{b: {set: {x: 1}}}]}}\n",
      json("{}"));
  EXPECT_EQ(run.output, json(R"({"x": 1})"));
}

TEST_F(CapsTest, an_input_above_the_cap_starts_nothing) {
  play("do:\n- a: {set: {x: 1}}\n", Json(letters(small)));
  ASSERT_TRUE(refusal_.has_value());
  EXPECT_EQ(refusal_->kind, ErrorKind::invalid_input);
  EXPECT_EQ(refusal_->title, "Payload too large");
}

TEST_F(CapsTest, a_value_just_below_the_cap_is_fine) {
  auto const run = play("do:\n- a: {set: '${ . }'}\n", Json(letters(small - 2)));
  EXPECT_EQ(run.status, "completed") << run.error.dump();
}

TEST_F(CapsTest, a_history_above_its_cap_ends_the_run) {
  auto const run =
      play("do:\n- a: {set: '${ . }'}\n- b: {set: '${ . }', then: a}\n", Json(letters(small / 2)));
  EXPECT_EQ(run.status, "faulted");
  EXPECT_EQ(run.error["title"], Json("History too large"));
}

TEST(Caps, measure_about_what_is_written) {
  for (auto const* text : {"{}", R"({"a": [1, 2, {"b": "text"}], "c": null})", R"(["", true])"}) {
    auto const value = json(text);
    EXPECT_GE(bytes_of(value) + 2, value.dump().size()) << text;
    EXPECT_LE(bytes_of(value), 3 * value.dump().size() + 16) << text;
  }
}

}  // namespace
}  // namespace fairlead::run
