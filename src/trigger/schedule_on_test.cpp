#include "trigger/schedule_on.h"

#include <gtest/gtest.h>

#include "trigger/cloud_event.h"
#include "trigger/event_filter.h"

namespace fairlead::trigger {
namespace {

// Knows the programs of these tests only.
class FewPrograms final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const& e) override {
    if (e.program == ".n > 1") return Json(e.input["n"].as_integer() > 1);
    if (e.program == "\"/desk\"") return Json("/desk");
    if (e.program == "test($pattern)") {
      return Json(e.variables["pattern"] == Json("^com\\.example\\.") &&
                  e.input.as_string().starts_with("com.example."));
    }
    return invalid_input(e.program, "does not compile");
  }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

Json envelope(int n) {
  return Json::object({{"specversion", "1.0"},
                       {"id", "1"},
                       {"source", "/desk"},
                       {"type", "com.example.opened"},
                       {"data", Json::object({{"n", n}})}});
}

std::shared_ptr<workflow::Document const> document(std::vector<Json> filters,
                                                   std::string read = "data") {
  auto made = std::make_shared<workflow::Document>();
  made->workflow_namespace = "tests";
  made->name = "w";
  made->schedule.emplace();
  made->schedule->read = std::move(read);
  for (auto& filter : filters)
    made->schedule->on.push_back({.with = std::move(filter), .correlate = {}});
  return made;
}

TEST(EventFilter, compares_literals_patterns_and_predicates) {
  struct Row {
    Json with;
    bool passes;
  };
  FewPrograms evaluator;
  for (auto const& row : std::vector<Row>{
           {Json::object({{"type", "com.example.opened"}}), true},
           {Json::object({{"type", "com.example"}}), false},
           {Json::object({{"type", "^com\\.example\\."}}), true},
           {Json::object({{"subject", "x"}}), false},
           {Json::object({{"type", "com.example.opened"}, {"data", "${ .n > 1 }"}}), true},
           {Json::object({{"source", "${ \"/desk\" }"}}), true},
           {Json::object({{"data", Json::object({{"n", 2}})}}), true},
           {Json::object({{"data", Json::object({{"n", 3}})}}), false}}) {
    auto passed = passes({.with = row.with, .correlate = {}}, envelope(2), evaluator);
    ASSERT_TRUE(passed.ok());
    EXPECT_EQ(*passed, row.passes) << row.with.dump();
  }
  // A literal that does not match spares the evaluation.
  auto spared =
      passes({.with = Json::object({{"data", "${ bad }"}, {"type", "other"}}), .correlate = {}},
             envelope(2), evaluator);
  ASSERT_TRUE(spared.ok());
  EXPECT_FALSE(*spared);
}

TEST(ScheduleOn, starts_each_workflow_once_with_what_it_reads) {
  FewPrograms evaluator;
  auto event = event_from(envelope(2), *parse_time("2026-11-22T12:00:00Z"));
  Json const type = Json::object({{"type", "com.example.opened"}});
  std::vector<std::shared_ptr<workflow::Document const>> const workflows{
      document({type, type}),
      document({type}, "envelope"),
      document({type}, "raw"),
      document({Json::object({{"type", "other"}})}),
      document({Json::object({{"data", "${ bad }"}})}),
      std::make_shared<workflow::Document>()};
  auto starts = starts_for(*event, workflows, evaluator);
  ASSERT_EQ(starts.runs.size(), 3U);
  EXPECT_EQ(starts.runs[0].input, Json::array({Json::object({{"n", 2}})}));
  EXPECT_EQ(starts.runs[1].input.at(0)["type"], Json("com.example.opened"));
  EXPECT_EQ(starts.runs[2].input, Json::array({R"({"n":2})"}));
  EXPECT_EQ(starts.runs[0].cause, "event com.example.opened 1");
  ASSERT_EQ(starts.problems.size(), 1U);
  EXPECT_NE(starts.problems[0].message.find("tests/w"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::trigger
