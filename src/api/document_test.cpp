#include "api/document.h"

#include <functional>
#include <set>

#include "api/document_answers.h"
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
  std::string const text = all.dump();
  for (auto at = text.find("\"$ref\":\""); at != std::string::npos;
       at = text.find("\"$ref\":\"", at + 1)) {
    auto const from = at + 9;  // behind its "#"
    std::string const place = text.substr(from, text.find('"', from) - from);
    EXPECT_NE(all.pointer(place), nullptr) << place;
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

// Places where a schema lets anything pass.
void add_open_places(Json const& schema, std::string const& at, std::vector<std::string>& found) {
  if (!schema.is_object() || schema.contains("$ref")) return;
  bool const says = schema.contains("type") || schema.contains("anyOf") ||
                    schema.contains("oneOf") || schema.contains("const") || schema.contains("enum");
  if (!says || schema["additionalProperties"] == Json(true)) found.push_back(at);
  if (schema.contains("properties") && !schema.contains("additionalProperties") &&
      at.find("x-itemSchema") == std::string::npos)
    found.push_back(at + " (more members)");
  for (auto const& [name, member] : schema["properties"].members())
    add_open_places(member, at + "/" + name, found);
  for (auto const* many : {"anyOf", "oneOf"})
    for (auto const& kind : schema[many].items())
      add_open_places(kind, at + "|", found);
  for (auto const* inner : {"items", "additionalProperties", "contentSchema"})
    add_open_places(schema[inner], at + "/" + inner, found);
}

// Every schema of a document, with its place.
void for_each_schema(Json const& json, std::string const& at,
                     std::function<void(Json const&, std::string const&)> const& tell) {
  for (auto const& [name, member] : json.members()) {
    if (name == "schema" || name == "x-itemSchema") {
      tell(member, at + "/" + name);
    } else {
      for_each_schema(member, at + "/" + name, tell);
    }
  }
  for (auto const& item : json.items())
    for_each_schema(item, at, tell);
}

TEST_F(Document, leaves_open_only_what_is_others_and_says_why) {
  std::set<std::string> open;
  for (auto const types : {document_types(), document_work_types()}) {
    for (auto const& type : types) {
      std::vector<std::string> places;
      add_open_places(schema_of(type.words).value(), std::string(type.name), places);
      bool const others = type.content == DocumentType::Content::others;
      EXPECT_EQ(!places.empty(), others) << type.name << ": " << places.size();
      if (!others) continue;
      open.insert(std::string(type.name));
      EXPECT_GT(type.note.size(), 40u) << type.name << " must say why it is open";
    }
  }
  // A new one needs a reason that convinces a reader.
  EXPECT_EQ(open, (std::set<std::string>{"CloudEvent", "Data", "FaultDetails", "GitlabDelivery",
                                         "JsonSchema", "OpenApiDocument", "RaisedError"}));
  Json const all = document();
  std::vector<std::string> places;
  for_each_schema(all["paths"], "", [&](Json const& schema, std::string const& at) {
    add_open_places(schema, at, places);
  });
  add_open_places(all["components"]["schemas"]["JournalEntry"], "JournalEntry", places);
  EXPECT_EQ(places, std::vector<std::string>{});
}

TEST_F(Document, names_the_headers_of_answers) {
  Json const all = document();
  auto headers = [&](char const* path, char const* method, char const* status) {
    std::string names;
    for (auto const& [name, header] :
         all["paths"][path][method]["responses"][status]["headers"].members())
      names += (names.empty() ? "" : " ") + name;
    return names;
  };
  std::string const common = "X-Request-Id Cache-Control X-Content-Type-Options";
  EXPECT_EQ(headers("/api/v1/runs", "get", "200"), common + " ETag");
  EXPECT_EQ(headers("/api/v1/runs", "get", "304"), common + " ETag");
  EXPECT_EQ(headers("/api/v1/live", "get", "200"), common + " X-Accel-Buffering");
  EXPECT_EQ(all["paths"]["/api/v1/runs/{id}/follow"]["get"]["parameters"].at(1)["name"].as_string(),
            "Last-Event-ID");
  EXPECT_EQ(headers("/api/v1/runs", "get", "default"), common + " Retry-After WWW-Authenticate");
  EXPECT_EQ(headers("/api/v1/connections", "post", "201"),
            common + " Idempotent-Replayed Location");
  EXPECT_EQ(headers("/api/v1/connections/{name}", "patch", "200"), common + " ETag");
  DocumentRow const row{"GET /api/v1/runs", "x", {}, {}, "204"};
  net::ServerResponse response;
  response.status = 204;
  response.headers.add("X-New", "1");
  EXPECT_EQ(answer_misfit(row, response, Json()), "header X-New is not described");
}

TEST_F(Document, tells_what_streams_carry) {
  Json const all = document();
  Json const& stream =
      all["paths"]["/api/v1/live"]["get"]["responses"]["200"]["content"]["text/event-stream"];
  ASSERT_EQ(stream["x-itemSchema"]["oneOf"].size(), 4u);
  Json const& run = stream["x-itemSchema"]["oneOf"].at(0)["properties"];
  EXPECT_EQ(run["event"]["const"].as_string(), "run");
  EXPECT_EQ(run["data"]["contentSchema"]["anyOf"].at(0)["$ref"].as_string(),
            "#/components/schemas/RunRow");
  Json const components = document_components().value();
  DocumentRow const row{"GET /x", "x", {}, {}, "200 text/event-stream { tick: { at: integer } }",
                        "404"};
  EXPECT_EQ(
      stream_misfit(row, "retry: 3\n\n:\n\nid: 1\nevent: tick\ndata: {\"at\":1}\n\n", components),
      "");
  EXPECT_EQ(stream_misfit(row, "event: tick\ndata: {\"at\":\"1\"}\n\n", components),
            "/at is not of type \"integer\": \"1\"");
  EXPECT_EQ(stream_misfit(row, "event: tock\ndata: {}\n\n", components),
            "event \"tock\" is not described");
  DocumentRow const lines{"GET /x", "x", {}, {}, "200 application/x-ndjson { a: integer }"};
  EXPECT_EQ(stream_misfit(lines, "{\"a\":1}\n{\"a\":2}\n", components), "");
  EXPECT_EQ(stream_misfit(lines, "{\"a\":1}\n{\"b\":2}\n", components), "/a is missing");
}

TEST_F(Document, describes_every_kind_of_journal_entry) {
  Json const components = document_components().value();
  Json const& entry = components["JournalEntry"];
  auto const made = [](std::string const& kind, Json payload) {
    return Json::object({{"seq", 1},
                         {"kind", kind},
                         {"task", ""},
                         {"at", "2026-11-23T10:00:00Z"},
                         {"payload", std::move(payload)}});
  };
  EXPECT_EQ(misfit(entry, made("woken", Json::object({{"key", "k"}})), components), "");
  EXPECT_EQ(misfit(entry, made("woken", Json::object({{"kex", "k"}})), components),
            "/payload/key is missing");
  EXPECT_NE(misfit(entry, made("dreamt", Json::object()), components), "");
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
