#include "net/uri_template.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(UriTemplate, expands_as_rfc_6570_says) {
  Json const values = Json::object({{"var", "value"},
                                    {"hello", "Hello World!"},
                                    {"path", "/foo/bar"},
                                    {"empty", ""},
                                    {"n", 42},
                                    {"list", Json::array({"red", "green", "blue"})}});
  struct Case {
    std::string_view text;
    std::string_view expanded;
  };
  Case const cases[] = {{"http://a/{var}", "http://a/value"},
                        {"{hello}", "Hello%20World%21"},
                        {"{+hello}", "Hello%20World!"},
                        {"{path}", "%2Ffoo%2Fbar"},
                        {"{+path}/here", "/foo/bar/here"},
                        {"{#path}", "#/foo/bar"},
                        {"{n,var}", "42,value"},
                        {"{/var,n}", "/value/42"},
                        {"x{.var}", "x.value"},
                        {"{;n,empty}", ";n=42;empty"},
                        {"{?n,empty}", "?n=42&empty="},
                        {"?fixed=yes{&n}", "?fixed=yes&n=42"},
                        {"{list}", "red,green,blue"},
                        {"{?list*}", "?list=red&list=green&list=blue"},
                        {"plain", "plain"},
                        {"", ""}};
  for (auto const& each : cases) {
    auto expanded = expand_uri_template(each.text, values);
    ASSERT_TRUE(expanded.ok()) << each.text << ": " << describe(expanded.error());
    EXPECT_EQ(*expanded, each.expanded) << each.text;
  }
}

TEST(UriTemplate, a_missing_variable_is_an_error_that_names_it) {
  auto expanded = expand_uri_template("https://a/pets/{petId}", Json::object({{"id", 1}}));
  ASSERT_FALSE(expanded.ok());
  EXPECT_EQ(expanded.error().where, "petId");
  EXPECT_FALSE(expand_uri_template("{x}", Json::object({{"x", Json::object()}})).ok());
  EXPECT_FALSE(expand_uri_template("{x}", Json()).ok());
}

TEST(UriTemplate, refuses_malformed_braces) {
  for (std::string_view const text : {"a{b", "a}b", "{}", "{ .a }", "{a b}", "{!a}"})
    EXPECT_FALSE(uri_template_variables(text).ok()) << text;
}

}  // namespace
}  // namespace fairlead::net
