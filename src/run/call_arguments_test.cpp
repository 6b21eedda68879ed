#include "run/call_arguments.h"

#include <gtest/gtest.h>

#include "run/fakes_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

struct Setting {
  DocumentPtr document;
  RunState state;
  Frame frame;

  explicit Setting(std::string_view body, Json input = Json::object())
      : document(document_of(body)), state(new_run(RunId("run-1"), document)) {
    frame.id = 1;
    frame.task = &document->tasks->front();
    frame.input = std::move(input);
    frame.stage = Stage::calling;
    state.frames[1] = frame;
  }
  [[nodiscard]] workflow::CallTask const& call() const {
    return std::get<workflow::CallTask>(frame.task->body);
  }
  [[nodiscard]] Json to_evaluate() const { return arguments_to_evaluate(*document, call()); }
};

TEST(CallArguments, templates_of_the_document_are_filled_in_and_results_are_not) {
  Setting const written("do:\n- a: {call: http, with: {method: get, endpoint: 'https://x/{id}'}}\n",
                        json(R"({"id": "a b"})"));
  auto filled = finished_arguments(*written.document, written.frame, written.to_evaluate());
  ASSERT_TRUE(filled.ok()) << describe(filled.error());
  EXPECT_EQ((*filled)["endpoint"].as_string(), "https://x/a%20b");

  Setting const computed(
      "do:\n- a: {call: http, with: {method: get, endpoint: {uri: '${ .uri }'}}}\n",
      json(R"({"id": "a", "uri": "https://evil/{id}"})"));
  Json values = computed.to_evaluate();
  values.set("endpoint", Json::object({{"uri", "https://evil/{id}"}}));
  auto kept = finished_arguments(*computed.document, computed.frame, values);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ((*kept)["endpoint"]["uri"].as_string(), "https://evil/{id}");
}

TEST(CallArguments, a_variable_the_input_lacks_is_an_error) {
  Setting const setting(
      "do:\n- a: {call: http, with: {method: get, endpoint: 'https://x/{id}'}}\n");
  auto filled = finished_arguments(*setting.document, setting.frame, setting.to_evaluate());
  ASSERT_FALSE(filled.ok());
  EXPECT_EQ(filled.error().where, "id");
}

TEST(CallArguments, a_named_policy_is_written_out) {
  Setting const setting(
      "use: {authentications: {desk: {basic: {username: ada, password: '${ .pw }'}}}}\n"
      "do:\n- a: {call: http, with: {method: get, endpoint: {uri: 'https://x/', authentication: "
      "{use: desk}}}}\n");
  EXPECT_EQ(setting.to_evaluate()["endpoint"]["authentication"].dump(),
            R"({"basic":{"username":"ada","password":"${ .pw }"}})");
}

constexpr std::string_view with_secrets =
    "use: {secrets: [key, login]}\n"
    "do:\n- a: {call: http, with: {method: post, endpoint: {uri: 'https://x/', authentication: "
    "{basic: {use: login}}}, headers: {X: '${ $secrets.key }', Y: '${ .y }'}, body: ['${ "
    "$context.c + $secrets.key }']}}\n";

TEST(CallArguments, what_names_secrets_stays_text_and_is_listed_as_late) {
  Setting setting(with_secrets, json(R"({"y": "${ $secrets.key }"})"));
  setting.state.context = json(R"({"c": "ctx", "unused": 1})");
  Json values = setting.to_evaluate();
  EXPECT_TRUE(values["headers"]["X"].is_null());
  // As evaluated: data that looks like an expression.
  values.set("headers", json(R"({"X": null, "Y": "${ $secrets.key }"})"));
  auto arguments = finished_arguments(*setting.document, setting.frame, values);
  ASSERT_TRUE(arguments.ok());
  EXPECT_EQ((*arguments)["headers"]["X"].as_string(), "${ $secrets.key }");
  auto const late = late_arguments(setting.state, setting.frame);
  std::vector<std::string> places;
  for (auto const& place : late.places)
    places.push_back(place.pointer);
  EXPECT_EQ(places,
            (std::vector<std::string>{"/headers/X", "/body/0", "/endpoint/authentication/basic"}));
  EXPECT_EQ(late.variables["context"]["c"].as_string(), "ctx");
  EXPECT_FALSE(late.variables.contains("secrets"));
}

TEST(CallArguments, only_declared_secrets_are_late) {
  Setting const setting(
      "use: {secrets: [other]}\n"
      "do:\n- a: {call: http, with: {method: get, endpoint: 'https://x/', headers: {X: '${ "
      "$secrets.key }'}}}\n");
  EXPECT_TRUE(late_arguments(setting.state, setting.frame).places.empty());
}

}  // namespace
}  // namespace fairlead::run
