// JsonSchema: a table of schemas and values, and what is said about those that do not fit.
#include "workflow/json_schema.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace fairlead::workflow {
namespace {

Json json(std::string_view text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

std::shared_ptr<JsonSchema const> compiled(std::string_view text) {
  std::vector<JsonSchema::Refusal> refusals;
  auto schema = JsonSchema::compile(json(text), refusals);
  for (auto const& refusal : refusals)
    ADD_FAILURE() << refusal.pointer << ": " << refusal.message;
  return schema;
}

struct Row {
  std::string schema;
  std::string value;
  std::string faults;  // "pointer message" lines; empty: it fits
};

std::vector<Row> const rows{
    {"true", "1", ""},
    {"false", "1", " The whole value is not allowed here.\n"},
    {R"({"type": "object"})", "[]", " The whole value must be an object, but is a list.\n"},
    {R"({"type": "integer"})", "3.0", ""},
    {R"({"type": "integer"})", "3.5", " The whole value must be a whole number, but is 3.5.\n"},
    {R"({"type": ["string", "null"]})", "null", ""},
    {R"({"type": ["string", "null"]})", "1",
     " The whole value must be a text or null, but is 1.\n"},
    {R"({"properties": {"user": {"properties": {"age": {"minimum": 18}}}}})",
     R"({"user": {"age": 17}})", "/user/age 'user.age' must be at least 18, but is 17.\n"},
    {R"({"required": ["a", "b"]})", R"({"a": 1})", " The whole value needs 'b'.\n"},
    {R"({"properties": {"title": {}}, "additionalProperties": false})", R"({"titel": 1})",
     " The whole value has no field 'titel'. Did you mean 'title'?\n"},
    {R"({"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false})",
     R"({"x-a": 1})", "/x-a 'x-a' must be a text, but is 1.\n"},
    {R"({"additionalProperties": {"type": "string"}})", R"({"a/b": 1})",
     "/a~1b 'a/b' must be a text, but is 1.\n"},
    {R"({"propertyNames": {"maxLength": 2}})", R"({"abc": 1})",
     " The whole value has the field 'abc', whose name `propertyNames` forbids.\n"},
    {R"({"minProperties": 1})", "{}", " The whole value must have at least 1 field, but has 0.\n"},
    {R"({"dependentRequired": {"card": ["cvc"]}})", R"({"card": 1})",
     " The whole value needs 'cvc', since it has 'card'.\n"},
    {R"({"dependentSchemas": {"a": {"required": ["b"]}}})", R"({"a": 1})",
     " The whole value needs 'b'.\n"},
    {R"({"enum": ["red", "green"]})", R"("gren")",
     " The whole value must be one of 'red', 'green', but is 'gren'. Did you mean 'green'?\n"},
    {R"({"const": 5})", "5.0", ""},
    {R"({"const": 5})", "6", " The whole value must be 5, but is 6.\n"},
    {R"({"exclusiveMinimum": 0, "exclusiveMaximum": 10})", "10",
     " The whole value must be less than 10, but is 10.\n"},
    {R"({"maximum": 9007199254740993})", "9007199254740994",
     " The whole value must be at most 9007199254740993, but is 9007199254740994.\n"},
    {R"({"multipleOf": 0.1})", "0.3", ""},
    {R"({"multipleOf": 3})", "7", " The whole value must be a multiple of 3, but is 7.\n"},
    {R"({"minLength": 2, "maxLength": 3})", R"("äö")", ""},
    {R"({"minLength": 2})", R"("ä")",
     " The whole value must have at least 2 characters, but has 1.\n"},
    {R"({"pattern": "^[a-z]+$"})", R"("A1")",
     " The whole value must look like /^[a-z]+$/, but is 'A1'.\n"},
    {R"({"items": {"type": "integer"}})", R"([1, "x"])",
     "/1 '[1]' must be a whole number, but is 'x'.\n"},
    {R"({"properties": {"tags": {"items": {"type": "string"}}}})", R"({"tags": ["a", 2]})",
     "/tags/1 'tags[1]' must be a text, but is 2.\n"},
    {R"({"prefixItems": [{"type": "string"}], "items": false})", R"(["a", 1])",
     "/1 '[1]' is not allowed here.\n"},
    {R"({"uniqueItems": true})", R"([{"a": 1, "b": 2}, {"b": 2, "a": 1.0}])",
     " The whole value must not hold the same item twice: an object.\n"},
    {R"({"minItems": 2})", "[1]", " The whole value must have at least 2 items, but has 1.\n"},
    {R"({"contains": {"const": 1}})", "[2]",
     " The whole value must hold at least 1 item of the kind that `contains` describes, but holds "
     "0.\n"},
    {R"({"contains": {"const": 1}, "minContains": 0})", "[2]", ""},
    {R"({"contains": {"const": 1}, "maxContains": 1})", "[1, 1]",
     " The whole value must hold at most 1 item of the kind that `contains` describes, but holds "
     "2.\n"},
    {R"({"allOf": [{"required": ["a"]}, {"required": ["b"]}]})", "{}",
     " The whole value needs 'a'.\n The whole value needs 'b'.\n"},
    {R"({"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "string"}}}]})", R"({"a": 1})",
     "/a 'a' must be a text, but is 1.\n"},
    {R"({"oneOf": [{"minimum": 1}, {"minimum": 2}]})", "1", ""},
    {R"({"oneOf": [{"minimum": 1}, {"minimum": 2}]})", "3",
     " The whole value fits 2 of the alternatives of `oneOf`, and must fit just one.\n"},
    {R"({"not": {"type": "null"}})", "null", " The whole value is what `not` forbids.\n"},
    {R"({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}})",
     R"({"a": 1})", " The whole value needs 'b'.\n"},
    {R"({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}})",
     "{}", " The whole value needs 'c'.\n"},
    {R"({"$defs": {"name": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/name"}}})",
     R"({"a": 1})", "/a 'a' must be a text, but is 1.\n"},
    {R"({"$defs": {"n": {"$anchor": "name", "type": "string"}}, "items": {"$ref": "#name"}})",
     "[1]", "/0 '[0]' must be a text, but is 1.\n"},
    // A tree: the schema refers to itself.
    {R"({"properties": {"left": {"$ref": "#"}, "n": {"type": "integer"}}})",
     R"({"left": {"left": {"n": "x"}}})",
     "/left/left/n 'left.left.n' must be a whole number, but is 'x'.\n"},
    // What is not of the type a keyword is about is not its business.
    {R"({"minimum": 5, "minLength": 5, "minItems": 5, "required": ["a"]})", "true", ""},
    {R"({"title": "T", "description": "d", "default": 1, "x-form": {}, "examples": [1]})", "1", ""},
};

TEST(JsonSchemas, say_what_does_not_fit) {
  for (Row const& row : rows) {
    auto const schema = compiled(row.schema);
    ASSERT_NE(schema, nullptr) << row.schema;
    std::string said;
    for (auto const& fault : schema->check(json(row.value)))
      said += fault.pointer + " " + fault.message + "\n";
    EXPECT_EQ(said, row.faults) << row.schema << " on " << row.value;
  }
}

struct FormatRow {
  std::string format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

std::vector<FormatRow> const formats{
    {"date-time",
     {"2026-11-22T12:00:00Z", "2026-11-22t12:00:00.5+01:00", "1990-12-31T23:59:60Z"},
     {"2026-11-22", "2026-11-22 12:00:00Z", "2026-11-22T25:00:00Z", "2026-11-22T12:00:00", ""}},
    {"date", {"2024-02-29", "2026-11-22"}, {"2026-02-29", "2026-13-01", "2026-1-1", "26-11-22"}},
    {"time", {"12:00:00Z", "23:59:59.123-05:30"}, {"12:00", "12:00:00", "24:00:00Z", "12:00:00."}},
    {"duration", {"PT15M", "P1D"}, {"15M", "P", ""}},
    {"email", {"a@b.test"}, {"a", "a@b@c", "a b@c"}},
    {"hostname", {"a.b-c.test", "x"}, {"-a", "a..b", "a.", "a_b", ""}},
    {"ipv4", {"127.0.0.1"}, {"127.0.0.256", "1.2.3", "::1"}},
    {"ipv6", {"::1", "2001:db8::1"}, {"127.0.0.1", ":::"}},
    {"uri",
     {"https://a.test/b?c=d#e", "mailto:a@b.test", "urn:x:y"},
     {"/a", "a b", "1a:b", "a:%zz"}},
    {"uri-reference", {"/a", "b?c", ""}, {"a b", "<x>"}},
    {"uuid",
     {"0198c3f0-0000-7000-8000-000000000000"},
     {"0198c3f0000070008000000000000000", "0198c3f0-0000-7000-8000-00000000000g"}},
    {"json-pointer", {"", "/a/0", "/~0~1"}, {"a", "/~2", "/~"}},
    {"regex", {"^a+$"}, {"("}},
};

TEST(JsonSchemas, check_formats) {
  for (FormatRow const& row : formats) {
    auto const schema = compiled(R"({"format": ")" + row.format + "\"}");
    ASSERT_NE(schema, nullptr);
    for (auto const& text : row.good)
      EXPECT_TRUE(schema->check(Json(text)).empty()) << row.format << " " << text;
    for (auto const& text : row.bad)
      EXPECT_FALSE(schema->check(Json(text)).empty()) << row.format << " " << text;
  }
}

struct RefusedRow {
  std::string schema;
  std::string said;  // "pointer: words of the message"
};

std::vector<RefusedRow> const refused{
    {R"({"requird": ["a"]})", "/requird: Did you mean 'required'?"},
    {R"({"type": "sting"})", "/type: 'sting' is no type"},
    {R"({"format": "emial"})", "/format: Did you mean 'email'?"},
    {R"({"format": "iri"})", "/format: not checked"},
    {R"({"properties": {"a": {"unevaluatedProperties": false}}})",
     "/properties/a/unevaluatedProperties: additionalProperties"},
    {R"({"items": [{"type": "string"}]})", "/items: prefixItems"},
    {R"({"nullable": true})", "/nullable: null"},
    {R"({"$ref": "https://example.com/schema"})", "/$ref: must stay inside"},
    {R"({"$ref": "#/$defs/none"})", "/$ref: not in the schema"},
    {R"({"$ref": 5})", "/$ref: must stay inside"},
    {R"j({"pattern": "(?=a)"})j", "/pattern: cannot be checked"},
    {R"({"minimum": "5"})", "/minimum: must be a number"},
    {R"({"minLength": -1})", "/minLength: whole number"},
    {R"({"multipleOf": 0})", "/multipleOf: above 0"},
    {R"({"required": "a"})", "/required: a list"},
    {R"({"then": {}})", "/then: without 'if'"},
    {R"({"anyOf": []})", "/anyOf: empty"},
    {R"({"$defs": {"a": {"tpye": "string"}}})", "/$defs/a/tpye: Did you mean 'type'?"},
    {R"({"properties": {"a": 5}})", "/properties/a: a mapping"},
    {"5", ": a mapping"},
};

TEST(JsonSchemas, refuse_what_they_cannot_check) {
  for (RefusedRow const& row : refused) {
    std::vector<JsonSchema::Refusal> refusals;
    EXPECT_EQ(JsonSchema::compile(json(row.schema), refusals), nullptr) << row.schema;
    ASSERT_EQ(refusals.size(), 1U) << row.schema;
    auto const colon = row.said.find(": ");
    EXPECT_EQ(refusals[0].pointer, row.said.substr(0, colon)) << row.schema;
    EXPECT_NE(refusals[0].message.find(row.said.substr(colon + 2)), std::string::npos)
        << row.schema << ": " << refusals[0].message;
  }
}

TEST(JsonSchemas, give_ten_faults_at_most) {
  auto const schema = compiled(R"({"items": {"type": "string"}})");
  Json many = Json::array();
  for (int i = 0; i < 100; ++i)
    many.push_back(i);
  auto const faults = schema->check(many);
  EXPECT_EQ(faults.size(), schema_faults_max);
  EXPECT_TRUE(in_words(faults).ends_with("And 7 more.")) << in_words(faults);
}

TEST(JsonSchemas, that_lead_in_a_circle_or_explode_end_with_a_fault) {
  for (auto const* text :
       {R"({"$ref": "#"})",
        R"({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}},
            "$ref": "#/$defs/a"})",
        R"({"not": {"$ref": "#"}})"}) {
    auto const schema = compiled(text);
    ASSERT_NE(schema, nullptr);
    auto const faults = schema->check(Json(1));
    ASSERT_EQ(faults.size(), 1U) << text;
    EXPECT_NE(faults[0].message.find("too large or too deep"), std::string::npos);
  }
}

}  // namespace
}  // namespace fairlead::workflow
