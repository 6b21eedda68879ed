#include "api/type_words.h"

#include <gtest/gtest.h>

namespace fairlead::api {
namespace {

TEST(TypeWords, become_json_schema) {
  struct Case {
    char const* words;
    char const* schema;
  };
  for (auto const& [words, schema] : {
           Case{"string", R"({"type":"string"})"},
           Case{"time", R"({"type":"string","format":"date-time"})"},
           Case{"any", "{}"},
           Case{"string | null", R"({"type":["string","null"]})"},
           Case{"'a' | 'b-c'", R"({"type":"string","enum":["a","b-c"]})"},
           Case{"[Run]", R"({"type":"array","items":{"$ref":"#/components/schemas/Run"}})"},
           Case{"Run | null", R"({"anyOf":[{"$ref":"#/components/schemas/Run"},{"type":"null"}]})"},
           Case{"{*: integer}", R"({"type":"object","additionalProperties":{"type":"integer"}})"},
           Case{"{a: string, b?: {}, ...}",
                R"({"type":"object","properties":{"a":{"type":"string"},)"
                R"("b":{"type":"object","properties":{},"additionalProperties":false}},)"
                R"("required":["a"],"additionalProperties":true})"},
       }) {
    auto const got = schema_of(words);
    ASSERT_TRUE(got.ok()) << words;
    EXPECT_EQ(got->dump(), schema) << words;
  }
}

TEST(TypeWords, say_where_they_are_wrong) {
  for (char const* words : {"", "strin", "[string", "{a string}", "{a: }", "'x", "string string"}) {
    auto const got = schema_of(words);
    ASSERT_FALSE(got.ok()) << words;
    EXPECT_EQ(got.error().kind, ErrorKind::invalid_input);
    EXPECT_TRUE(got.error().message.starts_with("Expected ")) << got.error().message;
  }
  std::string deep(100, '[');
  EXPECT_FALSE(schema_of(deep).ok());
}

TEST(TypeWords, list_query_parameters) {
  auto const all = members_of("status?: [string], limit: integer");
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).name, "status");
  EXPECT_TRUE(all->at(0).optional);
  EXPECT_FALSE(all->at(1).optional);
  EXPECT_TRUE(members_of("")->empty());
}

TEST(TypeWords, find_what_does_not_fit) {
  Json const components = Json::object(
      {{"Person", schema_of("{name: string, age?: integer | null, role?: 'a' | 'b'}").value()}});
  Json const schema =
      schema_of(
          "{items: [Person], more: any, shape?: {kind: 'ball', size: integer, ...} | "
          "{kind: 'box', side: integer} | {kind: 'dot', x: integer}}")
          .value();
  struct Case {
    char const* value;
    char const* found;
  };
  for (auto const& [text, found] : {
           Case{R"({"items":[{"name":"x","age":null}],"more":[1]})", ""},
           Case{R"({"items":[]})", "/more is missing"},
           Case{R"({"items":[],"more":1,"x":2})", "/x is not described"},
           Case{R"({"items":[{"name":"x"},{"name":1}],"more":1})",
                "/items/1/name is not of type \"string\": 1"},
           Case{R"({"items":[{"name":"x","role":"c"}],"more":1})",
                "/items/0/role is none of [\"a\",\"b\"]: \"c\""},
           Case{R"({"items":{},"more":1})", "/items is not of type \"array\": {}"},
           Case{R"({"items":[],"more":1,"shape":{"kind":"box","side":"x"}})",
                "/shape/side is not of type \"integer\": \"x\""},
           Case{R"({"items":[],"more":1,"shape":{"kind":"ball","size":2,"free":{}}})", ""},
       }) {
    EXPECT_EQ(misfit(schema, Json::parse(text).value(), components), found) << text;
  }
}

}  // namespace
}  // namespace fairlead::api
