// Conformance of every store: listeners, partial matches, the inbox by type and its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/conformance_fixture.h"
#include "store/subscriptions.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SubscriptionsConformance : public StoreConformance {
 protected:
  std::int64_t append(std::string const& id, std::string const& type, Time received_at) {
    auto appended = store_->events().append(event(id, type, received_at));
    return appended.ok() ? appended->seq : 0;
  }
  static EventRecord event(std::string const& id, std::string const& type, Time received_at) {
    EventRecord record;
    record.source = "/desk";
    record.id = id;
    record.type = type;
    record.envelope = Json::object({{"id", id}});
    record.received_at = received_at;
    return record;
  }
  // One journal entry of `run`, with what `fill` adds.
  template <class Fill>
  Result<void> change(std::string const& run, std::int64_t expected_seq, Fill fill) {
    RunChange c;
    c.expected_seq = expected_seq;
    c.run.id = RunId(run);
    c.run.status = "waiting";
    c.run.last_seq = expected_seq + 1;
    c.journal.push_back({.seq = expected_seq + 1, .kind = "x", .task = "", .payload = {}});
    fill(c);
    Commit batch;
    batch.runs.push_back(std::move(c));
    return commit_and_wait(store_->runs(), std::move(batch));
  }
  static ListenerRecord listener(std::string const& run, std::string const& key,
                                 std::string const& order) {
    return {.run = RunId(run),
            .key = key,
            .event_type = "com.example.paid",
            .filter = Json::object({{"with", Json::object({{"type", "com.example.paid"}})}}),
            .expected = Json::object({{"order", order}}),
            .variables = {},
            .after_seq = 7};
  }
  std::vector<std::string> keys() {
    std::vector<std::string> found;
    std::string cursor;
    do {
      auto page = store_->subscriptions().listeners(cursor, 2);
      EXPECT_TRUE(page.ok());
      for (auto const& each : page->items)
        found.push_back(each.run.text + " " + each.key);
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return found;
  }
  static std::vector<std::string> ids(std::vector<EventRecord> const& records) {
    std::vector<std::string> out;
    for (auto const& record : records)
      out.push_back(record.id);
    return out;
  }
};
INSTANTIATE_FOR_EVERY_STORE(SubscriptionsConformance);

TEST_P(SubscriptionsConformance, sets_replaces_and_clears_listeners_with_their_run) {
  EXPECT_OK(change("a", 0, [&](RunChange& c) {
    c.listeners_set = {listener("a", "3:0", "1"), listener("a", "3:1", "2")};
    c.listeners_set[0].since = at(5);
    c.listeners_set[0].variables = Json::object({{"context", 1}});
  }));
  EXPECT_OK(change("b", 0, [&](RunChange& c) { c.listeners_set = {listener("b", "3:0", "1")}; }));
  EXPECT_THAT(keys(), UnorderedElementsAre("a 3:0", "a 3:1", "b 3:0"));
  auto const read = store_->subscriptions().listener(RunId("a"), "3:0");
  ASSERT_TRUE(read.ok() && read->has_value());
  EXPECT_EQ((*read)->event_type, "com.example.paid");
  EXPECT_EQ((*read)->filter, listener("a", "", "").filter);
  EXPECT_EQ((*read)->expected, Json::object({{"order", "1"}}));
  EXPECT_EQ((*read)->variables, Json::object({{"context", 1}}));
  EXPECT_EQ((*read)->after_seq, 7);
  EXPECT_EQ((*read)->since, at(5));

  EXPECT_OK(change("a", 1, [&](RunChange& c) {
    c.listeners_set = {listener("a", "3:0", "9")};
    c.listeners_cleared = {"3:1", "never there"};
  }));
  EXPECT_THAT(keys(), UnorderedElementsAre("a 3:0", "b 3:0"));
  EXPECT_EQ((*store_->subscriptions().listener(RunId("a"), "3:0"))->expected["order"], Json("9"));
  EXPECT_FALSE(store_->subscriptions().listener(RunId("a"), "3:1")->has_value());
  EXPECT_FALSE(store_->subscriptions().listener(RunId("c"), "3:0")->has_value());
}

TEST_P(SubscriptionsConformance, leaves_listeners_alone_when_the_commit_fails) {
  EXPECT_OK(change("a", 0, [&](RunChange& c) { c.listeners_set = {listener("a", "3:0", "1")}; }));
  EXPECT_ERROR(ErrorKind::conflict,
               change("a", 7, [&](RunChange& c) { c.listeners_cleared = {"3:0"}; }));
  EXPECT_THAT(keys(), ElementsAre("a 3:0"));
}

TEST_P(SubscriptionsConformance, puts_the_events_of_a_run_into_the_inbox_once) {
  append("known", "t", at(0));
  EXPECT_OK(change("a", 0, [&](RunChange& c) {
    c.events = {event("known", "t", at(1)), event("new", "t", at(1))};
  }));
  EXPECT_THAT(ids(*store_->events().pending(10)), ElementsAre("known", "new"));
  EXPECT_ERROR(ErrorKind::conflict,
               change("a", 7, [&](RunChange& c) { c.events = {event("lost", "t", at(1))}; }));
  EXPECT_THAT(ids(*store_->events().pending(10)), ElementsAre("known", "new"));
}

TEST_P(SubscriptionsConformance, keeps_partial_matches_oldest_first) {
  Commit batch;
  batch.partials_set = {
      {.id = "2", .workflow = "w/a/1.0.0", .state = Json::object({{"n", 2}}), .began_at = at(2)},
      {.id = "1", .workflow = "w/a/1.0.0", .state = Json::object({{"n", 1}}), .began_at = at(1)},
      {.id = "3", .workflow = "w/b/1.0.0", .state = {}, .began_at = at(3)}};
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  auto found = store_->subscriptions().partials("w/a/1.0.0", 10);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->front().id, "1");
  EXPECT_EQ(found->front().state, Json::object({{"n", 1}}));
  EXPECT_EQ(found->back().began_at, at(2));

  Commit next;
  next.partials_set = {
      {.id = "2", .workflow = "w/a/1.0.0", .state = Json::object({{"n", 5}}), .began_at = at(9)}};
  next.partials_cleared = {"1"};
  EXPECT_OK(commit_and_wait(store_->runs(), next));
  found = store_->subscriptions().partials("w/a/1.0.0", 10);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().state, Json::object({{"n", 5}}));
  EXPECT_EQ(*store_->subscriptions().remove_partials(at(3), 10), 1);
  EXPECT_THAT(*store_->subscriptions().partials("w/a/1.0.0", 10), IsEmpty());
  EXPECT_EQ(store_->subscriptions().partials("w/b/1.0.0", 10)->size(), 1U);
}

TEST_P(SubscriptionsConformance, finds_events_by_type_in_their_order) {
  append("a", "x", at(0));
  append("b", "y", at(1));
  append("c", "z", at(2));
  append("d", "x", at(3));
  auto& events = store_->events();
  EXPECT_THAT(ids(*events.of_types({"x", "y"}, at(0), 0, 10)), ElementsAre("a", "b", "d"));
  EXPECT_THAT(ids(*events.of_types({"x"}, at(1), 0, 10)), ElementsAre("d"));
  EXPECT_THAT(ids(*events.of_types({"x", "y"}, at(0), 1, 1)), ElementsAre("b"));
  EXPECT_THAT(ids(*events.of_types({}, at(1), 0, 10)), ElementsAre("b", "c", "d"));
}

TEST_P(SubscriptionsConformance, forgets_old_dispatched_events_only) {
  auto const old_one = append("a", "x", at(0));
  append("pending", "x", at(0));
  auto const young = append("young", "x", at(9));
  for (auto seq : {old_one, young}) {
    Commit mark;
    mark.dispatched_event = seq;
    EXPECT_OK(commit_and_wait(store_->runs(), mark));
  }
  EXPECT_EQ(*store_->events().remove_dispatched(at(5), 10), 1);
  EXPECT_THAT(ids(*store_->events().of_types({}, at(0), 0, 10)), ElementsAre("pending", "young"));
  EXPECT_ERROR(ErrorKind::not_found, store_->events().get(old_one));
  EXPECT_GT(append("a", "x", at(10)), young) << "a number is not given twice";
  EXPECT_EQ(*store_->events().remove_dispatched(at(5), 10), 0);
}

}  // namespace
}  // namespace fairlead::store
