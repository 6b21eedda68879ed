// Keeps tests/openapi/filled.txt: the dry run of every action with all of its fields set to their
// examples, for the check against GitLab's OpenAPI documents. FAIRLEAD_UPDATE_GOLDEN=1 rewrites it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "gitlab/actions.h"
#include "testing/files.h"
#include "tests/golden/case.h"

namespace fairlead::golden {
namespace {

using FieldNames = std::set<std::string>;

// Fields that exclude each other: one variant for each set that is left out.
std::map<std::string, std::vector<FieldNames>> const& left_out() {
  static std::map<std::string, std::vector<FieldNames>> const table{
      {"get-pipeline", {{"ref"}, {"pipeline"}}},
      {"list-groups", {{"all", "parent"}, {"limit", "top_level_only"}}},
      {"list-issues", {{"all", "group"}, {"limit", "project"}, {"limit", "project", "group"}}},
      {"list-pipelines", {{"all"}, {"limit"}}},
      {"list-projects",
       {{"all", "group", "include_subgroups"},
        {"limit", "membership", "topic", "last_activity_after"}}},
      {"list-users", {{"all"}, {"limit"}}},
      {"update-issue", {{"labels"}, {"add_labels", "remove_labels"}}},
  };
  return table;
}

Json filled(action::ActionInfo const& info, FieldNames const& without) {
  Json input = Json::object();
  for (auto const& [field, property] : info.input_schema["properties"].members()) {
    if (!without.contains(field)) input.set(field, property["examples"].at(0));
  }
  return input;
}

std::string text_of(action::Request const& request) {
  net::HttpRequest http{.method = request.method, .url = action::target(request)};
  http.authorization = Secret("Bearer golden-token");
  if (!request.body.is_null()) http.body = request.body.dump();
  return request_text(http);
}

TEST(Filled, requests_with_every_field_set_are_on_file) {
  std::string out =
      "# The requests of every action with all of its fields set (fields that exclude each other: "
      "one variant\n"
      "# each). Written by the golden tests, checked by check.py; no connection, so names stand "
      "for ids.\n";
  for (action::Action const& action : gitlab::all_actions()) {
    std::string const& name = action.info.name;
    if (name == "call-api") continue;  // sends what its author writes
    auto const table = left_out().find(name);
    FieldNames set;
    for (FieldNames const& without :
         table == left_out().end() ? std::vector<FieldNames>{{}} : table->second) {
      Json const input = filled(action.info, without);
      for (auto const& [field, value] : input.members())
        set.insert(field);
      auto const requests = action.plan(nullptr, input);
      EXPECT_TRUE(requests.ok()) << name << ": "
                                 << (requests.ok() ? "" : describe(requests.error()));
      if (!requests.ok()) continue;
      out += "=== action\n" + name + "\n";
      for (action::Request const& request : *requests)
        out += "=== request\n" + text_of(request) + "\n";
    }
    EXPECT_EQ(set.size(), action.info.input_schema["properties"].size())
        << name << ": a field is in no variant";
  }
  testing::expect_golden(out, "tests/openapi/filled.txt");
}

}  // namespace
}  // namespace fairlead::golden
