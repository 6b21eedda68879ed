// Runs, their live streams, events, and listings that stream.
#include "api/runs.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

// The ids of the `entry` events, in order: "1 2 3".
std::string entries_in(std::string const& text) {
  std::string ids;
  for (std::size_t at = text.find("id: "); at != std::string::npos; at = text.find("id: ", at + 1))
    ids += (ids.empty() ? "" : " ") + text.substr(at + 4, text.find('\n', at) - at - 4);
  return ids;
}

std::size_t count(std::string const& text, std::string const& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

TEST_F(World, a_run_that_ended_is_streamed_whole_and_closed) {
  auto id = make_run(1'203, "completed");
  auto writer = std::make_shared<FakeWriter>();
  streams->add(id, 1'200, writer);
  EXPECT_EQ(entries_in(writer->text()), "1201 1202 1203");
  EXPECT_EQ(count(writer->text(), "event: end"), 1u);
  EXPECT_FALSE(writer->open());
  auto all = std::make_shared<FakeWriter>();
  streams->add(id, 0, all);
  EXPECT_EQ(count(all->text(), "event: entry"), 1'203u) << "over several pages of the journal";
}

TEST_F(World, a_follower_that_comes_back_gets_the_rest) {
  auto id = make_run(5, "running");
  auto writer = std::make_shared<FakeWriter>();
  streams->add(id, 3, writer);
  EXPECT_EQ(entries_in(writer->text()), "4 5");
  EXPECT_TRUE(writer->open()) << "the run goes on";
}

TEST_F(World, a_reader_that_is_too_slow_is_told_to_come_back) {
  auto id = make_run(5, "completed");
  auto writer = std::make_shared<FakeWriter>();
  writer->reader = FakeWriter::Reader::slow;
  streams->add(id, 0, writer);
  EXPECT_EQ(count(writer->text(), "event: problem"), 1u) << writer->text();
  EXPECT_EQ(count(writer->text(), "event: end"), 0u);
  EXPECT_FALSE(writer->open());
}

TEST_F(World, one_stream_too_many_is_told_so) {
  auto id = make_run(1, "running");
  std::vector<std::shared_ptr<FakeWriter>> writers;
  for (std::size_t i = 0; i <= run_streams_max; ++i) {
    writers.push_back(std::make_shared<FakeWriter>());
    streams->add(id, 0, writers.back());
  }
  EXPECT_TRUE(writers.front()->open());
  EXPECT_FALSE(writers.back()->open());
  EXPECT_NE(writers.back()->text().find("\"kind\":\"unavailable\""), std::string::npos);
}

TEST_F(World, stopping_closes_all_streams) {
  auto id = make_run(1, "running");
  auto before = std::make_shared<FakeWriter>();
  streams->add(id, 0, before);
  streams->stop();
  auto after = std::make_shared<FakeWriter>();
  streams->add(id, 0, after);
  EXPECT_FALSE(before->open());
  EXPECT_FALSE(after->open());
}

constexpr std::string_view workflow_text = R"(document:
  dsl: '1.0.3'
  namespace: tests
  name: two-steps
  version: '1.0.0'
do:
- first: {set: {a: 1}}
- cool: {wait: PT10S}
- second: {set: {b: 2}}
)";

TEST_F(World, a_follower_sees_each_entry_of_a_live_run_once_and_its_end) {
  auto published = call({.method = Method::post,
                         .target = "/api/v1/workflows",
                         .body = std::string(workflow_text),
                         .headers = {{"Content-Type", "application/yaml"}}});
  ASSERT_EQ(published.status, 201) << published.body;
  auto started = post("/api/v1/workflows/tests/two-steps/run", Json::object());
  ASSERT_EQ(started.status, 201) << started.body;
  RunId const id(json_of(started)["id"].as_string());
  EXPECT_EQ(started.headers.get("Location"), "/api/v1/runs/" + id.text);
  auto early = std::make_shared<FakeWriter>();
  streams->add(id, 0, early);
  engine.run_until_idle();
  auto midway = std::make_shared<FakeWriter>();
  streams->add(id, 0, midway);
  EXPECT_TRUE(midway->open());
  clock.advance(std::chrono::seconds(11));
  engine.run_until_idle();
  auto run = store->runs().get(id);
  ASSERT_EQ(run->status, "completed");
  std::string every;
  for (std::int64_t seq = 1; seq <= run->last_seq; ++seq)
    every += (every.empty() ? "" : " ") + std::to_string(seq);
  for (auto const& writer : {early, midway}) {
    EXPECT_EQ(entries_in(writer->text()), every);
    EXPECT_EQ(count(writer->text(), "event: end"), 1u);
    EXPECT_FALSE(writer->open());
  }
}

TEST_F(World, runs_are_filtered_and_paged) {
  auto done = make_run(1, "completed");
  clock.advance(Milliseconds(5));
  auto waiting = make_run(1, "waiting");
  clock.advance(Milliseconds(5));
  auto running = make_run(1, "running");
  auto ids = [this](std::string const& query) {
    std::string out;
    Json const page = json_of(get("/api/v1/runs" + query));
    for (auto const& run : page["items"].items())
      out += run["id"].as_string() + " ";
    return out;
  };
  EXPECT_EQ(ids(""), running.text + " " + waiting.text + " " + done.text + " ");
  EXPECT_EQ(ids("?status=waiting"), waiting.text + " ");
  EXPECT_EQ(ids("?status=waiting&status=completed"), waiting.text + " " + done.text + " ");
  EXPECT_EQ(ids("?workflow=tests/w&limit=1"), running.text + " ");
  EXPECT_EQ(ids("?workflow=tests/other"), "");
  EXPECT_EQ(ids("?event=7"), "");
  EXPECT_EQ(ids("?text=TEST&status=waiting"), waiting.text + " ");
  EXPECT_EQ(ids("?text=" + done.text), done.text + " ");
  EXPECT_EQ(ids("?text=nothing+like+it"), "");
  std::string const later = format_time(clock.now() - Milliseconds(5));
  EXPECT_EQ(ids("?startedAfter=" + later), running.text + " " + waiting.text + " ");
  EXPECT_EQ(ids("?startedBefore=" + later), done.text + " ");
  auto first = json_of(get("/api/v1/runs?limit=2"));
  EXPECT_EQ(ids("?limit=2&cursor=" + first["nextCursor"].as_string()), done.text + " ");
  for (auto const* bad : {"?workflow=w", "?startedAfter=yesterday", "?event=x", "?event=-1",
                          "?cursor=nonsense", "?status=runing"})
    EXPECT_EQ(get("/api/v1/runs" + std::string(bad)).status, 400) << bad;
}

TEST_F(World, a_journal_is_read_from_where_one_was) {
  auto id = make_run(5, "running");
  auto page = json_of(get("/api/v1/runs/" + id.text + "/journal?after=2&limit=2"));
  ASSERT_EQ(page["items"].size(), 2u);
  EXPECT_EQ(page["items"].at(0)["seq"].as_integer(), 3);
  EXPECT_EQ(get("/api/v1/runs/none/journal").status, 404);
  EXPECT_EQ(get("/api/v1/runs/none/follow").status, 404);
  EXPECT_EQ(
      call({.target = "/api/v1/runs/" + id.text + "/follow", .headers = {{"Last-Event-ID", "x"}}})
          .status,
      400);
}

TEST_F(World, a_runs_life_is_read_as_cloud_events) {
  auto id = make_run(3, "running");
  auto page = json_of(get("/api/v1/runs/" + id.text + "/events?limit=2"));
  ASSERT_EQ(page["items"].size(), 2u);
  auto const& first = page["items"].at(0);
  EXPECT_EQ(first["type"].as_string(), "io.serverlessworkflow.workflow.started.v1");
  EXPECT_EQ(first["specversion"].as_string(), "1.0");
  EXPECT_EQ(first["subject"].as_string(), id.text);
  EXPECT_EQ(first["data"]["definition"]["name"].as_string(), "w");
  EXPECT_EQ(page["items"].at(1)["type"].as_string(), "io.serverlessworkflow.task.completed.v1");
  EXPECT_EQ(page["nextAfter"].as_integer(), 2);
  auto rest = json_of(get("/api/v1/runs/" + id.text + "/events?limit=2&after=2"));
  EXPECT_EQ(rest["items"].size(), 1u);
  EXPECT_TRUE(rest["nextAfter"].is_null());
  EXPECT_EQ(get("/api/v1/runs/none/events").status, 404);
}

Json event(std::string const& id) {
  return Json::object(
      {{"specversion", "1.0"}, {"id", id}, {"source", "/t"}, {"type", "com.example.a"}});
}

TEST_F(World, an_event_is_202_once_it_is_durable_and_told_once) {
  auto send = [this](Json const& body) {
    return call({.method = Method::post,
                 .target = "/api/v1/events",
                 .body = body.dump(),
                 .headers = {{"Content-Type", "application/cloudevents+json"}}});
  };
  auto first = send(event("1"));
  EXPECT_EQ(first.status, 202);
  std::int64_t const seq = json_of(first)["accepted"].at(0)["seq"].as_integer();
  EXPECT_TRUE(store->events().get(seq).ok());
  EXPECT_EQ(arrived, std::vector<std::int64_t>{seq});
  auto again = send(event("1"));
  EXPECT_EQ(again.status, 202);
  EXPECT_TRUE(json_of(again)["accepted"].at(0)["duplicate"].as_bool());
  EXPECT_EQ(arrived.size(), 1u);
  EXPECT_EQ(get("/api/v1/events/" + std::to_string(seq)).status, 200);
  auto bad = send(Json::object({{"specversion", "1.0"}, {"id", "2"}}));
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(arrived.size(), 1u);
  for (auto const* name : {"0", "x", "-1", "1x"})
    EXPECT_EQ(get("/api/v1/events/" + std::string(name)).status, 400) << name;
}

TEST_F(World, an_event_is_of_the_trace_its_request_says_unless_it_says_one_itself) {
  std::string const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  auto kept = [this](Json const& body, std::string const& header) {
    auto const sent = call(
        {.method = Method::post,
         .target = "/api/v1/events",
         .body = body.dump(),
         .headers = {{"Content-Type", "application/cloudevents+json"}, {"traceparent", header}}});
    auto const seq = json_of(sent)["accepted"].at(0)["seq"].as_integer();
    return store->events().get(seq)->envelope["traceparent"];
  };
  EXPECT_EQ(kept(event("1"), parent), Json(parent));
  EXPECT_TRUE(kept(event("2"), "00-nonsense").is_null());
  Json own = event("3");
  own.set("traceparent", "its own");
  EXPECT_EQ(kept(own, parent), Json("its own"));
}

std::string streamed(World& world, Json const& input) {
  auto response = world.call({.method = Method::post,
                              .target = "/api/v1/actions/gitlab.list-things/run",
                              .body = Json::object({{"input", input}}).dump(),
                              .headers = {{"Accept", "application/x-ndjson"}}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/x-ndjson");
  auto writer = std::make_shared<FakeWriter>();
  if (response.on_stream) response.on_stream(writer);
  EXPECT_FALSE(writer->open());
  return writer->text();
}

TEST_F(World, events_are_listed_newest_first_page_by_page) {
  auto seqs = [this](std::string const& query) {
    std::string out;
    Json const page = json_of(get("/api/v1/events" + query));
    for (auto const& each : page["items"].items())
      out += std::to_string(each["seq"].as_integer()) + " ";
    return out + "| " + page["nextCursor"].as_string();
  };
  EXPECT_EQ(seqs(""), "| ");
  std::vector<store::EventRecord> events(7);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].id = std::to_string(i);
    events[i].received_at = clock.now();
  }
  ASSERT_TRUE(store->events().append_all(events).ok());
  EXPECT_EQ(seqs("?limit=3"), "7 6 5 | 5");
  EXPECT_EQ(seqs("?limit=3&cursor=5"), "4 3 2 | 2");
  EXPECT_EQ(seqs("?limit=3&cursor=2"), "1 | ");
  EXPECT_EQ(seqs("?limit=7"), "7 6 5 4 3 2 1 | ");
  EXPECT_EQ(get("/api/v1/events?cursor=x").status, 400);
}

TEST_F(World, a_listing_streams_a_line_an_item_and_a_summary) {
  EXPECT_EQ(streamed(*this, Json::object()),
            "{\"id\":1,\"name\":\"n1\"}\n{\"id\":2,\"name\":\"n2\"}\n{\"id\":3,\"name\":\"n3\"}\n"
            "{\"summary\":{\"count\":3,\"note\":\"3 of 9\"}}\n");
}

TEST_F(World, a_listing_that_breaks_off_says_so_in_its_last_line) {
  std::string const text = streamed(*this, Json::object({{"fail", true}}));
  EXPECT_NE(text.find("\n{\"problem\":{\"kind\":\"unavailable\""), std::string::npos) << text;
  EXPECT_EQ(text.find("summary"), std::string::npos);
}

TEST_F(World, a_dry_run_shows_the_whole_url_and_runs_nothing) {
  auto plan = json_of(post("/api/v1/actions/gitlab.list-things/run",
                           Json::object({{"input", Json::object()}, {"dryRun", true}})));
  EXPECT_EQ(plan["requests"].at(0)["url"].as_string(),
            "https://gitlab.test/git/api/v4/things?search=a%20b");
  EXPECT_EQ(api.runs, 0);
}

}  // namespace
}  // namespace fairlead::api
