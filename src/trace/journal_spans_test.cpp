#include "trace/journal_spans.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace fairlead::trace {
namespace {

RunId const run_id{"0191-run"};

class Reader {
 public:
  explicit Reader(RunPlace place = {.trace = trace_id(run_id), .parent = "", .repeats = {}})
      : spans_(run_id, std::move(place)) {
    add("run-started", "",
        Json::object(
            {{"namespace", "ops"}, {"name", "w"}, {"version", "1.0.0"}, {"input", "hush"}}));
  }
  void add(std::string kind, std::string task, Json payload = Json::object()) {
    ++seq_;
    spans_.read({.seq = seq_,
                 .kind = std::move(kind),
                 .task = std::move(task),
                 .payload = std::move(payload),
                 .at = from_epoch_ms(seq_ * 1'000)},
                ended);
  }
  void begin(std::string const& task, std::string const& name) {
    add("task-started", task, Json::object({{"name", name}, {"input", "hush"}}));
  }
  std::vector<Span> ended;

 private:
  JournalSpans spans_;
  std::int64_t seq_{0};
};

Json const error = Json::object(
    {{"error",
      Json::object({{"title", "Communication error"}, {"status", 502}, {"detail", "hush"}})}});

TEST(JournalSpans, tasks_hang_below_tasks_and_the_run) {
  Reader reader;
  reader.begin("/do/0/outer", "outer");
  reader.begin("/do/0/outer/do/0/inner", "inner");
  reader.add("task-completed", "/do/0/outer/do/0/inner");
  reader.add("task-completed", "/do/0/outer");
  reader.add("run-completed", "", Json::object({{"output", "hush"}}));
  ASSERT_EQ(reader.ended.size(), 3U);
  auto const& [inner, outer, run] = std::tie(reader.ended[0], reader.ended[1], reader.ended[2]);
  EXPECT_EQ(run.name, "run ops/w");
  EXPECT_EQ(run.id, run_span_id(run_id));
  EXPECT_EQ(run.parent, "");
  EXPECT_EQ(outer.parent, run.id);
  EXPECT_EQ(outer.id, task_span_id(run_id, 2));
  EXPECT_EQ(inner.parent, outer.id);
  EXPECT_EQ(inner.begin, from_epoch_ms(3'000));
  EXPECT_EQ(inner.end, from_epoch_ms(4'000));
  EXPECT_EQ(run.end, from_epoch_ms(6'000));
  EXPECT_FALSE(run.failure);
  for (auto const& span : reader.ended)
    EXPECT_EQ(span.trace, trace_id(run_id));
}

TEST(JournalSpans, a_task_that_is_repeated_has_a_span_each_time) {
  Reader reader;
  for (int turn = 0; turn < 2; ++turn) {
    reader.begin("/do/0/each/do/0/step", "step");
    reader.add("task-completed", "/do/0/each/do/0/step");
  }
  ASSERT_EQ(reader.ended.size(), 2U);
  EXPECT_NE(reader.ended[0].id, reader.ended[1].id);
}

TEST(JournalSpans, a_functions_task_hangs_below_its_call) {
  Reader reader;
  reader.begin("/do/0/call", "call");
  reader.add("task-started", "/use/functions/f/do/0/x",
             Json::object({{"name", "x"}, {"calledFrom", "/do/0/call"}}));
  reader.add("task-completed", "/use/functions/f/do/0/x");
  ASSERT_EQ(reader.ended.size(), 1U);
  EXPECT_EQ(reader.ended[0].parent, task_span_id(run_id, 2));
}

TEST(JournalSpans, failures_say_their_title_and_retries_are_events_and_nothing_else_is_said) {
  Reader reader;
  reader.begin("/do/0/a", "a");
  auto retry = error;
  retry.set("retry", 1);
  retry.set("delayMs", 250);
  reader.add("retry-scheduled", "/do/0/a", retry);
  reader.add("waiting", "/do/0/a", Json::object({{"waitingFor", "hush"}}));
  reader.add("task-faulted", "/do/0/a", error);
  reader.add("run-faulted", "", error);
  ASSERT_EQ(reader.ended.size(), 2U);
  EXPECT_EQ(reader.ended[0].failure, "Communication error");
  ASSERT_EQ(reader.ended[0].events.size(), 2U);
  EXPECT_EQ(reader.ended[0].events[0].name, "retry-scheduled");
  EXPECT_EQ(reader.ended[1].failure, "Communication error");
  auto const text = export_request({}, reader.ended).dump();
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
}

TEST(JournalSpans, what_is_open_ends_with_its_run) {
  Reader reader;
  reader.begin("/do/0/a", "a");
  reader.add("run-cancelled", "");
  ASSERT_EQ(reader.ended.size(), 2U);
  EXPECT_EQ(reader.ended[0].end, from_epoch_ms(3'000));
  EXPECT_FALSE(reader.ended[1].failure);
}

TEST(Span, is_encoded_as_the_json_mapping_of_otlp_says) {
  Span span{.trace = trace_id(run_id),
            .id = run_span_id(run_id),
            .parent = task_span_id(run_id, 7),
            .name = "n",
            .begin = from_epoch_ms(1'700'000'000'123),
            .end = from_epoch_ms(1'700'000'000'124),
            .attributes = {{"a", 5}, {"b", "t"}, {"c", true}},
            .events = {},
            .link = {},
            .failure = "broke"};
  Options options;
  options.resource = {{"service.name", "x"}};
  auto const json = export_request(options, {span});
  auto const& made = json["resourceSpans"].at(0)["scopeSpans"].at(0)["spans"].at(0);
  EXPECT_EQ(made["traceId"].as_string(), hex_encode(span.trace));
  EXPECT_EQ(made["traceId"].as_string().size(), 32U);
  EXPECT_EQ(made["spanId"].as_string().size(), 16U);
  EXPECT_EQ(made["startTimeUnixNano"].as_string(), "1700000000123000000");
  EXPECT_EQ(made["attributes"].dump(),
            R"([{"key":"a","value":{"intValue":"5"}},{"key":"b","value":{"stringValue":"t"}},)"
            R"({"key":"c","value":{"boolValue":true}}])");
  EXPECT_EQ(made["status"]["code"].as_integer(), 2);
  EXPECT_EQ(json["resourceSpans"].at(0)["resource"]["attributes"].at(0)["key"].as_string(),
            "service.name");
}

TEST(Span, a_share_of_the_traces_is_decided_by_their_ids) {
  int taken = 0;
  for (int at = 0; at < 1'000; ++at)
    if (is_sampled(trace_id(RunId(std::to_string(at))), 0.25)) ++taken;
  EXPECT_GT(taken, 150);
  EXPECT_LT(taken, 350);
  EXPECT_FALSE(is_sampled(trace_id(run_id), 0));
  EXPECT_TRUE(is_sampled(trace_id(run_id), 1));
}

}  // namespace
}  // namespace fairlead::trace
