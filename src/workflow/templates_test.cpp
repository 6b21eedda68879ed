#include "workflow/templates.h"

#include <gtest/gtest.h>

#include "expression/helper_pool.h"
#include "testing/virtual_clock.h"
#include "workflow/fake_actions_test.h"

namespace fairlead::workflow {
namespace {

// Knows every action, and nothing of its input: the real catalogue is checked in tests/.
class AnyAction final : public ActionLookup {
 public:
  [[nodiscard]] std::optional<Json> input_schema(std::string_view, std::string_view,
                                                 std::string_view) const override {
    return Json::object();
  }
  [[nodiscard]] std::vector<std::string> ids() const override { return {}; }
};

TEST(TemplatesTest, all_validate_without_a_word) {
  testing::VirtualClock clock;
  expression::HelperPool pool(clock);
  AnyAction const actions;
  for (auto const& each : templates()) {
    auto const validation = validate(each.source, actions, &pool);
    EXPECT_TRUE(validation.ok()) << each.name;
    for (auto const& problem : validation.problems)
      ADD_FAILURE() << each.name << ": " << describe(problem);
  }
}

TEST(TemplatesTest, each_has_few_described_fields_and_an_event_that_starts_it) {
  std::vector<std::string> names;
  for (auto const& each : templates()) {
    names.push_back(each.name);
    EXPECT_GE(each.fields.size(), 2U) << each.name;
    EXPECT_LE(each.fields.size(), 5U) << each.name;
    for (auto const& field : each.fields) {
      EXPECT_FALSE(field.label.empty() || field.description.empty())
          << each.name << " " << field.name;
    }
    EXPECT_FALSE(each.title.empty() || each.summary.empty());
    auto const document = parse(each.source);
    ASSERT_TRUE(document.ok()) << each.name;
    EXPECT_EQ((*document)->name, each.name);
    EXPECT_EQ((*document)->schedule->on.at(0).with["type"], each.sample_event["type"]) << each.name;
    EXPECT_TRUE(each.sample_event["data"].is_object());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"change-to-release", "incident-to-issue",
                                             "joiner-access", "leaver-access"}));
}

TEST(TemplatesTest, filling_in_changes_the_named_lines_only) {
  auto const values = Json::object({{"project", "it's/here"}, {"runbook_ref", "main # x"}});
  auto const filled = fill_template("incident-to-issue", values);
  ASSERT_TRUE(filled.ok());
  auto const document = parse(*filled);
  ASSERT_TRUE(document.ok()) << describe(document.error());
  auto const& settings = std::get<SetTask>((*document)->tasks->at(0).body).value;
  EXPECT_EQ(settings["project"], Json("it's/here"));
  EXPECT_EQ(settings["runbook_ref"], Json("main # x"));
  EXPECT_EQ(settings["runbook_project"], Json("ops/runbooks"));
  EXPECT_NE(filled->find("# Fill these in."), std::string::npos);
  auto const same = fill_template("incident-to-issue", Json::object());
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(*same, templates().at(1).source);
  auto const lists =
      fill_template("joiner-access", Json::object({{"groups", Json::array({"a", "b"})}}));
  ASSERT_TRUE(lists.ok());
  EXPECT_EQ(std::get<SetTask>((*parse(*lists))->tasks->at(0).body).value["groups"],
            Json::array({"a", "b"}));
}

TEST(TemplatesTest, answers_are_checked_and_the_workflow_gets_its_name) {
  auto const made = instantiate("incident-to-issue", "on-call-2",
                                Json::object({{"project", "ops/x"}, {"runbook_ref", "main"}}));
  ASSERT_TRUE(made.ok());
  auto const document = parse(*made);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ((*document)->name, "on-call-2");
  EXPECT_NE(made->find("# An incident becomes"), std::string::npos) << "comments stay";
  auto refused = [](char const* id, std::string const& name, Json const& values) {
    auto const answer = instantiate(id, name, values);
    return answer.ok() ? "nothing" : answer.error().where;
  };
  Json const none = Json::object();
  EXPECT_EQ(refused("incident-to-issue", "On Call", none), "name");
  EXPECT_EQ(refused("incident-to-issue", "", Json::object({{"project", ""}})), "project");
  EXPECT_EQ(refused("incident-to-issue", "", Json::object({{"project", none}})), "project");
  EXPECT_EQ(refused("leaver-access", "", Json::object({{"connection", ""}})), "nothing");
  EXPECT_EQ(refused("joiner-access", "", Json::object({{"access_level", "king"}})), "access_level");
}

TEST(TemplatesTest, names_what_is_not_there) {
  EXPECT_EQ(fill_template("incident-to-isue", Json::object()).error().message,
            "There is no template 'incident-to-isue'. Did you mean 'incident-to-issue'?");
  EXPECT_EQ(fill_template("incident-to-issue", Json::object({{"projct", "x"}})).error().message,
            "The template 'incident-to-issue' has no field 'projct'. Did you mean 'project'?");
}

}  // namespace
}  // namespace fairlead::workflow
