#include "trigger/cloud_event.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace fairlead::trigger {
namespace {

Time const now = *parse_time("2026-11-22T12:00:00Z");

std::string const good =
    R"({"specversion":"1.0","id":"1","source":"/desk","type":"com.example.incident.opened",)"
    R"("data":{"n":1}})";

net::Headers structured() {
  return {{"Content-Type", "application/cloudevents+json; charset=utf-8"}};
}

TEST(CloudEvents, structured_mode_keeps_the_envelope_and_fills_the_time) {
  auto events = events_from_http(structured(), good, now);
  ASSERT_TRUE(events.ok()) << describe(events.error());
  ASSERT_EQ(events->size(), 1U);
  auto const& event = events->front();
  EXPECT_EQ(event.source, "/desk");
  EXPECT_EQ(event.id, "1");
  EXPECT_EQ(event.type, "com.example.incident.opened");
  EXPECT_EQ(event.envelope["data"]["n"], Json(1));
  EXPECT_EQ(event.envelope["time"], Json("2026-11-22T12:00:00.000Z"));
  EXPECT_EQ(event.received_at, now);
}

TEST(CloudEvents, binary_mode_takes_attributes_from_headers) {
  struct Row {
    std::string content_type;
    std::string body;
    std::string member;
    Json value;
  };
  for (auto const& row : std::vector<Row>{
           {"application/json", R"({"n":1})", "data", Json::object({{"n", 1}})},
           {"application/vnd.x+json", "[1]", "data", Json::array({1})},
           {"text/plain", "hello", "data", "hello"},
           {"application/octet-stream", std::string("\x00\x01", 2), "data_base64", "AAE="},
           {"application/json", "", "data", {}}}) {
    net::Headers const headers{{"ce-specversion", "1.0"}, {"CE-Id", "7"},
                               {"ce-source", "/a%20b"},   {"ce-type", "t"},
                               {"ce-traceparent", "x"},   {"Content-Type", row.content_type}};
    auto events = events_from_http(headers, row.body, now);
    ASSERT_TRUE(events.ok()) << describe(events.error());
    EXPECT_EQ(events->front().id, "7");
    EXPECT_EQ(events->front().source, "/a b");
    EXPECT_EQ(events->front().envelope["traceparent"], Json("x"));
    EXPECT_EQ(events->front().envelope[row.member], row.value) << row.content_type;
  }
}

TEST(CloudEvents, batches_name_the_event_that_is_wrong) {
  net::Headers const batch{{"content-type", "application/cloudevents-batch+json"}};
  auto two = events_from_http(batch, "[" + good + "," + good + "]", now);
  ASSERT_TRUE(two.ok());
  EXPECT_EQ(two->size(), 2U);
  auto wrong = events_from_http(
      batch, "[" + good + R"(,{"specversion":"1.0","id":"2","source":"/x"}])", now);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().where, "[1].type");
  EXPECT_FALSE(events_from_http(batch, "[]", now).ok());
  std::string many = "[" + good;
  for (std::size_t i = 0; i < batch_events_max; ++i)
    many += "," + good;
  EXPECT_FALSE(events_from_http(batch, many + "]", now).ok());
}

TEST(CloudEvents, errors_name_the_attribute) {
  struct Row {
    std::string body;
    std::string where;
  };
  std::string const id_source = R"("specversion":"1.0","id":"1","source":"/s")";
  std::string const whole = id_source + R"(,"type":"t")";
  for (auto const& row : std::vector<Row>{
           {R"({"id":"1","source":"/s","type":"t"})", "specversion"},
           {R"({"specversion":"0.3","id":"1","source":"/s","type":"t"})", "specversion"},
           {R"({"specversion":"1.0","source":"/s","type":"t"})", "id"},
           {R"({"specversion":"1.0","id":"","source":"/s","type":"t"})", "id"},
           {R"({"specversion":"1.0","id":7,"source":"/s","type":"t"})", "id"},
           {R"({"specversion":"1.0","id":"1","type":"t"})", "source"},
           {"{" + id_source + "}", "type"},
           {"{" + whole + R"(,"time":"yesterday"})", "time"},
           {"{" + whole + R"(,"Extra":"x"})", "Extra"},
           {"{" + whole + R"(,"extra":{"a":1}})", "extra"},
           {"{" + whole + R"(,"extra":")" + std::string(attribute_bytes_max + 1, 'x') + "\"}",
            "extra"},
           {"{" + whole + R"(,"data":1,"data_base64":"AAE="})", "data_base64"},
           {"{" + whole + R"(,"data_base64":"%%%"})", "data_base64"}}) {
    auto events = events_from_http(structured(), row.body, now);
    ASSERT_FALSE(events.ok()) << row.body;
    EXPECT_EQ(events.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(events.error().where, row.where) << describe(events.error());
  }
}

TEST(CloudEvents, refuses_what_is_too_large_or_no_event) {
  EXPECT_FALSE(events_from_http(structured(), std::string(event_bytes_max + 1, ' '), now).ok());
  EXPECT_FALSE(events_from_http(structured(), "{", now).ok());
  EXPECT_FALSE(events_from_http(structured(), "7", now).ok());
  EXPECT_FALSE(events_from_http({{"content-type", "text/html"}}, "<p>", now).ok());
  // A plain JSON body that is an event is taken.
  EXPECT_TRUE(events_from_http({{"content-type", "application/json"}}, good, now).ok());
}

}  // namespace
}  // namespace fairlead::trigger
