#include "trace/options.h"

#include <gtest/gtest.h>

namespace fairlead::trace {
namespace {

Variables variables(std::initializer_list<std::pair<std::string, std::string>> list) {
  Variables made;
  for (auto const& [name, value] : list)
    made.emplace(name, Secret(value));
  return made;
}

constexpr auto endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

TEST(TraceOptions, off_unless_an_endpoint_is_set) {
  for (auto const& each :
       {variables({}), variables({{"OTEL_SERVICE_NAME", "x"}}), variables({{endpoint, ""}}),
        variables({{endpoint, "http://c:4318"}, {"OTEL_SDK_DISABLED", "true"}}),
        variables({{endpoint, "http://c:4318"}, {"OTEL_TRACES_EXPORTER", "none"}})}) {
    auto const made = options_from(each, "1");
    ASSERT_TRUE(made.ok());
    EXPECT_FALSE(made->has_value());
  }
}

TEST(TraceOptions, the_endpoint_gets_a_path_and_that_for_traces_stands_as_it_is) {
  EXPECT_EQ((*options_from(variables({{endpoint, "http://c:4318/"}}), "1"))->url,
            "http://c:4318/v1/traces");
  EXPECT_EQ((*options_from(variables({{endpoint, "http://c:4318"},
                                      {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://d/in"}}),
                           "1"))
                ->url,
            "https://d/in");
}

TEST(TraceOptions, by_the_parent_unless_the_sampler_says_otherwise) {
  auto const by_parent = [](std::string const& sampler) {
    return (*options_from(variables({{endpoint, "http://c"}, {"OTEL_TRACES_SAMPLER", sampler}}),
                          "1"))
        ->by_parent;
  };
  EXPECT_TRUE(by_parent(""));
  EXPECT_TRUE(by_parent("parentbased_always_off"));
  EXPECT_FALSE(by_parent("always_on"));
  EXPECT_FALSE(by_parent("traceidratio"));
}

TEST(TraceOptions, a_header_that_is_a_secret) {
  auto const made = secret_header_from("Authorization=collector-token");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->first, "authorization");
  EXPECT_EQ(made->second, "collector-token");
  for (auto const* bad : {"", "authorization", "authorization=", "=x", "a b=x", "a:=x"})
    EXPECT_FALSE(secret_header_from(bad).ok()) << bad;
}

TEST(TraceOptions, reads_headers_resource_timeout_and_sampler) {
  auto const made =
      options_from(variables({{endpoint, "http://c:4318"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20abc, x-key=1"},
                              {"OTEL_EXPORTER_OTLP_TIMEOUT", "2500"},
                              {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
                              {"OTEL_SERVICE_NAME", "ops"},
                              {"OTEL_RESOURCE_ATTRIBUTES", "service.name=no,a=b%2Cc"},
                              {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
                              {"OTEL_TRACES_SAMPLER_ARG", "0.25"}}),
                   "1.2");
  ASSERT_TRUE(made.ok()) << describe(made.error());
  Options const& options = **made;
  ASSERT_EQ(options.headers.size(), 2U);
  EXPECT_EQ(options.headers[0].first, "authorization");
  EXPECT_EQ(options.headers[0].second.reveal(), "Basic abc");
  EXPECT_EQ(options.timeout, Milliseconds(2'500));
  EXPECT_EQ(options.sampled, 0.25);
  std::vector<std::pair<std::string, std::string>> const resource{
      {"a", "b,c"}, {"service.name", "ops"}, {"service.version", "1.2"}};
  EXPECT_EQ(options.resource, resource);
}

TEST(TraceOptions, what_cannot_be_used_is_an_error_that_names_its_variable) {
  using Pair = std::pair<std::string, std::string>;
  for (auto const& each :
       {Pair{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "c:4318"},
        Pair{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://hush:hush@c"},
        Pair{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
        Pair{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"},
        Pair{"OTEL_EXPORTER_OTLP_HEADERS", "hush"},
        Pair{"OTEL_EXPORTER_OTLP_HEADERS", "a=hush%0d%0ab"},
        Pair{"OTEL_EXPORTER_OTLP_HEADERS", "a=hush%2"}, Pair{"OTEL_EXPORTER_OTLP_TIMEOUT", "10s"},
        Pair{"OTEL_RESOURCE_ATTRIBUTES", "a"}, Pair{"OTEL_TRACES_SAMPLER", "jaeger_remote"}}) {
    auto const made = options_from(variables({{endpoint, "http://c:4318"}, each}), "1");
    ASSERT_FALSE(made.ok()) << each.first;
    auto const text = describe(made.error());
    EXPECT_NE(text.find(each.first), std::string::npos) << text;
    EXPECT_EQ(text.find("hush"), std::string::npos) << text;
    EXPECT_FALSE(made.error().cause.empty());
    EXPECT_FALSE(made.error().remedy.empty());
  }
  auto const made = options_from(variables({{endpoint, "http://c:4318"},
                                            {"OTEL_TRACES_SAMPLER", "traceidratio"},
                                            {"OTEL_TRACES_SAMPLER_ARG", "2"}}),
                                 "1");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().where, "OTEL_TRACES_SAMPLER_ARG");
}

}  // namespace
}  // namespace fairlead::trace
