#include "api/document.h"

#include <set>

#include "api/type_words.h"
#include "api/world_test.h"
#include "testing/files.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

class Document : public World {
 protected:
  Json document() { return json_of(visit("/api/v1/openapi.json")); }
};

TEST_F(Document, has_a_row_for_every_route_and_a_route_for_every_row) {
  std::set<std::string> routes;
  for (auto const& endpoint : endpoints(parts())) {
    routes.insert(route_name(endpoint.method, endpoint.path));
    EXPECT_NE(row_of(endpoint.method, endpoint.path), nullptr)
        << route_name(endpoint.method, endpoint.path) << " needs a row in api/document_rows.cpp";
  }
  for (auto const& row : document_rows())
    EXPECT_TRUE(routes.contains(std::string(row.route))) << row.route << " is no route any more";
}

TEST_F(Document, can_be_read_and_names_only_types_that_exist) {
  Json const all = document();
  EXPECT_EQ(all["openapi"].as_string(), "3.1.0");
  EXPECT_EQ(all["paths"].size() > 50, true);
  Json const& schemas = all["components"]["schemas"];
  std::string const text = all.dump();
  for (auto at = text.find("\"$ref\":\""); at != std::string::npos;
       at = text.find("\"$ref\":\"", at + 1)) {
    auto const from = text.rfind('/', text.find('"', at + 8)) + 1;
    std::string const name = text.substr(from, text.find('"', from) - from);
    EXPECT_TRUE(schemas.contains(name)) << name;
  }
}

TEST_F(Document, tells_roles_parameters_and_bodies) {
  Json const all = document();
  Json const& runs = all["paths"]["/api/v1/runs"]["get"];
  EXPECT_EQ(runs["x-fairlead-role"].as_string(), "viewer");
  EXPECT_EQ(runs["parameters"].at(0)["name"].as_string(), "If-None-Match");
  EXPECT_EQ(runs["parameters"].at(1)["name"].as_string(), "status");
  EXPECT_EQ(runs["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["items"]
                ["items"]["$ref"]
                    .as_string(),
            "#/components/schemas/Run");
  Json const& publish = all["paths"]["/api/v1/workflows"]["post"];
  EXPECT_TRUE(publish["requestBody"]["content"].contains("application/yaml"));
  EXPECT_TRUE(all["paths"]["/healthz"]["get"]["security"].is_array());
}

TEST_F(Document, has_no_two_operations_of_one_name) {
  std::set<std::string> ids;
  Json const all = document();
  for (auto const& [path, methods] : all["paths"].members()) {
    for (auto const& [method, operation] : methods.members())
      EXPECT_TRUE(ids.insert(operation["operationId"].as_string()).second) << method << " " << path;
  }
}

TEST_F(Document, is_the_one_that_is_kept) {
  std::string const path = "docs/reference/openapi.json";
  Json all = document();
  // The version of a build is no change of the API.
  all.find("info")->set("version", "1");
  testing::expect_golden(all.pretty() + "\n", "docs/reference/openapi.json");
}

TEST_F(Document, finds_an_answer_that_is_not_described) {
  Json const components = document_components().value();
  DocumentRow const row{"GET /x", "x", {}, {}, "200 { a: string }", "202"};
  EXPECT_EQ(answer_misfit(row, net::json_response(200, Json::object({{"a", "b"}})), components),
            "");
  EXPECT_EQ(answer_misfit(row, net::json_response(200, Json::object({{"a", 1}})), components),
            "/a is not of type \"string\": 1");
  EXPECT_EQ(answer_misfit(row, net::json_response(201, Json::object()), components),
            "status 201 is not described");
  EXPECT_EQ(answer_misfit(row, net::text_response(200, "x"), components),
            "media type \"text/plain\" is not described");
}

TEST_F(Document, comes_with_a_page_that_may_load_nothing_from_elsewhere) {
  auto const page = visit("/api/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.headers.get("Content-Security-Policy").starts_with("default-src 'none'"));
  EXPECT_EQ(page.body.find("<script>"), std::string::npos);
  for (char const* file : {"/api/docs.js", "/api/docs.css"}) {
    EXPECT_NE(page.body.find(file), std::string::npos);
    EXPECT_EQ(visit(file).status, 200);
  }
}

}  // namespace
}  // namespace fairlead::api
