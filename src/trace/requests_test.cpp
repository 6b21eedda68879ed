#include "trace/requests.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/virtual_clock.h"
#include "trace/tracer.h"

namespace fairlead::trace {
namespace {

using testing::FakeTransport;
using testing::VirtualClock;

constexpr auto url = "https://gitlab.test/api/v4/projects/7/issues";
constexpr auto collector_url = "http://collector.test:4318/v1/traces";

Json attribute(Span const& span, std::string_view key) {
  for (auto const& [name, value] : span.attributes)
    if (name == key) return value;
  return {};
}

class RequestsTest : public ::testing::Test {
 protected:
  RequestsTest() {
    run.id = RunId("r1");
    run.status = "running";
    commit("run-started", "", Json::object({{"namespace", "ops"}, {"name", "w"}}));
  }
  // Another run, started by somebody who is in a trace.
  void start_below(std::string const& trace_parent, std::string const& id = "r2") {
    run = {};
    run.id = RunId(id);
    run.status = "running";
    commit("run-started", "",
           Json::object({{"namespace", "ops"}, {"name", "w"}, {"traceparent", trace_parent}}));
  }
  std::int64_t commit(std::string kind, std::string task, Json payload) {
    store::RunChange change;
    change.expected_seq = run.last_seq;
    ++run.last_seq;
    change.run = run;
    change.journal.push_back({.seq = run.last_seq,
                              .kind = std::move(kind),
                              .task = std::move(task),
                              .payload = std::move(payload),
                              .at = clock.now()});
    store::Commit batch;
    batch.runs.push_back(std::move(change));
    auto const done = store::commit_and_wait(store->runs(), std::move(batch));
    EXPECT_TRUE(done.ok());
    return run.last_seq;
  }
  // A task begins at /do/0/a and intends that call; the number of its beginning.
  std::int64_t begin_task(std::string const& marker) {
    auto const seq = commit("task-started", "/do/0/a", Json::object({{"name", "a"}}));
    commit("call-intended", "/do/0/a", Json::object({{"marker", marker}}));
    return seq;
  }
  Result<net::HttpResponse> send(std::string const& call, std::string const& catalog = "gitlab") {
    action::Invocation invocation;
    invocation.catalog = catalog;
    invocation.run = run.id.text;
    invocation.call = call;
    CallScope const scope(invocation);
    return requests.send(request());
  }
  static net::HttpRequest request() {
    net::HttpRequest made;
    made.method = net::Method::post;
    made.url = url;
    return made;
  }
  Json::Array sent_spans() {
    Json::Array all;
    for (auto const& each : collector.sent()) {
      auto const body = Json::parse(each.body);
      auto const spans = (*body)["resourceSpans"].at(0)["scopeSpans"].at(0)["spans"].items();
      all.insert(all.end(), spans.begin(), spans.end());
    }
    return all;
  }
  static Json find(Json::Array const& spans, std::string_view prefix) {
    for (auto const& span : spans)
      if (span["name"].as_string().starts_with(prefix)) return span;
    return {};
  }

  std::unique_ptr<store::Store> store{store::make_memory_store()};
  store::RunRecord run;
  VirtualClock clock;
  FakeTransport gitlab;
  FakeTransport collector;
  std::unique_ptr<Log> log{make_null_log()};
  RunTraces traces{store->runs(), Options{}};
  Requests requests{{.inner = gitlab, .traces = traces, .clock = clock}};
  Tracer tracer{{.runs = store->runs(),
                 .traces = traces,
                 .requests = &requests,
                 .transport = collector,
                 .clock = clock,
                 .log = *log,
                 .notes = nullptr,
                 .secret_of = {}},
                Options{.url = collector_url}};
};

TEST_F(RequestsTest, says_what_the_conventions_ask_for) {
  gitlab.on(net::Method::post, url).answer_json(201, Json::object()).then([&] {
    clock.advance(Milliseconds(30));
  });
  ASSERT_TRUE(send("c1").ok());
  auto const made = requests.take();
  ASSERT_EQ(made.size(), 1U);
  Span const& span = made[0].span;
  EXPECT_EQ(span.kind, Span::Kind::client);
  EXPECT_EQ(span.name, "POST /api/v4/projects/{id}/issues");
  EXPECT_EQ(span.trace, trace_id(run.id));
  EXPECT_EQ(span.end - span.begin, Milliseconds(30));
  EXPECT_EQ(attribute(span, "http.request.method"), Json("POST"));
  EXPECT_EQ(attribute(span, "url.full"),
            Json("https://gitlab.test/api/v4/projects/REDACTED/issues"));
  EXPECT_EQ(attribute(span, "server.address"), Json("gitlab.test"));
  EXPECT_EQ(attribute(span, "server.port"), Json(443));
  EXPECT_EQ(attribute(span, "http.response.status_code"), Json(201));
  EXPECT_TRUE(attribute(span, "error.type").is_null());
  EXPECT_FALSE(span.failure);
  EXPECT_TRUE(requests.take().empty());
}

TEST_F(RequestsTest, a_refusal_and_a_fault_are_errors_and_the_same_again_is_a_resend) {
  gitlab.on(net::Method::post, url).answer_json(404, Json::object());
  gitlab.on(net::Method::post, url).fail(make_error(ErrorKind::uncertain, "hush"));
  gitlab.on(net::Method::post, url);
  gitlab.on(net::Method::post, url);
  {
    action::Invocation invocation;
    invocation.run = run.id.text;
    CallScope const scope(invocation);
    for (int i = 0; i < 4; ++i)
      (void)requests.send(request());
  }
  auto const made = requests.take();
  ASSERT_EQ(made.size(), 4U);
  EXPECT_EQ(made[0].span.failure, "");
  EXPECT_EQ(attribute(made[0].span, "error.type"), Json("404"));
  EXPECT_TRUE(attribute(made[0].span, "http.request.resend_count").is_null());
  EXPECT_EQ(made[1].span.failure, "");
  EXPECT_EQ(attribute(made[1].span, "error.type"), Json("uncertain"));
  EXPECT_TRUE(attribute(made[1].span, "http.response.status_code").is_null());
  EXPECT_EQ(attribute(made[1].span, "http.request.resend_count"), Json(1));
  EXPECT_EQ(attribute(made[2].span, "http.request.resend_count"), Json(2));
  EXPECT_FALSE(made[2].span.failure);
  EXPECT_TRUE(attribute(made[3].span, "http.request.resend_count").is_null())
      << "the one before went well";
}

TEST_F(RequestsTest, none_outside_of_a_run_and_none_of_a_trace_that_is_not_sampled) {
  gitlab.on(net::Method::post, url);
  gitlab.on(net::Method::post, url);
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(requests.send(request()).ok());
  {
    CallScope const person{action::Invocation{}};
    ASSERT_TRUE(requests.send(request()).ok());
  }
  EXPECT_TRUE(requests.take().empty());
  RunTraces none(store->runs(), Options{.sampled = 0});
  Requests unsampled({.inner = gitlab, .traces = none, .clock = clock});
  action::Invocation invocation;
  invocation.run = run.id.text;
  CallScope const scope(invocation);
  ASSERT_TRUE(unsampled.send(request()).ok());
  EXPECT_TRUE(gitlab.sent().back().headers.get("traceparent").ends_with("-00"));
  EXPECT_TRUE(unsampled.take().empty());
}

TEST_F(RequestsTest, carry_their_place_in_the_trace_unless_the_author_wrote_one) {
  gitlab.on(net::Method::post, url);
  gitlab.on(net::Method::post, url).with_header("traceparent", "theirs");
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  {
    action::Invocation invocation;
    invocation.run = run.id.text;
    CallScope const scope(invocation);
    auto written = request();
    written.headers.set("Traceparent", "theirs");
    ASSERT_TRUE(requests.send(written).ok());
  }
  ASSERT_TRUE(requests.send(request()).ok());
  auto const made = requests.take();
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(gitlab.sent()[0].headers.get("traceparent"),
            "00-" + hex_encode(trace_id(run.id)) + "-" + hex_encode(made[0].span.id) + "-01");
  EXPECT_FALSE(gitlab.sent()[2].headers.contains("traceparent")) << "it is none of a run's";
}

TEST_F(RequestsTest, the_invoker_says_whose_they_are) {
  struct Sender final : action::Invoker {
    explicit Sender(net::HttpTransport& to) : transport(to) {}
    Result<action::Outcome> invoke(action::Invocation const&) override {
      FAIRLEAD_CHECK(transport.send(RequestsTest::request()));
      return action::Outcome{};
    }
    Result<action::ActionInfo const*> info(std::string_view, std::string_view,
                                           std::string_view) const override {
      return make_error(ErrorKind::not_found, "None.");
    }
    net::HttpTransport& transport;
  };
  gitlab.on(net::Method::post, url);
  Sender inner(requests);
  TracedCalls outer(inner);
  action::Invocation invocation;
  invocation.run = run.id.text;
  invocation.marker.id = "of a call from before a restart";
  ASSERT_TRUE(outer.invoke(invocation).ok());
  auto const made = requests.take();
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].run, run.id);
  EXPECT_EQ(made[0].call, invocation.marker.id);
}

TEST_F(RequestsTest, a_run_goes_on_with_the_trace_of_what_started_it) {
  start_below("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  EXPECT_TRUE(gitlab.sent()[0]
                  .headers.get("traceparent")
                  .starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  commit("run-completed", "", Json::object());
  tracer.changed(run.id, 1);
  collector.on(net::Method::post, collector_url);
  tracer.turn();
  auto const top = find(sent_spans(), "run ");
  EXPECT_EQ(top["traceId"], Json("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_EQ(top["parentSpanId"], Json("00f067aa0ba902b7"));
}

TEST_F(RequestsTest, whoever_started_it_says_whether_it_is_kept) {
  start_below("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
  EXPECT_FALSE(traces.trace_of(run.id)->is_kept);
  RunTraces all(store->runs(), Options{.sampled = 1, .by_parent = false});
  EXPECT_TRUE(all.trace_of(run.id)->is_kept);
  start_below("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "r3");
  RunTraces few(store->runs(), Options{.sampled = 0});
  EXPECT_TRUE(few.trace_of(run.id)->is_kept);
  EXPECT_FALSE(few.trace_of(RunId("r1"))->is_kept);
}

TEST_F(RequestsTest, what_is_no_place_in_a_trace_begins_one_here) {
  start_below("00-nonsense");
  EXPECT_EQ(traces.trace_of(run.id)->id, trace_id(run.id));
  EXPECT_EQ(traces.trace_of(run.id)->began_below, "");
}

// Twice at the same pointer within one millisecond: by the call, not by the time.
TEST_F(RequestsTest, hang_below_the_task_that_sent_them) {
  collector.on(net::Method::post, collector_url);
  for (auto const* call : {"c1", "c2"}) {
    auto const seq = begin_task(call);
    if (call == std::string_view("c1")) tracer.changed(run.id, 1);
    gitlab.on(net::Method::post, url);
    ASSERT_TRUE(send(call).ok());
    commit("task-completed", "/do/0/a", Json::object());
    tracer.changed(run.id, seq);
  }
  tracer.turn();
  auto const spans = sent_spans();
  ASSERT_EQ(spans.size(), 4U);
  EXPECT_EQ(spans[2]["parentSpanId"], spans[0]["spanId"]);
  EXPECT_EQ(spans[3]["parentSpanId"], spans[1]["spanId"]);
  EXPECT_NE(spans[2]["spanId"], spans[3]["spanId"]);
  EXPECT_EQ(spans[2]["kind"], Json(3));
  EXPECT_EQ(spans[2]["traceId"].as_string(), hex_encode(trace_id(run.id)));
}

// The journal says it before the news does.
TEST_F(RequestsTest, of_a_run_that_is_read_already_and_of_one_that_has_just_ended) {
  collector.on(net::Method::post, collector_url);
  collector.on(net::Method::post, collector_url);
  tracer.changed(run.id, 1);
  tracer.turn();
  auto const seq = begin_task("c1");
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  tracer.turn();
  auto spans = sent_spans();
  ASSERT_EQ(spans.size(), 1U) << "no news of it";
  EXPECT_EQ(spans[0]["parentSpanId"].as_string(), hex_encode(task_span_id(run.id, seq)));
  // Its end is read in one turn, its request is taken in the next.
  commit("task-completed", "/do/0/a", Json::object());
  commit("run-completed", "", Json::object());
  tracer.changed(run.id, seq + 2);
  tracer.turn();
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  collector.on(net::Method::post, collector_url);
  tracer.turn();
  spans = sent_spans();
  ASSERT_EQ(spans.size(), 4U);
  EXPECT_EQ(spans[3]["parentSpanId"].as_string(), hex_encode(task_span_id(run.id, seq)));
}

TEST_F(RequestsTest, of_a_run_nobody_reads_hang_below_it) {
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  tracer.turn();
  EXPECT_TRUE(sent_spans().empty()) << "the news may be on its way";
  collector.on(net::Method::post, collector_url);
  tracer.turn();
  auto const spans = sent_spans();
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0]["parentSpanId"].as_string(), hex_encode(run_span_id(run.id)));
}

TEST_F(RequestsTest, news_that_comes_a_turn_later_is_waited_for) {
  auto const seq = begin_task("c1");
  gitlab.on(net::Method::post, url);
  ASSERT_TRUE(send("c1").ok());
  tracer.turn();
  tracer.changed(run.id, 1);
  collector.on(net::Method::post, collector_url);
  tracer.turn();
  EXPECT_EQ(find(sent_spans(), "POST")["parentSpanId"].as_string(),
            hex_encode(task_span_id(run.id, seq)));
}

}  // namespace
}  // namespace fairlead::trace
