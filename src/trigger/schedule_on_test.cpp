#include "trigger/schedule_on.h"

#include <gtest/gtest.h>

#include "trigger/cloud_event.h"

namespace fairlead::trigger {
namespace {

// Knows the programs of these tests only.
class FewPrograms final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const& e) override {
    if (e.program == ".n > 1") return Json(e.input["n"].as_integer() > 1);
    if (e.program == "\"/desk\"") return Json("/desk");
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

TEST(ScheduleOn, compares_literals_patterns_and_predicates) {
  struct Row {
    Json with;
    bool starts;
  };
  FewPrograms evaluator;
  auto const event = event_from(envelope(2), *parse_time("2026-11-22T12:00:00Z"));
  for (auto const& row : std::vector<Row>{
           {Json::object({{"type", "com.example.opened"}}), true},
           {Json::object({{"type", "com.example"}}), false},
           {Json::object({{"type", "^com\\.example\\."}}), true},
           {Json::object({{"type", "^org\\."}}), false},
           {Json::object({{"subject", "x"}}), false},
           {Json::object({{"type", "com.example.opened"}, {"data", "${ .n > 1 }"}}), true},
           {Json::object({{"source", "${ \"/desk\" }"}}), true},
           {Json::object({{"data", Json::object({{"n", 2}})}}), true},
           {Json::object({{"data", Json::object({{"n", 3}})}}), false},
           // A literal that does not match spares the evaluation, which would fail.
           {Json::object({{"data", "${ bad }"}, {"type", "other"}}), false}}) {
    std::vector const workflows{document({row.with})};
    auto const starts = starts_for(*event, workflows, evaluator);
    EXPECT_EQ(starts.runs.size(), row.starts ? 1U : 0U) << row.with.dump();
    EXPECT_TRUE(starts.problems.empty()) << row.with.dump();
  }
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
