#include "trace/tracer.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/virtual_clock.h"

namespace fairlead::trace {
namespace {

using testing::FakeTransport;
using testing::VirtualClock;

constexpr auto url = "http://collector.test:4318/v1/traces";

class CountingLog final : public Log {
 public:
  void write(LogLevel /*level*/, std::string_view message,
             std::initializer_list<Json::Member> fields) override {
    lines.emplace_back(message);
    newest = Json::object(fields);
  }
  std::vector<std::string> lines;
  Json newest;  // the fields of the last line
};

class TracerTest : public ::testing::Test {
 protected:
  TracerTest() { options.url = url; }

  // A run of one task that ends at once.
  void make(RunId const& id, RunId const& parent = {}) {
    store::RunChange change;
    change.run.id = id;
    change.run.workflow_namespace = "ops";
    change.run.workflow_name = "w";
    change.run.workflow_version = "1.0.0";
    change.run.status = "completed";
    change.run.parent_run = parent;
    change.run.parent_task = parent.empty() ? "" : "/do/0/a";
    change.run.started_at = change.run.ended_at.emplace(clock.now());
    add(change, "run-started", "", Json::object({{"namespace", "ops"}, {"name", "w"}}));
    add(change, "task-started", "/do/0/a", Json::object({{"name", "a"}}));
    add(change, "child-intended", "/do/0/a", Json::object({{"run", "child"}}));
    add(change, "task-completed", "/do/0/a", Json::object());
    add(change, "run-completed", "", Json::object());
    change.run.last_seq = static_cast<std::int64_t>(change.journal.size());
    store::Commit batch;
    batch.runs.push_back(std::move(change));
    auto const done = store::commit_and_wait(store->runs(), std::move(batch));
    ASSERT_TRUE(done.ok()) << describe(done.error());
  }
  void add(store::RunChange& change, std::string kind, std::string task, Json payload) {
    change.journal.push_back({.seq = static_cast<std::int64_t>(change.journal.size()) + 1,
                              .kind = std::move(kind),
                              .task = std::move(task),
                              .payload = std::move(payload),
                              .at = clock.now()});
  }
  Json::Array sent(std::size_t at) {
    auto const body = Json::parse(transport.sent().at(at).body);
    return (*body)["resourceSpans"].at(0)["scopeSpans"].at(0)["spans"].items();
  }
  Tracer::Parts parts() {
    return {.runs = store->runs(),
            .traces = traces,
            .requests = nullptr,
            .transport = transport,
            .clock = clock,
            .log = log,
            .notes = nullptr,
            .secret_of = {}};
  }

  std::unique_ptr<store::Store> store{store::make_memory_store()};
  VirtualClock clock;
  CountingLog log;
  FakeTransport transport;
  Options options;
  RunTraces traces{store->runs(), Options{}};
};

TEST_F(TracerTest, sends_the_spans_of_a_run_with_its_headers) {
  options.headers = {{"authorization", Secret("Basic abc")}, {"x-key", Secret("1")}};
  transport.on(net::Method::post, url)
      .with_authorization("Basic abc")
      .with_header("x-key", "1")
      .with_header("Content-Type", "application/json");
  Tracer tracer(parts(), options);
  RunId const run("r1");
  make(run);
  tracer.changed(run, 1);
  tracer.turn();
  auto const spans = sent(0);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[1]["spanId"].as_string(), hex_encode(run_span_id(run)));
  EXPECT_EQ(tracer.waiting(), 0U);
  tracer.changed(run, 1);  // nothing twice
  tracer.turn();
}

TEST_F(TracerTest, a_header_may_be_a_secret_that_is_asked_for_each_time) {
  options.secret_headers = {{"authorization", "collector-token"}, {"x-key", "collector-token"}};
  std::optional<Secret> value;
  auto with = parts();
  with.secret_of = [&](std::string_view name) -> Result<std::optional<Secret>> {
    EXPECT_EQ(name, "collector-token");
    return value;
  };
  Tracer tracer(with, options);
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 1);
  tracer.turn();
  EXPECT_EQ(tracer.waiting(), 2U) << "without its secret nothing is sent";
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_NE(log.newest["why"].as_string().find("collector-token"), std::string::npos);
  value = Secret("Bearer 1");
  clock.advance(Milliseconds(60'000));
  transport.on(net::Method::post, url)
      .with_authorization("Bearer 1")
      .with_header("x-key", "Bearer 1");
  tracer.turn();
  EXPECT_EQ(tracer.waiting(), 0U);
}

TEST_F(TracerTest, a_child_hangs_below_the_task_that_started_it) {
  transport.on(net::Method::post, url);
  Tracer tracer(parts(), options);
  make(RunId("top"));
  make(RunId("child"), RunId("top"));
  tracer.changed(RunId("child"), 1);
  tracer.turn();
  auto const run = sent(0).at(1);
  EXPECT_EQ(run["traceId"].as_string(), hex_encode(trace_id(RunId("top"))));
  EXPECT_EQ(run["parentSpanId"].as_string(), hex_encode(task_span_id(RunId("top"), 2)));
}

TEST_F(TracerTest, tries_again_later_and_says_it_once) {
  transport.on(net::Method::post, url).fail(make_error(ErrorKind::unavailable, "Refused."));
  transport.on(net::Method::post, url)
      .answer({.status = 503,
               .headers = {{"Retry-After", "7"}},
               .body = "",
               .effective_url = "",
               .remote_address = ""});
  transport.on(net::Method::post, url);
  Tracer tracer(parts(), options);
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 1);
  tracer.turn();
  tracer.turn();  // too early
  EXPECT_EQ(transport.sent().size(), 1U);
  clock.advance(Milliseconds(1'000));
  tracer.turn();
  EXPECT_EQ(transport.sent().size(), 2U);
  clock.advance(Milliseconds(6'999));
  tracer.turn();
  EXPECT_EQ(transport.sent().size(), 2U);
  clock.advance(Milliseconds(1));
  tracer.turn();
  EXPECT_EQ(transport.sent().size(), 3U);
  EXPECT_EQ(tracer.waiting(), 0U);
  std::vector<std::string> const lines{"the trace collector does not answer; spans wait",
                                       "the trace collector answers again"};
  EXPECT_EQ(log.lines, lines);
}

TEST_F(TracerTest, drops_the_oldest_spans_while_the_collector_is_away_and_counts_them) {
  transport.on(net::Method::post, url).fail(make_error(ErrorKind::unavailable, "Refused."));
  constexpr std::size_t batches = spans_max / 512;
  for (std::size_t i = 0; i < batches; ++i)
    transport.on(net::Method::post, url);
  Tracer tracer(parts(), options);
  constexpr int runs = spans_max / 2 + 10;  // of two spans each
  for (int i = 0; i < runs; ++i) {
    RunId const id("r" + std::to_string(i));
    make(id);
    tracer.changed(id, 1);
    tracer.turn();
  }
  EXPECT_EQ(tracer.waiting(), spans_max);
  EXPECT_EQ(log.lines.size(), 1U) << "while it is away that is all there is to say";
  clock.advance(Milliseconds(1'000));
  tracer.turn();
  EXPECT_EQ(tracer.waiting(), 0U);
  ASSERT_EQ(log.lines.size(), 3U);
  EXPECT_EQ(log.newest["spans"], Json(20)) << log.lines.back();
  EXPECT_EQ(log.newest["runsNotRead"], Json(0));
  EXPECT_EQ(sent(1).at(0)["spanId"].as_string(), hex_encode(task_span_id(RunId("r10"), 2)));
}

TEST_F(TracerTest, news_of_too_many_runs_at_once_is_counted_and_known_ones_are_not_forgotten) {
  transport.on(net::Method::post, url);
  Tracer tracer(parts(), options);
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 5);
  for (std::size_t i = 0; i < news_max + 2; ++i)
    tracer.changed(RunId("removed-" + std::to_string(i)), 1);
  tracer.changed(RunId("r1"), 1);
  tracer.turn();
  EXPECT_EQ(sent(0).size(), 2U) << "from its first entry on";
  EXPECT_EQ(log.newest["runsNotRead"], Json(3));
}

TEST_F(TracerTest, gives_up_what_is_refused_for_good) {
  transport.on(net::Method::post, url).answer_json(400, Json::object());
  Tracer tracer(parts(), options);
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 1);
  tracer.turn();
  EXPECT_EQ(tracer.waiting(), 0U);
  EXPECT_EQ(log.lines.size(), 1U);
}

TEST_F(TracerTest, what_just_ended_is_sent_after_a_restart_and_what_is_old_is_not) {
  transport.on(net::Method::post, url);
  make(RunId("old"));
  clock.advance(Milliseconds(20'000));
  make(RunId("new"));
  Tracer tracer(parts(), options);
  tracer.catch_up();
  tracer.turn();
  auto const spans = sent(0);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[1]["spanId"].as_string(), hex_encode(run_span_id(RunId("new"))));
}

TEST_F(TracerTest, only_ends_from_the_entry_on_are_sent_of_a_run_it_did_not_know) {
  transport.on(net::Method::post, url);
  make(RunId("r1"));
  Tracer tracer(parts(), options);
  tracer.changed(RunId("r1"), 5);
  tracer.turn();
  EXPECT_EQ(sent(0).size(), 1U);
}

TEST_F(TracerTest, nothing_is_sent_of_a_trace_that_is_not_sampled) {
  RunTraces none(store->runs(), Options{.sampled = 0});
  Tracer tracer({.runs = store->runs(),
                 .traces = none,
                 .requests = nullptr,
                 .transport = transport,
                 .clock = clock,
                 .log = log,
                 .notes = nullptr,
                 .secret_of = {}},
                options);
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 1);
  tracer.turn();
}

TEST_F(TracerTest, stop_sends_what_is_there) {
  transport.on(net::Method::post, url);
  Tracer tracer(parts(), options);
  tracer.start();
  make(RunId("r1"));
  tracer.changed(RunId("r1"), 1);
  tracer.stop();
  EXPECT_EQ(transport.sent().size(), 1U);
}

}  // namespace
}  // namespace fairlead::trace
