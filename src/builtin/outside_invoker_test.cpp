#include "builtin/outside_invoker.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::builtin {
namespace {

using action::Invocation;
using net::Method;

class NoCatalogue final : public action::Invoker {
 public:
  Result<action::Outcome> invoke(Invocation const& invocation) override {
    passed_on = invocation.name;
    return action::Outcome{};
  }
  Result<action::ActionInfo const*> info(std::string_view, std::string_view,
                                         std::string_view) const override {
    return make_error(ErrorKind::not_found, "nothing here");
  }
  std::string passed_on;
};

class OutsideInvokerTest : public ::testing::Test {
 protected:
  Result<action::Outcome> call(std::string_view with,
                               Invocation::Mode mode = Invocation::Mode::first) {
    return invoker_->invoke(
        {.catalog = "", .name = "http", .input = *Json::parse(with), .mode = mode});
  }

  testing::FakeTransport transport_;
  testing::VirtualClock clock_;
  testing::SeededRandom random_{1};
  NoCatalogue catalogue_;
  std::unique_ptr<action::Invoker> invoker_ = make_outside_invoker(
      {.transport = transport_, .clock = clock_, .random = random_, .catalogue = catalogue_});
};

TEST_F(OutsideInvokerTest, answers_with_the_content) {
  transport_.on(Method::get, "https://a.example/pets?status=sold")
      .answer_json(200, Json::array({Json::object({{"id", 1}})}),
                   {{"Content-Type", "application/json"}});
  auto outcome = call(
      R"({"method": "get", "endpoint": "https://a.example/pets", "query": {"status": "sold"}})");
  ASSERT_TRUE(outcome.ok()) << describe(outcome.error());
  EXPECT_EQ(outcome->output.dump(), R"([{"id":1}])");
}

TEST_F(OutsideInvokerTest, a_status_that_is_no_success_is_a_communication_error) {
  struct Case {
    int status;
    bool redirect;
    bool fails;
  };
  for (auto const& each : {Case{200, false, false}, Case{204, false, false}, Case{301, false, true},
                           Case{304, true, false}, Case{404, false, true}, Case{429, false, true},
                           Case{503, true, true}}) {
    transport_.on(Method::get, "https://a.example/").answer({.status = each.status, .body = "why"});
    auto outcome = call(
        each.redirect ? R"({"method": "GET", "endpoint": "https://a.example/", "redirect": true})"
                      : R"({"method": "GET", "endpoint": "https://a.example/"})");
    ASSERT_EQ(outcome.ok(), !each.fails) << each.status;
    if (!each.fails) continue;
    EXPECT_TRUE(outcome.error().details["type"].as_string().ends_with("/communication"));
    EXPECT_EQ(outcome.error().details["status"].as_integer(), each.status);
    EXPECT_EQ(outcome.error().cause, "It said: why");
  }
}

TEST_F(OutsideInvokerTest, basic_and_bearer_are_sent_and_masked_where_they_are_echoed) {
  transport_.on(Method::get, "https://a.example/")
      .with_authorization("Basic dXNlcjpodW50ZXIyMg==")
      .answer_json(200, Json::object({{"seen", "Basic dXNlcjpodW50ZXIyMg=="}, {"pw", "hunter22"}}));
  auto basic = call(R"({"method": "get", "endpoint": {"uri": "https://a.example/",
      "authentication": {"basic": {"username": "user", "password": "hunter22"}}}})");
  ASSERT_TRUE(basic.ok()) << describe(basic.error());
  EXPECT_EQ(basic->output.dump(), R"({"seen":"Basic [masked]","pw":"[masked]"})");
  transport_.on(Method::get, "https://a.example/")
      .with_authorization("Bearer tok-12345")
      .answer({.status = 400, .body = "bad token tok-12345"});
  auto bearer = call(R"({"method": "get", "endpoint": {"uri": "https://a.example/",
      "authentication": {"bearer": {"token": "tok-12345"}}}})");
  ASSERT_FALSE(bearer.ok());
  EXPECT_EQ(describe(bearer.error()).find("tok-12345"), std::string::npos);
}

TEST_F(OutsideInvokerTest, a_policy_without_its_parts_is_a_configuration_error) {
  auto outcome = call(R"({"method": "get", "endpoint": {"uri": "https://a.example/",
      "authentication": {"basic": {"username": "user"}}}})");
  ASSERT_FALSE(outcome.ok());
  EXPECT_TRUE(outcome.error().details["type"].as_string().ends_with("/configuration"));
  EXPECT_NE(outcome.error().message.find("password"), std::string::npos);
}

TEST_F(OutsideInvokerTest, the_effect_follows_from_the_method) {
  struct Case {
    std::string_view method;
    action::Effect effect;
  };
  for (auto const& each :
       {Case{"get", action::Effect::reads}, Case{"HEAD", action::Effect::reads},
        Case{"options", action::Effect::reads}, Case{"put", action::Effect::changes},
        Case{"delete", action::Effect::changes}, Case{"post", action::Effect::changes},
        Case{"nonsense", action::Effect::changes}}) {
    auto effect = invoker_->effect_of(
        {.catalog = "", .name = "http", .input = Json::object({{"method", each.method}})});
    ASSERT_TRUE(effect.ok());
    EXPECT_EQ(*effect, each.effect) << each.method;
  }
}

TEST_F(OutsideInvokerTest, an_interrupted_call_is_repeated_only_if_that_is_harmless) {
  struct Case {
    std::string_view with;
    bool sent_again;
  };
  for (auto const& each : {Case{R"({"method": "post", "endpoint": "https://a.example/"})", false},
                           Case{R"({"method": "patch", "endpoint": "https://a.example/"})", false},
                           Case{R"({"method": "put", "endpoint": "https://a.example/"})", true},
                           Case{R"({"method": "delete", "endpoint": "https://a.example/"})", true},
                           Case{R"({"method": "post", "endpoint": "https://a.example/",
                 "headers": {"idempotency-key": "k1"}})",
                                true}}) {
    if (each.sent_again) {
      auto const method = *net::method_from([&] {
        auto name = (*Json::parse(each.with))["method"].as_string();
        for (char& c : name)
          c = static_cast<char>(c - 'a' + 'A');
        return name;
      }());
      transport_.on(method, "https://a.example/").answer({.status = 204});
    }
    auto outcome = call(each.with, Invocation::Mode::recover);
    EXPECT_EQ(outcome.ok(), each.sent_again) << each.with;
    if (each.sent_again) continue;
    EXPECT_EQ(outcome.error().kind, ErrorKind::uncertain);
    EXPECT_EQ(outcome.error().details["lookUp"].as_string(), "impossible");
  }
}

TEST_F(OutsideInvokerTest, no_answer_is_a_timeout_or_a_communication_error) {
  struct Case {
    std::string_view method;
    ErrorKind kind;
    std::string message;
    std::string_view type;
    int status;
    bool asks;
  };
  for (auto const& each :
       {Case{"GET", ErrorKind::uncertain, "no answer came within 60 s", "timeout", 408, false},
        Case{"GET", ErrorKind::uncertain, "the connection was lost", "communication", 502, false},
        Case{"POST", ErrorKind::uncertain, "no answer came within 60 s", "timeout", 408, true},
        Case{"POST", ErrorKind::unavailable, "refused", "communication", 503, false},
        Case{"GET", ErrorKind::invalid_input, "a private address", "configuration", 400, false}}) {
    transport_.on(*net::method_from(each.method), "https://a.example/")
        .fail(make_error(each.kind, each.message));
    auto outcome = call(R"({"endpoint": "https://a.example/", "method": ")" +
                        std::string(each.method) + R"("})");
    ASSERT_FALSE(outcome.ok());
    EXPECT_TRUE(outcome.error().details["type"].as_string().ends_with(each.type)) << each.message;
    EXPECT_EQ(outcome.error().details["status"].as_integer(), each.status);
    EXPECT_EQ(outcome.error().details.contains("lookUp"), each.asks);
  }
}

TEST_F(OutsideInvokerTest, passes_calls_of_catalogues_on) {
  ASSERT_TRUE(invoker_->invoke({.catalog = "gitlab", .name = "get-issue"}).ok());
  EXPECT_EQ(catalogue_.passed_on, "get-issue");
}

}  // namespace
}  // namespace fairlead::builtin
