#include "builtin/openapi_document.h"

#include <gtest/gtest.h>

namespace fairlead::builtin {
namespace {

constexpr std::string_view swagger = R"(
swagger: '2.0'
host: api.example
basePath: /v2
schemes: [http, https]
paths:
  /pet/{petId}:
    parameters:
      - {name: petId, in: path, required: true, type: integer}
    get: {operationId: getPet}
    post:
      operationId: renamePet
      parameters:
        - {name: name, in: formData, type: string}
        - {$ref: '#/parameters/trace'}
  /pets:
    get:
      operationId: findPets
      parameters:
        - {name: status, in: query, type: array, collectionFormat: multi, required: true}
        - {name: ids, in: query, type: array, collectionFormat: csv}
    put:
      operationId: putPet
      parameters:
        - {name: pet, in: body, required: true}
parameters:
  trace: {name: X-Trace, in: header, type: string}
)";

constexpr std::string_view openapi = R"({
  "openapi": "3.1.0",
  "servers": [{"url": "/api/{version}", "variables": {"version": {"default": "v3"}}}],
  "paths": {
    "/orders/{id}": {
      "get": {"operationId": "getOrder", "parameters": [
        {"name": "id", "in": "path", "required": true, "schema": {}},
        {"name": "fields", "in": "query", "schema": {"type": "array"}},
        {"name": "tags", "in": "query", "explode": false, "schema": {"type": "array"}},
        {"name": "session", "in": "cookie", "schema": {}}]},
      "delete": {"operationId": "removeOrder", "servers": [{"url": "https://other.example/x/"}],
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {}}]}
    },
    "/orders": {"post": {"operationId": "addOrder",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Order"}}}}}}
  },
  "components": {"schemas": {"Order": {"type": "object",
    "properties": {"item": {"type": "string"}, "count": {"type": "integer"}}}}}
})";

Result<Json> arguments(std::string_view text, std::string id, std::string_view parameters) {
  FAIRLEAD_TRY(auto document, read_openapi(text));
  return http_arguments(document, {.document_url = "https://docs.example/openapi.json",
                                   .operation_id = std::move(id),
                                   .parameters = *Json::parse(parameters)});
}

TEST(OpenApiDocument, puts_parameters_where_they_belong) {
  struct Case {
    std::string_view document;
    std::string_view operation;
    std::string_view parameters;
    std::string_view method;
    std::string_view uri;
    std::string_view query;
    std::string_view body;
  };
  Case const cases[] = {
      {swagger, "getPet", R"({"petId": 7})", "get", "https://api.example/v2/pet/7", "{}", "null"},
      {swagger, "getPet", R"({"petId": "a/b"})", "get", "https://api.example/v2/pet/a%2Fb", "{}",
       "null"},
      {swagger, "findPets", R"({"status": ["sold", "new"], "ids": [1, 2]})", "get",
       "https://api.example/v2/pets", R"({"status":["sold","new"],"ids":"1,2"})", "null"},
      {swagger, "renamePet", R"({"petId": 1, "name": "Rex", "X-Trace": "t"})", "post",
       "https://api.example/v2/pet/1", "{}", R"({"name":"Rex"})"},
      {swagger, "putPet", R"({"pet": {"id": 1}})", "put", "https://api.example/v2/pets", "{}",
       R"({"id":1})"},
      {openapi, "getOrder", R"({"id": 1, "fields": ["a", "b"], "tags": ["x", "y"]})", "get",
       "https://docs.example/api/v3/orders/1", R"({"fields":["a","b"],"tags":"x,y"})", "null"},
      {openapi, "removeOrder", R"({"id": 1})", "delete", "https://other.example/x/orders/1", "{}",
       "null"},
      {openapi, "addOrder", R"({"item": "tea", "count": 2})", "post",
       "https://docs.example/api/v3/orders", "{}", R"({"item":"tea","count":2})"},
      {openapi, "addOrder", R"({"body": [1]})", "post", "https://docs.example/api/v3/orders", "{}",
       "[1]"}};
  for (auto const& each : cases) {
    auto with = arguments(each.document, std::string(each.operation), each.parameters);
    ASSERT_TRUE(with.ok()) << each.operation << ": " << describe(with.error());
    EXPECT_EQ((*with)["method"].as_string(), each.method);
    EXPECT_EQ((*with)["endpoint"]["uri"].as_string(), each.uri);
    EXPECT_EQ((*with)["query"].dump(), each.query);
    EXPECT_EQ((*with)["body"].dump(), each.body);
  }
}

TEST(OpenApiDocument, sends_headers_cookies_and_content_types) {
  auto pet = arguments(swagger, "renamePet", R"({"petId": 1, "name": "Rex", "X-Trace": "t"})");
  ASSERT_TRUE(pet.ok());
  EXPECT_EQ((*pet)["headers"]["X-Trace"].as_string(), "t");
  EXPECT_EQ((*pet)["headers"]["Content-Type"].as_string(), "application/x-www-form-urlencoded");
  auto order = arguments(openapi, "getOrder", R"({"id": 1, "session": "a b"})");
  ASSERT_TRUE(order.ok());
  EXPECT_EQ((*order)["headers"]["Cookie"].as_string(), "session=a%20b");
  auto added = arguments(openapi, "addOrder", R"({"item": "tea"})");
  ASSERT_TRUE(added.ok());
  EXPECT_EQ((*added)["headers"]["Content-Type"].as_string(), "application/json");
}

TEST(OpenApiDocument, names_what_is_missing_or_unknown) {
  struct Case {
    std::string_view document;
    std::string_view operation;
    std::string_view parameters;
    std::string_view words;
  };
  Case const cases[] = {
      {swagger, "getPet", "{}", "needs the parameter 'petId' (path)"},
      {swagger, "findPets", R"({"status": null})", "needs the parameter 'status' (query)"},
      {swagger, "getPet", R"({"petId": 1, "petID": 2})", "Did you mean 'petId'?"},
      {swagger, "getPets", "{}", "Did you mean 'getPet'?"},
      {swagger, "somethingElse", "{}", "Operations are, for example: getPet, renamePet"},
      {openapi, "addOrder", "{}", "needs a body"},
      {openapi, "addOrder", R"({"item": "tea", "price": 1})", "no parameter 'price'"}};
  for (auto const& each : cases) {
    auto with = arguments(each.document, std::string(each.operation), each.parameters);
    ASSERT_FALSE(with.ok()) << each.operation;
    EXPECT_NE(describe(with.error()).find(each.words), std::string::npos) << describe(with.error());
  }
}

TEST(OpenApiDocument, refuses_what_is_no_openapi_document) {
  for (std::string_view const text : {"", "{", "<html>", "{\"openapi\": \"4.0\"}", "a: [", "[]"})
    EXPECT_FALSE(read_openapi(text).ok()) << text;
}

TEST(OpenApiDocument, a_reference_that_leads_in_a_circle_ends) {
  auto with = arguments(R"({"swagger": "2.0", "paths": {"/a": {"$ref": "#/paths/~1a"},
      "/b": {"get": {"operationId": "b", "parameters": [{"$ref": "#/no/where"}]}}}})",
                        "b", "{}");
  EXPECT_TRUE(with.ok()) << describe(with.error());
}

}  // namespace
}  // namespace fairlead::builtin
