// schedule.on: all - which events belong together, and when they are complete.
#include "trigger/on_all.h"

#include <gtest/gtest.h>

namespace fairlead::trigger {
namespace {

class Paths final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const& e) override {
    if (e.program == ".data.order") return e.input["data"]["order"];
    if (e.program == "40 + 2") return Json(42);
    return invalid_input(e.program, "does not compile");
  }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

Json by_order(Json expect = {}) {
  Json order = Json::object({{"from", ".data.order"}});
  if (!expect.is_null()) order.set("expect", std::move(expect));
  return Json::object({{"order", std::move(order)}});
}

std::shared_ptr<workflow::Document> document(Json first_correlate = by_order()) {
  auto made = std::make_shared<workflow::Document>();
  made->workflow_namespace = "tests";
  made->name = "w";
  made->version = "1.0.0";
  made->schedule.emplace();
  made->schedule->on_mode = workflow::Schedule::On::all;
  made->schedule->on = {
      {.with = Json::object({{"type", "paid"}}), .correlate = std::move(first_correlate)},
      {.with = Json::object({{"type", "packed"}}), .correlate = by_order()}};
  return made;
}

store::EventRecord event(std::int64_t seq, std::string const& type, std::int64_t order) {
  return {.seq = seq,
          .source = "/desk",
          .id = std::to_string(seq),
          .type = type,
          .envelope = Json::object({{"type", type},
                                    {"id", std::to_string(seq)},
                                    {"data", Json::object({{"order", order}, {"n", seq}})}})};
}

// A store of partial matches.
struct Desk {
  Gathered take(store::EventRecord const& what) {
    auto gathered = gather(what, workflow, partials, evaluator);
    EXPECT_TRUE(gathered.ok());
    if (!gathered.ok()) return {};
    for (auto const& id : gathered->cleared)
      std::erase_if(partials, [&](auto const& each) { return each.id == id; });
    if (gathered->set) {
      std::erase_if(partials, [&](auto const& each) { return each.id == gathered->set->id; });
      partials.push_back(*gathered->set);
    }
    return std::move(*gathered);
  }
  Paths evaluator;
  std::shared_ptr<workflow::Document> workflow = document();
  std::vector<store::PartialMatchRecord> partials;
};

TEST(OnAll, starts_when_the_events_of_one_correlation_are_complete) {
  Desk desk;
  EXPECT_FALSE(desk.take(event(1, "paid", 1)).start);
  EXPECT_FALSE(desk.take(event(2, "packed", 2)).start);
  EXPECT_EQ(desk.partials.size(), 2U);
  auto const done = desk.take(event(3, "packed", 1));
  ASSERT_TRUE(done.start);
  EXPECT_EQ(done.start->input.dump(), R"([{"order":1,"n":1},{"order":1,"n":3}])");
  EXPECT_EQ(done.start->cause, "event packed 3");
  EXPECT_EQ(desk.partials.size(), 1U);
  ASSERT_TRUE(desk.take(event(4, "paid", 2)).start);
  EXPECT_TRUE(desk.partials.empty());
}

TEST(OnAll, gives_a_further_event_of_a_kind_a_set_of_its_own) {
  Desk desk;
  desk.take(event(1, "paid", 1));
  desk.take(event(2, "paid", 1));
  EXPECT_EQ(desk.partials.size(), 2U);
  auto const done = desk.take(event(3, "packed", 1));
  ASSERT_TRUE(done.start);
  EXPECT_EQ(done.start->input.at(0)["n"], Json(1)) << "the oldest first";
  EXPECT_EQ(desk.partials.size(), 1U);
}

TEST(OnAll, takes_only_what_it_expects) {
  for (Json const& expect : {Json("42"), Json("${ 40 + 2 }")}) {
    Desk desk;
    desk.workflow = document(by_order(expect));
    EXPECT_FALSE(desk.take(event(1, "paid", 41)).changes());
    EXPECT_TRUE(desk.take(event(2, "paid", 42)).changes());
    EXPECT_FALSE(desk.take(event(3, "other", 42)).changes());
  }
}

TEST(OnAll, gives_up_the_oldest_set_beyond_its_bound) {
  Desk desk;
  for (int i = 0; i < partials_max; ++i)
    desk.take(event(i + 1, "paid", i));
  auto const one_more = desk.take(event(partials_max + 1, "paid", partials_max));
  EXPECT_EQ(one_more.cleared, std::vector<std::string>{"tests/w/1.0.0#1"});
  EXPECT_EQ(desk.partials.size(), static_cast<std::size_t>(partials_max));
}

TEST(OnAll, names_the_workflow_whose_filter_fails) {
  Desk desk;
  desk.workflow->schedule->on[0].correlate =
      Json::object({{"order", Json::object({{"from", "bad("}})}});
  auto const gathered = gather(event(1, "paid", 1), desk.workflow, {}, desk.evaluator);
  ASSERT_FALSE(gathered.ok());
  EXPECT_NE(gathered.error().message.find("tests/w"), std::string::npos);
  EXPECT_TRUE(may_gather(*desk.workflow, "paid"));
  EXPECT_FALSE(may_gather(*desk.workflow, "other"));
}

}  // namespace
}  // namespace fairlead::trigger
