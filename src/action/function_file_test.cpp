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

TEST(FunctionFile, finds_each_field_where_the_plan_puts_it) {
  Request request;
  request.method = net::Method::put;
  request.path = "/projects/770001/issues/770002";
  request.query = {{"labels", "770003"}};
  request.body = Json::object({{"iid", 770'002}, {"kind", "issue"}, {"note", "by 770001"}});
  auto const definition = function_definition(action_with({request}, fields()));
  EXPECT_EQ(definition["call"], Json("http"));
  auto const& with = definition["with"];
  EXPECT_EQ(with["method"], Json("PUT"));
  EXPECT_EQ(
      with["endpoint"]["uri"],
      Json("${ (.gitlab_url // \"https://gitlab.com\") + \"/api/v4\" + "
           "\"/projects/\\(.project | tostring | @uri)/issues/\\(.iid | tostring | @uri)\" }"));
  EXPECT_EQ(with["query"],
            Json("${ {\"labels\": (.labels | if type == \"array\" then join(\",\") else . end)} | "
                 "with_entries(select(.value != null)) }"));
  EXPECT_EQ(with["body"], Json("${ {\"iid\": .iid, \"kind\": \"issue\", \"note\": \"by "
                               "\\(.project)\"} | with_entries(select(.value != null)) }"));
  EXPECT_EQ(definition["metadata"]["portable"], Json(true));
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
