// What the tracer does about what it did not see: from before its start, or that the store does not
// give.
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

constexpr auto url = "http://collector.test:4318/v1/traces";

// Gives no journals while it is told so.
class FlakyRuns final : public store::RunStore {
 public:
  explicit FlakyRuns(store::RunStore& inner) : inner_(inner) {}
  void commit(store::Commit batch, Done done) override {
    inner_.commit(std::move(batch), std::move(done));
  }
  Result<store::RunRecord> get(RunId const& id) override { return inner_.get(id); }
  Result<store::Page<store::RunRecord>> list(store::RunFilter const& filter,
                                             std::string const& cursor, int limit) override {
    return inner_.list(filter, cursor, limit);
  }
  Result<std::vector<store::JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                                   int limit) override {
    if (good_reads == 0) return make_error(ErrorKind::unavailable, "The disk is away.");
    --good_reads;
    return inner_.journal(id, after_seq, limit);
  }
  Result<std::vector<store::RunRecord>> unfinished(RunId const& after, int limit) override {
    return inner_.unfinished(after, limit);
  }
  Result<std::vector<store::TimerRecord>> due_timers(Time now, int limit) override {
    return inner_.due_timers(now, limit);
  }
  Result<std::optional<Time>> next_timer() override { return inner_.next_timer(); }

  int good_reads{1'000'000};

 private:
  store::RunStore& inner_;
};

class CatchUpTest : public ::testing::Test {
 protected:
  void make(RunId const& id) {
    store::RunChange change;
    change.run.id = id;
    change.run.status = "completed";
    change.run.started_at = change.run.ended_at.emplace(clock.now());
    for (auto const* kind : {"run-started", "run-completed"})
      change.journal.push_back({.seq = static_cast<std::int64_t>(change.journal.size()) + 1,
                                .kind = kind,
                                .task = "",
                                .payload = Json::object(),
                                .at = clock.now()});
    change.run.last_seq = 2;
    store::Commit batch;
    batch.runs.push_back(std::move(change));
    ASSERT_TRUE(store::commit_and_wait(store->runs(), std::move(batch)).ok());
  }
  std::unique_ptr<Tracer> tracer() {
    Options options;
    options.url = url;
    return std::make_unique<Tracer>(Tracer::Parts{.runs = runs,
                                                  .traces = traces,
                                                  .requests = nullptr,
                                                  .transport = collector,
                                                  .clock = clock,
                                                  .log = *log,
                                                  .notes = &store->meta(),
                                                  .secret_of = {}},
                                    options);
  }
  std::vector<std::string> sent_ids() const {
    std::vector<std::string> ids;
    for (auto const& each : collector.sent()) {
      auto const body = Json::parse(each.body);
      for (auto const& span : (*body)["resourceSpans"].at(0)["scopeSpans"].at(0)["spans"].items())
        ids.push_back(span["spanId"].as_string());
    }
    return ids;
  }
  static std::string id_of(std::string const& run) { return hex_encode(run_span_id(RunId(run))); }
  static std::string figures(Tracer const& of) {
    MetricText text;
    of.write(text);
    return text.text();
  }

  std::unique_ptr<store::Store> store{store::make_memory_store()};
  FlakyRuns runs{store->runs()};
  VirtualClock clock;
  FakeTransport collector;
  std::unique_ptr<Log> log{make_null_log()};
  RunTraces traces{runs, Options{}};
};

TEST_F(CatchUpTest, goes_on_from_where_all_was_sent_however_long_it_was_away) {
  collector.on(net::Method::post, url);
  auto before = tracer();
  make(RunId("sent"));
  before->changed(RunId("sent"), 1);
  before->turn();
  clock.advance(Milliseconds(40'000));
  make(RunId("sent-later"));
  before->changed(RunId("sent-later"), 1);
  collector.on(net::Method::post, url);
  before->turn();
  clock.advance(Milliseconds(1'000));
  make(RunId("unsent"));
  before.reset();  // as killed: it was not told
  clock.advance(Milliseconds(600'000));
  auto after = tracer();
  after->catch_up();
  collector.on(net::Method::post, url);
  after->turn();
  std::vector<std::string> const ids{id_of("sent"), id_of("sent-later"), id_of("sent-later"),
                                     id_of("unsent")};
  EXPECT_EQ(sent_ids(), ids) << "within ten seconds of the note it is sent again";
}

TEST_F(CatchUpTest, what_is_too_old_to_send_is_counted) {
  auto before = tracer();
  make(RunId("first"));
  collector.on(net::Method::post, url);
  before->changed(RunId("first"), 1);
  before->turn();
  before.reset();
  clock.advance(Milliseconds(20'000));
  make(RunId("old"));
  clock.advance(std::chrono::hours(2));
  make(RunId("new"));
  auto after = tracer();
  after->catch_up();
  collector.on(net::Method::post, url);
  after->turn();
  std::vector<std::string> const ids{id_of("first"), id_of("new")};
  EXPECT_EQ(sent_ids(), ids);
  // Both: the first one ended after the note, which stands ten seconds back.
  EXPECT_NE(figures(*after).find("fairlead_trace_runs_missed_total 2\n"), std::string::npos)
      << figures(*after);
}

TEST_F(CatchUpTest, what_the_collector_did_not_take_is_not_noted_as_sent) {
  auto before = tracer();
  make(RunId("unsent"));
  before->changed(RunId("unsent"), 1);
  collector.on(net::Method::post, url).fail(make_error(ErrorKind::unavailable, "Refused."));
  before->turn();
  EXPECT_FALSE(store->meta().get("trace.all-sent-until")->has_value());
  before.reset();
}

TEST_F(CatchUpTest, news_the_store_does_not_give_is_read_later) {
  auto made = tracer();
  make(RunId("r1"));
  for (int good : {0, 1}) {
    runs.good_reads = good;  // neither its beginning, nor what comes behind its place in the trace
    if (good == 0) made->changed(RunId("r1"), 2);
    made->turn();
    EXPECT_FALSE(store->meta().get("trace.all-sent-until")->has_value());
  }
  runs.good_reads = 1'000;
  collector.on(net::Method::post, url);
  made->turn();
  EXPECT_EQ(sent_ids(), std::vector<std::string>{id_of("r1")});
  EXPECT_TRUE(store->meta().get("trace.all-sent-until")->has_value());
  EXPECT_NE(figures(*made).find("fairlead_trace_runs_missed_total 0\n"), std::string::npos);
}

TEST_F(CatchUpTest, news_the_store_never_gives_is_counted) {
  auto made = tracer();
  make(RunId("r1"));
  made->changed(RunId("r1"), 1);
  runs.good_reads = 0;
  for (int i = 0; i < 30; ++i)
    made->turn();
  EXPECT_NE(figures(*made).find("fairlead_trace_runs_missed_total 1\n"), std::string::npos);
  runs.good_reads = 1'000;
  made->turn();
  EXPECT_TRUE(sent_ids().empty());
}

TEST_F(CatchUpTest, news_of_a_run_that_is_removed_is_nothing) {
  auto made = tracer();
  made->changed(RunId("gone"), 1);
  made->turn();
  EXPECT_NE(figures(*made).find("fairlead_trace_runs_missed_total 0\n"), std::string::npos);
  EXPECT_NE(figures(*made).find("fairlead_trace_spans_waiting 0\n"), std::string::npos);
}

TEST_F(CatchUpTest, counts_what_is_sent_and_what_is_refused_for_good) {
  auto made = tracer();
  collector.on(net::Method::post, url);
  collector.on(net::Method::post, url).answer_json(400, Json::object());
  for (auto const* run : {"r1", "r2"}) {
    make(RunId(run));
    made->changed(RunId(run), 1);
    made->turn();
  }
  auto const text = figures(*made);
  EXPECT_NE(text.find("fairlead_trace_spans_total{outcome=\"sent\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("fairlead_trace_spans_total{outcome=\"dropped\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::trace
