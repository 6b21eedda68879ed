#include "builtin/http_call.h"

#include <gtest/gtest.h>

namespace fairlead::builtin {
namespace {

Json json(std::string_view text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

TEST(HttpCall, reads_method_endpoint_query_and_headers) {
  auto call = read_http_call(json(
      R"({"method": "get", "endpoint": {"uri": "https://a.example/x?y=1"},
          "query": {"q": "a b", "tag": ["x", 2], "none": null}, "headers": {"X-One": "1"}})"));
  ASSERT_TRUE(call.ok()) << describe(call.error());
  EXPECT_EQ(call->request.method, net::Method::get);
  EXPECT_EQ(call->request.url, "https://a.example/x?y=1&q=a%20b&tag=x&tag=2");
  EXPECT_EQ(call->request.headers.get("x-one"), "1");
  EXPECT_EQ(call->request.redirects_max, 0);
  EXPECT_EQ(call->request.address_policy, net::HttpRequest::AddressPolicy::public_only);
}

TEST(HttpCall, chooses_the_body_by_value_and_content_type) {
  struct Case {
    std::string_view with;
    std::string_view body;
    std::string_view type;
  };
  Case const cases[] = {{R"({"body": {"a": 1}})", R"({"a":1})", "application/json"},
                        {R"({"body": "hello"})", "hello", "text/plain; charset=utf-8"},
                        {R"({"body": [1], "headers": {"content-type": "application/vnd.x+json"}})",
                         "[1]", "application/vnd.x+json"},
                        {R"({"body": {"a": "1 2", "b": ["x", true]},
           "headers": {"Content-Type": "application/x-www-form-urlencoded"}})",
                         "a=1%202&b=x&b=true", "application/x-www-form-urlencoded"},
                        {R"({})", "", ""}};
  for (auto const& each : cases) {
    Json with = json(each.with);
    with.set("method", "POST");
    with.set("endpoint", "https://a.example/");
    auto call = read_http_call(with);
    ASSERT_TRUE(call.ok()) << describe(call.error());
    EXPECT_EQ(call->request.body, each.body);
    EXPECT_EQ(call->request.headers.get("Content-Type"), each.type);
  }
}

TEST(HttpCall, names_the_argument_that_is_wrong) {
  struct Case {
    std::string_view with;
    std::string_view where;
  };
  Case const cases[] = {
      {R"({"method": "brew", "endpoint": "https://a.example/"})", "with.method"},
      {R"({"method": "get"})", "with.endpoint"},
      {R"({"method": "get", "endpoint": "https://a.example/", "query": {"a": {}}})",
       "with.query.a"},
      {R"({"method": "get", "endpoint": "https://a.example/", "headers": "x"})", "with.headers"},
      {R"({"method": "get", "endpoint": "https://a.example/", "output": "x"})", "with.output"}};
  for (auto const& each : cases) {
    auto call = read_http_call(json(each.with));
    ASSERT_FALSE(call.ok()) << each.with;
    EXPECT_EQ(call.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(call.error().where, each.where);
  }
}

TEST(HttpCall, keeps_the_authorization_out_of_headers_and_output) {
  auto call = read_http_call(json(
      R"({"method": "get", "endpoint": "https://a.example/", "output": "response",
          "headers": {"authorization": "Token abcdef", "Accept": "text/plain"}})"));
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->request.authorization.reveal(), "Token abcdef");
  net::HttpResponse response{.status = 200, .body = "hi", .effective_url = "https://a.example/"};
  response.headers.add("Content-Type", "text/plain");
  auto output = output_of(*call, response);
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->dump(), R"({"request":{"method":"get","uri":"https://a.example/","headers":)"
                            R"({"accept":"text/plain"}},"headers":{"content-type":"text/plain"},)"
                            R"("statusCode":200,"content":"hi"})");
}

TEST(HttpCall, reads_the_content_by_its_type) {
  struct Case {
    std::string_view type;
    std::string_view body;
    std::string_view content;
  };
  Case const cases[] = {{"application/json; charset=utf-8", "{\"a\":1}", "{\"a\":1}"},
                        {"application/problem+json", "[]", "[]"},
                        {"text/plain", "{}", "\"{}\""},
                        {"", "{\"a\":1}", "{\"a\":1}"},
                        {"", "plain", "\"plain\""},
                        {"image/png", "\xff\xfe", "\"//4=\""},
                        {"application/json", "", "null"}};
  HttpCall const call;
  for (auto const& each : cases) {
    net::HttpResponse response{.status = 200, .body = std::string(each.body)};
    if (!each.type.empty()) response.headers.add("Content-Type", std::string(each.type));
    auto output = output_of(call, response);
    ASSERT_TRUE(output.ok()) << each.type;
    EXPECT_EQ(output->dump(), each.content) << each.type;
  }
  net::HttpResponse broken{.status = 200, .body = "<html>"};
  broken.headers.add("Content-Type", "application/json");
  EXPECT_FALSE(output_of(call, broken).ok());
}

}  // namespace
}  // namespace fairlead::builtin
