#include "action/late_invoker.h"

#include <gtest/gtest.h>

#include <map>

#include "expression/native.h"

namespace fairlead::action {
namespace {

class FakeSecrets final : public access::SecretSource {
 public:
  Result<std::optional<Secret>> find(std::string_view name) override {
    asked.emplace_back(name);
    auto const found = values.find(name);
    if (found == values.end()) return std::optional<Secret>();
    return std::optional<Secret>(Secret(found->second));
  }
  Result<std::vector<access::SecretListing>> list() override {
    return std::vector<access::SecretListing>();
  }
  std::map<std::string, std::string, std::less<>> values;
  std::vector<std::string> asked;
};

class NativeEvaluator final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const& evaluation) override {
    if (auto value = expression::evaluate_native(evaluation)) return *value;
    return invalid_input(evaluation.program, "jq: error quoting " + evaluation.variables.dump());
  }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

class EchoInvoker final : public Invoker {
 public:
  Result<Outcome> invoke(Invocation const& invocation) override {
    seen = invocation;
    if (error) return *error;
    return Outcome{.output = invocation.input};
  }
  Result<ActionInfo const*> info(std::string_view, std::string_view,
                                 std::string_view) const override {
    return &info_;
  }
  Invocation seen;
  std::optional<Error> error;

 private:
  ActionInfo info_;
};

struct LateInvokerTest : ::testing::Test {
  LateInvokerTest() {
    secrets.values = {{"key", "hunter22"},
                      {"login", R"({"username": "ann", "password": "pass/word+1"})"}};
  }

  Invocation invocation(std::string pointer, std::string program, std::vector<std::string> names) {
    Invocation made{.name = "x",
                    .input = Json::object({{"a", Json::object({{"b", "${ text }"}})},
                                           {"list", Json::array({"zero", "one"})},
                                           {"data", "${ $secrets.key }"}})};
    made.late = {.places = {{.pointer = std::move(pointer),
                             .text = std::move(program),
                             .secrets = std::move(names)}},
                 .input = Json::object({{"n", "input"}}),
                 .variables = Json::object({{"context", Json::object({{"c", "ctx"}})}}),
                 .workflow = "ops/test (version 1.0.0)"};
    return made;
  }

  FakeSecrets secrets;
  NativeEvaluator evaluator;
  EchoInvoker inner;
  std::unique_ptr<Invoker> late = make_late_invoker({inner, evaluator, secrets});
};

TEST_F(LateInvokerTest, fills_the_named_place_and_masks_what_comes_back) {
  auto outcome = late->invoke(invocation("/a/b", "$secrets.key", {"key"}));
  ASSERT_TRUE(outcome.ok()) << describe(outcome.error());
  EXPECT_EQ(inner.seen.input["a"]["b"].as_string(), "hunter22");
  EXPECT_EQ(outcome->output["a"]["b"].as_string(), "[masked]");
}

TEST_F(LateInvokerTest, data_that_looks_like_an_expression_stays_data) {
  ASSERT_TRUE(late->invoke(invocation("/list/1", "$secrets.key", {"key"})).ok());
  EXPECT_EQ(inner.seen.input["data"].as_string(), "${ $secrets.key }");
  EXPECT_EQ(inner.seen.input["list"].dump(), R"(["zero","hunter22"])");
}

TEST_F(LateInvokerTest, sees_input_context_and_members_of_a_secret) {
  ASSERT_TRUE(
      late->invoke(invocation("/a/b", "\"\\(.n) \\($context.c) \\($secrets.login.password)\"",
                              {"login"}))
          .ok());
  EXPECT_EQ(inner.seen.input["a"]["b"].as_string(), "input ctx pass/word+1");
}

TEST_F(LateInvokerTest, a_whole_policy_can_be_a_secret) {
  auto call = invocation("/a", "login", {"login"});
  call.late.places[0].kind = LatePlace::Kind::secret;
  auto outcome = late->invoke(call);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(inner.seen.input["a"]["username"].as_string(), "ann");
  call.late.places[0].text = "key";
  call.late.places[0].secrets = {"key"};
  EXPECT_FALSE(late->invoke(call).ok());
}

TEST_F(LateInvokerTest, a_missing_secret_says_who_needs_it_and_how_to_set_it) {
  auto outcome = late->invoke(invocation("/a/b", "$secrets.other", {"other"}));
  ASSERT_FALSE(outcome.ok());
  EXPECT_TRUE(outcome.error().details["type"].as_string().ends_with("/configuration"));
  EXPECT_NE(outcome.error().message.find("ops/test"), std::string::npos);
  EXPECT_NE(outcome.error().remedy.find("fairlead secret set other"), std::string::npos);
}

TEST_F(LateInvokerTest, errors_never_quote_a_secret) {
  auto failing = late->invoke(invocation("/a/b", "$secrets.key | error", {"key"}));
  ASSERT_FALSE(failing.ok());
  EXPECT_EQ(describe(failing.error()).find("hunter22"), std::string::npos);
  inner.error =
      make_error(ErrorKind::denied, "key hunter22 or cGFzcy93b3JkKzE= or pass%2Fword%2B1");
  auto refused =
      late->invoke(invocation("/a/b", "$secrets.key + $secrets.login.password", {"key", "login"}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "key [masked] or [masked] or [masked]");
}

TEST_F(LateInvokerTest, a_call_without_secrets_asks_for_none) {
  ASSERT_TRUE(late->invoke({.name = "x", .input = Json("${ $secrets.key }")}).ok());
  EXPECT_TRUE(secrets.asked.empty());
  EXPECT_EQ(inner.seen.input.as_string(), "${ $secrets.key }");
}

}  // namespace
}  // namespace fairlead::action
