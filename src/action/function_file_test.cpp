#include "action/function_file.h"

#include <gtest/gtest.h>

namespace fairlead::action {
namespace {

Action action_with(std::vector<Request> requests, Json properties) {
  Action action;
  action.info.name = "create-thing";
  action.info.version = "1.0.0";
  action.info.title = "Create thing";
  action.info.scope = Scope::api;
  action.info.input_schema = Json::object(
      {{"type", "object"}, {"required", Json::array({"project"})}, {"properties", properties}});
  action.info.output_schema = Json::object({{"type", "object"}});
  action.plan = [requests](Api*, Json const&) -> Result<std::vector<Request>> { return requests; };
  return action;
}

Json fields() {
  return Json::object({{"project", Json::object({{"type", "string"}})},
                       {"iid", Json::object({{"type", "integer"}})},
                       {"labels", Json::object({{"type", "array"},
                                                {"items", Json::object({{"type", "string"}})}})}});
}

// As an action's plan does: the path needs the project, labels are joined, a flag and an
// interpolated note are sent if given, an assignee would have to be looked up.
Result<std::vector<Request>> plan(Json const& input) {
  Request request;
  request.method = net::Method::put;
  request.path = "/projects/" + input["project"].as_string() + "/issues";
  request.query = {{"per_page", "100"}};
  if (input.contains("labels"))
    request.query.emplace_back("labels", input["labels"].at(0).as_string());
  request.body = Json::object({{"kind", "issue"}});
  if (input.contains("iid")) request.body.set("number", input["iid"]);
  if (input.contains("secret")) request.body.set("confidential", true);
  if (input.contains("note")) request.body.set("note", "say \"" + input["note"].as_string() + "\"");
  if (input.contains("assignee")) request.body.set("assignee_id", "<id of somebody>");
  return std::vector{request};
}

TEST(FunctionFile, finds_each_field_where_the_plan_puts_it) {
  auto properties = fields();
  properties.set("secret", Json::object({{"type", "boolean"}}));
  properties.set("note", Json::object({{"type", "string"}}));
  properties.set("assignee", Json::object({{"type", "string"}}));
  auto action = action_with({}, properties);
  action.plan = [](Api*, Json const& input) { return plan(input); };
  auto const definition = function_definition(action);
  EXPECT_EQ(definition["call"], Json("http"));
  auto const& with = definition["with"];
  EXPECT_EQ(with["method"], Json("PUT"));
  EXPECT_EQ(with["endpoint"]["uri"],
            Json("${ (.gitlab_url // \"https://gitlab.com\") + \"/api/v4\" + "
                 "\"/projects/\\(.project | tostring | @uri)/issues\" }"));
  EXPECT_EQ(with["query"],
            Json("${ {\"per_page\": \"100\", \"labels\": (.labels | if type == \"array\" then "
                 "join(\",\") else . end | if . == null then null elif type == \"array\" then "
                 "join(\",\") else tostring end)} | with_entries(select(.value != null)) }"));
  EXPECT_EQ(
      with["body"],
      Json("${ {\"kind\": \"issue\", \"number\": (.iid), \"confidential\": (.secret), \"note\": "
           "(if .note == null then null else \"say \\\"\\(.note)\\\"\" end)} | "
           "with_entries(select(.value != null)) }"));
  EXPECT_EQ(definition["metadata"]["portable"], Json(true));
  EXPECT_EQ(definition["metadata"]["onFairleadOnly"], Json::array({"assignee"}));
}

TEST(FunctionFile, takes_the_optional_fields_without_which_there_is_no_request) {
  auto action = action_with({}, fields());
  action.plan = [](Api*, Json const& input) -> Result<std::vector<Request>> {
    if (!input.contains("iid") || !input.contains("labels"))
      return invalid_input("", "nothing to change");
    Request request;
    request.method = net::Method::put;
    request.path = "/issues/" + input["iid"].dump();
    request.body = Json::object({{"labels", input["labels"].at(0)}});
    return std::vector{request};
  };
  auto const definition = function_definition(action);
  EXPECT_EQ(definition["call"], Json("http"));
  EXPECT_EQ(definition["input"]["schema"]["document"]["required"], Json::array({"project", "iid"}));
  EXPECT_NE(definition["with"]["body"].as_string().find("\"labels\": (.labels | if"),
            std::string::npos);
}

TEST(FunctionFile, what_takes_several_requests_says_so) {
  Request request;
  request.path = "/projects/770001";
  Request unresolved;
  unresolved.path = "/users/<id of user alice>";
  auto waiting = action_with({request}, fields());
  waiting.info.waits = true;
  for (auto const& action :
       {action_with({request, request}, fields()), action_with({unresolved}, fields()), waiting}) {
    auto const definition = function_definition(action);
    EXPECT_EQ(definition["raise"]["error"]["status"], Json(501));
    EXPECT_EQ(definition["metadata"]["portable"], Json(false));
  }
}

TEST(FunctionFile, lies_where_other_runtimes_look) {
  auto const action = action_with({Request{}}, fields());
  EXPECT_EQ(function_path(action.info), "functions/create-thing/1.0.0/function.yaml");
  auto const text = function_file(action);
  EXPECT_EQ(text.find("# Create thing. Use it as: call: create-thing:1.0.0@gitlab\n"), 0U);
  EXPECT_NE(text.find("\ncall: 'http'\n"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::action
