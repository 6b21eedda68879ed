#include "schema/codec.h"

#include <gtest/gtest.h>

#include "schema/date.h"

namespace fairlead::schema {
namespace {

enum class Visibility { closed, internal, open };
constexpr auto enum_names(Visibility) {
  return std::array{EnumName<Visibility>{Visibility::closed, "private", "Private"},
                    EnumName<Visibility>{Visibility::internal, "internal"},
                    EnumName<Visibility>{Visibility::open, "public"}};
}

struct Assignee {
  std::int64_t id{};
  std::optional<std::string> name;
  static constexpr auto fields() {
    return std::tuple{field("id", &Assignee::id, {.label = "Id", .minimum = 1}),
                      field("name", &Assignee::name)};
  }
};

struct Input {
  std::string title;
  std::optional<std::vector<Assignee>> assignees;
  std::optional<Date> due_date;
  Change<std::string> milestone;
  Visibility visibility{Visibility::internal};
  bool draft{true};
  std::map<std::string, std::int64_t> weights;
  std::optional<double> ratio;
  std::optional<Secret> token;
  Json extra;
  static constexpr auto fields() {
    return std::tuple{
        field("title", &Input::title,
              {.label = "Title",
               .help = "In short.",
               .example = "12",
               .min_length = 1,
               .max_length = 5}),
        field("assignees", &Input::assignees,
              {.label = "Assignees", .max_items = 3, .picker = "user"}),
        field("due_date", &Input::due_date, {.label = "Due date"}),
        field("milestone", &Input::milestone, {.label = "Milestone"}),
        field("visibility", &Input::visibility, {.label = "Visibility", .defaulted = true}),
        field("draft", &Input::draft, {.defaulted = true}),
        field("weights", &Input::weights, {.defaulted = true}),
        field("ratio", &Input::ratio),
        field("token", &Input::token),
        field("extra", &Input::extra, {.widget = "code", .defaulted = true})};
  }
};

struct Answer {
  std::int64_t id{};
  std::optional<std::string> web_url;
  bool archived{false};
  Json all;
  static constexpr auto fields() {
    return std::tuple{field("id", &Answer::id), field("web_url", &Answer::web_url),
                      field("archived", &Answer::archived, {.defaulted = true}),
                      rest(&Answer::all)};
  }
};

// Forgets `second`; codecs refuse to compile with it.
struct Forgetful {
  std::string first;
  std::optional<std::vector<std::int64_t>> second;
  static constexpr auto fields() { return std::tuple{field("first", &Forgetful::first)}; }
};
static_assert(fields_are_complete<Input> && fields_are_complete<Answer> &&
              fields_are_complete<Assignee>);
static_assert(!fields_are_complete<Forgetful>);

Json parse(std::string_view text) { return Json::parse(text).value(); }

Error error_of(std::string_view text) {
  auto result = decode<Input>(parse(text));
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? Error{} : result.error();
}

TEST(Decode, reads_every_kind_of_field) {
  auto const input =
      decode<Input>(parse(R"({"title":"Boom","assignees":[{"id":7,"name":"Ann"},{"id":8}],
    "due_date":"2028-02-29","milestone":null,"visibility":"public","draft":false,"weights":{"a":1},
    "ratio":2,"token":"glpat-x","extra":[1]})"));
  ASSERT_TRUE(input.ok()) << describe(input.error());
  EXPECT_EQ(input->assignees->at(0).name, "Ann");
  EXPECT_FALSE(input->assignees->at(1).name.has_value());
  EXPECT_EQ(format(*input->due_date), "2028-02-29");
  EXPECT_TRUE(input->milestone.clears());
  EXPECT_EQ(input->visibility, Visibility::open);
  EXPECT_FALSE(input->draft);
  EXPECT_EQ(input->weights.at("a"), 1);
  EXPECT_EQ(*input->ratio, 2.0);
  EXPECT_EQ(input->token->reveal(), "glpat-x");
  EXPECT_EQ(input->extra.at(0).as_integer(), 1);
}

TEST(Decode, absent_fields_keep_their_defaults_and_null_means_not_given) {
  auto const input = decode<Input>(parse(R"({"title":"x","assignees":null,"draft":null})"));
  ASSERT_TRUE(input.ok()) << describe(input.error());
  EXPECT_FALSE(input->assignees.has_value());
  EXPECT_TRUE(input->milestone.leaves());
  EXPECT_EQ(input->visibility, Visibility::internal);
  EXPECT_TRUE(input->draft);
}

TEST(Decode, an_error_names_the_field_and_what_was_wrong) {
  struct Case {
    std::string_view input, where, message;
  };
  for (Case const& c : std::initializer_list<Case>{
           {R"({})", "title", "is missing"},
           {R"({"title":null})", "title", "must not be null"},
           {R"({"title":3})", "title", "must be a text, not 3"},
           {R"({"title":""})", "title", "is empty"},
           {R"({"title":"123456"})", "title", "is too long: 6 characters, at most 5"},
           {R"([])", "", "the input must be an object, not a list"},
           {R"({"title":"x","assignees":{}})", "assignees", "must be a list, not an object"},
           {R"({"title":"x","assignees":[{"id":1},{"id":"7"}]})", "assignees[1].id",
            "must be a whole number, not \"7\""},
           {R"({"title":"x","assignees":[{"id":0}]})", "assignees[0].id",
            "must be at least 1, not 0"},
           {R"({"title":"x","assignees":[{"id":1.5}]})", "assignees[0].id",
            "must be a whole number, not 1.5"},
           {R"({"title":"x","assignees":[{"id":1},{"id":1},{"id":1},{"id":1}]})", "assignees",
            "has 4 items, at most 3 are taken"},
           {R"({"title":"x","due_date":"2026-02-29"})", "due_date",
            "must be a date (YYYY-MM-DD), not \"2026-02-29\""},
           {R"({"title":"x","visibility":"pubic"})", "visibility",
            "must be one of private, internal, public, not \"pubic\"; did you mean public?"},
           {R"({"title":"x","draft":"yes"})", "draft", "must be true or false, not \"yes\""},
           {R"({"title":"x","weights":{"a":"b"}})", "weights.a",
            "must be a whole number, not \"b\""},
           {R"({"title":"x","ratio":"2"})", "ratio", "must be a number, not \"2\""},
           {R"({"title":"x","assignee":[]})", "assignee",
            "is not a field; did you mean assignees?"},
       }) {
    Error const error = error_of(c.input);
    EXPECT_EQ(error.kind, ErrorKind::invalid_input);
    EXPECT_EQ(error.where, c.where) << c.input;
    EXPECT_EQ(error.message, c.message) << c.input;
  }
}

TEST(Decode, an_unknown_field_unlike_any_lists_the_fields) {
  Error const error = error_of(R"({"title":"x","zzzzzzzzzz":1})");
  EXPECT_EQ(error.where, "zzzzzzzzzz");
  EXPECT_NE(error.message.find("the fields are title, assignees"), std::string::npos);
}

TEST(Decode, lengths_are_counted_in_code_points) {
  EXPECT_TRUE(decode<Input>(parse(R"({"title":"äöü€😀"})")).ok());
  EXPECT_FALSE(decode<Input>(parse(R"({"title":"äöü€😀!"})")).ok());
}

TEST(Decode, all_problems_are_reported_at_once) {
  Error const error = error_of(R"({"draft":1,"ratio":"x"})");
  EXPECT_EQ(error.where, "title");
  ASSERT_EQ(error.details["problems"].size(), 3u);
  EXPECT_EQ(error.details["problems"].at(1)["where"].as_string(), "draft");
}

TEST(Decode, the_number_of_problems_is_bounded) {
  std::string text = R"({"title":"x","assignees":[)";
  for (int i = 0; i < 200; ++i)
    text += R"({"id":"x"},)";
  Error const error = error_of(text + R"({"id":1}]})");
  EXPECT_EQ(error.details["problems"].size(), problems_max);
}

TEST(Decode, a_secret_of_the_wrong_type_is_not_repeated_in_the_error) {
  Error const error = error_of(R"({"title":"x","token":["glpat-secret"]})");
  EXPECT_EQ(error.message, "must be a text");
}

TEST(DecodeAnswer, unknown_fields_are_kept_and_null_flags_are_false) {
  auto const answer =
      decode_answer<Answer>(parse(R"({"new_field":{"x":1},"id":5,"archived":null})"));
  ASSERT_TRUE(answer.ok()) << describe(answer.error());
  EXPECT_FALSE(answer->archived);
  EXPECT_EQ(encode(*answer).dump(), R"({"new_field":{"x":1},"id":5,"archived":false})");
}

TEST(DecodeAnswer, only_what_is_declared_without_optional_must_be_there) {
  auto const answer = decode_answer<Answer>(parse(R"({"web_url":"x"})"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(answer.error().message, "GitLab's answer is not as documented: id is missing");
}

TEST(Encode, absent_values_are_left_out_and_secrets_are_masked) {
  Input input;
  input.title = "T";
  input.token = Secret("glpat-x");
  input.milestone = Change<std::string>::cleared();
  EXPECT_EQ(encode(input).dump(),
            R"({"title":"T","milestone":null,"visibility":"internal","draft":true,"weights":{},)"
            R"("token":"[masked]","extra":null})");
}

TEST(Schema, describes_types_limits_defaults_and_hints) {
  Json const schema = json_schema<Input>(Unknown::refused);
  EXPECT_EQ(schema["$schema"].as_string(), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["required"].dump(), R"(["title"])");
  EXPECT_EQ(schema["additionalProperties"].dump(), "false");
  Json const& fields = schema["properties"];
  EXPECT_EQ(
      fields["title"].dump(),
      R"({"title":"Title","description":"In short.","type":"string","minLength":1,"maxLength":5,)"
      R"("examples":["12"],"x-fairlead":{"order":1}})");
  EXPECT_EQ(fields["assignees"]["items"]["properties"]["id"]["type"].as_string(), "integer");
  EXPECT_EQ(fields["assignees"]["x-fairlead"].dump(), R"({"order":2,"picker":"user"})");
  EXPECT_EQ(fields["due_date"]["format"].as_string(), "date");
  EXPECT_EQ(fields["milestone"].dump(), R"({"title":"Milestone","type":["string","null"],)"
                                        R"("x-fairlead":{"clearable":true,"order":4}})");
  EXPECT_EQ(fields["visibility"].dump(),
            R"({"title":"Visibility","type":"string","enum":["private","internal","public"],)"
            R"("x-fairlead":{"labels":{"private":"Private"},"order":5},"default":"internal"})");
  EXPECT_EQ(fields["draft"]["default"].dump(), "true");
  EXPECT_EQ(fields["token"]["writeOnly"].dump(), "true");
  EXPECT_EQ(json_schema<Answer>(Unknown::refused)["additionalProperties"].dump(), "true");
}

}  // namespace
}  // namespace fairlead::schema
