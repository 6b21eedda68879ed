// The live stream: what changes is told once a beat, to those who listen.
#include "api/live_streams.h"

#include "api/world_test.h"
#include "store/approvals.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

std::size_t count(std::string const& text, std::string const& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

TEST_F(World, a_run_that_changes_often_is_told_once_a_beat) {
  constexpr auto text =
      "document: {dsl: '1.0.3', namespace: tests, name: rests, version: '1.0.0'}\n"
      "do: [{note: {set: {a: 1}}}, {one: {wait: PT1S}}, {two: {wait: PT1S}}, "
      "{three: {wait: PT9S}}]\n";
  auto published = call({.method = net::Method::post,
                         .target = "/api/v1/workflows",
                         .body = text,
                         .headers = {{"Content-Type", "application/yaml"}}});
  ASSERT_EQ(published.status, 201) << published.body;
  ASSERT_EQ(post("/api/v1/workflows/tests/rests/run", Json::object()).status, 201);
  engine.run_until_idle();
  auto writer = std::make_shared<FakeWriter>();
  live->add(writer, access::Role::viewer);
  live->beat();
  EXPECT_EQ(count(writer->text(), "event: run"), 0u) << "what was before is no news";
  clock.advance(std::chrono::seconds(2));  // over two waits, so several commits
  engine.run_until_idle();
  live->beat();
  EXPECT_EQ(count(writer->text(), "event: run"), 1u) << writer->text();
  EXPECT_EQ(count(writer->text(), R"("status":"waiting")"), 1u) << writer->text();
  live->beat();
  EXPECT_EQ(count(writer->text(), "event: run"), 1u) << "nothing happened since";
  writer->close();
  live->beat();
  clock.advance(std::chrono::seconds(30));
  engine.run_until_idle();
  auto late = std::make_shared<FakeWriter>();
  live->add(late, access::Role::viewer);
  live->beat();
  EXPECT_EQ(count(late->text(), "event: run"), 0u) << "nothing is gathered for nobody";
}

TEST_F(World, a_run_that_came_while_somebody_listens_is_told) {
  auto const old = make_run(1, "waiting");
  auto writer = std::make_shared<FakeWriter>();
  live->add(writer, access::Role::viewer);
  live->beat();
  clock.advance(Milliseconds(1));
  auto const young = make_run(1, "completed");
  for (int i = 0; i < 16; ++i)
    live->beat();
  EXPECT_EQ(count(writer->text(), "event: run"), 1u) << writer->text();
  EXPECT_EQ(count(writer->text(), young.text), 1u) << writer->text();
  EXPECT_EQ(count(writer->text(), old.text), 0u);
}

TEST_F(World, a_connection_that_changes_is_told_to_those_who_listen) {
  auto writer = std::make_shared<FakeWriter>();
  live->add(writer, access::Role::viewer);
  live->beat();
  EXPECT_EQ(count(writer->text(), "event: connection"), 0u) << "what was there is no news";
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "company";
  record.status = "needs-sign-in";
  ASSERT_TRUE(store->connections().insert(record).ok());
  for (int i = 0; i < 16; ++i)
    live->beat();
  EXPECT_EQ(count(writer->text(), R"(data: {"name":"company","state":"needs-sign-in"})"), 1u)
      << writer->text();
}

TEST_F(World, a_connection_is_told_only_to_those_who_may_use_it) {
  auto viewer = std::make_shared<FakeWriter>();
  auto author = std::make_shared<FakeWriter>();
  live->add(viewer, access::Role::viewer);
  live->add(author, access::Role::author);
  live->beat();
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "secret-place";
  record.status = "active";
  record.settings = Json::object({{"minimumRole", "author"}});
  ASSERT_TRUE(store->connections().insert(record).ok());
  for (int i = 0; i < 16; ++i)
    live->beat();
  EXPECT_EQ(count(author->text(), "secret-place"), 1u);
  EXPECT_EQ(count(viewer->text(), "secret-place"), 0u) << viewer->text();
}

TEST_F(World, a_stream_ends_so_that_its_session_is_looked_at_again) {
  auto writer = std::make_shared<FakeWriter>();
  live->add(writer, access::Role::viewer);
  auto const beats = live_stream_life / live_beat;
  for (std::int64_t i = 1; i < beats; ++i)
    live->beat();
  EXPECT_TRUE(writer->open());
  live->beat();
  EXPECT_FALSE(writer->open());
}

TEST_F(World, an_approval_is_told_when_it_is_asked_for_and_when_it_is_decided) {
  auto writer = std::make_shared<FakeWriter>();
  live->add(writer, access::Role::viewer);
  live->beat();
  auto const id = make_run(1, "waiting");
  store::ApprovalRecord record;
  record.id = "a1";
  record.run = id;
  record.status = "open";
  record.request = Json::object();
  record.decisions = Json::array();
  store::EventRecord event;
  event.id = "e";
  event.source = "/t";
  ASSERT_TRUE(store->approvals().insert(record, event).ok());
  for (int i = 0; i < 16; ++i)
    live->beat();
  EXPECT_EQ(count(writer->text(), R"({"id":"a1","status":"open"})"), 1u) << writer->text();
  record.status = "approved";
  ASSERT_TRUE(store->approvals().update(record, 0, std::nullopt).ok());
  for (int i = 0; i < 16; ++i)
    live->beat();
  EXPECT_EQ(count(writer->text(), R"({"id":"a1","status":"changed"})"), 1u) << writer->text();
}

TEST_F(World, one_page_too_many_is_told_so) {
  std::vector<std::shared_ptr<FakeWriter>> writers;
  for (std::size_t i = 0; i <= live_streams_max; ++i) {
    writers.push_back(std::make_shared<FakeWriter>());
    live->add(writers.back(), access::Role::viewer);
  }
  EXPECT_TRUE(writers.front()->open());
  EXPECT_FALSE(writers.back()->open());
  EXPECT_EQ(count(writers.back()->text(), "event: problem"), 1u);
  live->stop();
  EXPECT_FALSE(writers.front()->open());
  auto late = std::make_shared<FakeWriter>();
  live->add(late, access::Role::viewer);
  EXPECT_FALSE(late->open());
}

}  // namespace
}  // namespace fairlead::api
