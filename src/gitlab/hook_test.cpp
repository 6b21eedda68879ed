// Deliveries of GitLab: what is genuine, and what they become.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "gitlab/hook_check.h"
#include "gitlab/hook_event.h"
#include "vault/digest.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t now_seconds = 1'700'000'000;
Time const now = from_epoch_ms(now_seconds * 1'000);
std::string const key(32, 'k');

HookSecrets secrets() {
  return {.token = Secret("the-token"), .signing_token = Secret("whsec_" + base64_encode(key))};
}

std::string signature_of(std::string const& id, std::int64_t seconds, std::string_view body) {
  std::string const message = id + "." + std::to_string(seconds) + "." + std::string(body);
  return "v1," + base64_encode(vault::hmac_sha256(Secret(key), message));
}

TEST(HookCheck, takes_what_is_genuine_and_nothing_else) {
  std::string const good = signature_of("id-1", now_seconds, "{}");
  struct Case {
    char const* what;
    std::string token;
    std::string signature;  // "": not sent
    std::string id;
    std::int64_t seconds;
    bool genuine;
  };
  for (Case const& c : std::initializer_list<Case>{
           {"token alone, as before 19.0", "the-token", "", "", 0, true},
           {"no token", "", "", "", 0, false},
           {"another token", "the-tokem", "", "", 0, false},
           {"a beginning of the token", "the-toke", "", "", 0, false},
           {"token and signature", "the-token", good, "id-1", now_seconds, true},
           {"one of several signatures", "the-token", "v1,AAAA " + good, "id-1", now_seconds, true},
           {"signature without the token", "", good, "id-1", now_seconds, false},
           {"of another id", "the-token", good, "id-2", now_seconds, false},
           {"of another time", "the-token", good, "id-1", now_seconds + 1, false},
           {"of another body", "the-token", signature_of("id-1", now_seconds, "{ }"), "id-1",
            now_seconds, false},
           {"without an id", "the-token", good, "", now_seconds, false},
           {"still fresh", "the-token", signature_of("i", now_seconds - 300, "{}"), "i",
            now_seconds - 300, true},
           {"a replay", "the-token", signature_of("i", now_seconds - 301, "{}"), "i",
            now_seconds - 301, false},
           {"from the future", "the-token", signature_of("i", now_seconds + 301, "{}"), "i",
            now_seconds + 301, false},
           {"nonsense", "the-token", "v1", "id-1", now_seconds, false},
       }) {
    net::Headers headers;
    if (!c.token.empty()) headers.add("X-Gitlab-Token", c.token);
    if (!c.signature.empty()) {
      headers.add("webhook-signature", c.signature);
      headers.add("webhook-timestamp", std::to_string(c.seconds));
      if (!c.id.empty()) headers.add("webhook-id", c.id);
    }
    auto const checked = check_hook(headers, "{}", secrets(), Signs::maybe, now);
    EXPECT_EQ(checked.ok(), c.genuine) << c.what;
    if (!checked.ok()) {
      EXPECT_EQ(checked.error().kind, ErrorKind::denied) << c.what;
      EXPECT_EQ(describe(checked.error()).find("the-token"), std::string::npos) << c.what;
    }
  }
}

TEST(HookCheck, a_hook_that_signs_is_not_believed_unsigned) {
  net::Headers headers{{"X-Gitlab-Token", "the-token"}};
  auto const unsigned_one = check_hook(headers, "{}", secrets(), Signs::always, now);
  EXPECT_EQ(unsigned_one.error().kind, ErrorKind::denied);
  headers.add("webhook-signature", signature_of("i", now_seconds, "{}"));
  headers.add("webhook-timestamp", std::to_string(now_seconds));
  headers.add("webhook-id", "i");
  auto const good = check_hook(headers, "{}", secrets(), Signs::always, now);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, store::HookDelivery::Signature::good);
}

TEST(HookCheck, refuses_what_can_be_no_time_and_endless_signatures) {
  net::Headers headers{{"X-Gitlab-Token", "the-token"}, {"webhook-id", "i"}};
  headers.add("webhook-signature", std::string(1'000, ' '));
  for (char const* time : {"", "x", "-1", "99999999999999999999", "100000000001", "1e9"}) {
    headers.set("webhook-timestamp", time);
    EXPECT_FALSE(check_hook(headers, "{}", secrets(), Signs::maybe, now).ok()) << time;
  }
  headers.set("webhook-timestamp", std::to_string(now_seconds));
  EXPECT_FALSE(check_hook(headers, "{}", secrets(), Signs::maybe, now).ok());
}

HookEvent event_of(std::string_view body, net::Headers const& headers = {}) {
  auto event = hook_event(headers, body, {.base_url = "https://gitlab.test", .now = now});
  EXPECT_TRUE(event.ok());
  return event.ok() ? *event : HookEvent{};
}

TEST(HookEvent, is_of_the_trace_its_request_says) {
  constexpr auto parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  constexpr auto body = R"({"object_kind": "issue"})";
  EXPECT_EQ(event_of(body, {{"traceparent", parent}}).event.envelope["traceparent"], Json(parent));
  EXPECT_TRUE(event_of(body, {{"traceparent", "x"}}).event.envelope["traceparent"].is_null());
}

TEST(HookEvent, names_types_and_subjects) {
  struct Case {
    std::string_view body, type, subject;
  };
  for (Case const& c : std::initializer_list<Case>{
           {R"({"object_kind": "pipeline", "project": {"path_with_namespace": "a/b"},
                "object_attributes": {"id": 5}})",
            "com.gitlab.pipeline", "a/b/pipelines/5"},
           {R"({"object_kind": "issue", "project": {"path_with_namespace": "a/b"},
                "object_attributes": {"iid": 7}})",
            "com.gitlab.issue", "a/b#7"},
           {R"({"object_kind": "work_item", "project": {"path_with_namespace": "a/b"},
                "object_attributes": {"iid": 7, "type": "Issue"}})",
            "com.gitlab.issue", "a/b#7"},
           {R"({"object_kind": "work_item", "object_attributes": {"type": "Task"}})",
            "com.gitlab.work-item", ""},
           {R"({"object_kind": "merge_request", "project": {"path_with_namespace": "a/b"},
                "object_attributes": {"iid": 3}})",
            "com.gitlab.merge-request", "a/b!3"},
           {R"({"object_kind": "build", "build_id": 9, "project_name": "B"})", "com.gitlab.job",
            "B/jobs/9"},
           {R"({"made": "by a custom template"})", "com.gitlab.other", ""},
           {R"({"object_kind": 5, "project": [], "object_attributes": "x"})", "com.gitlab.other",
            ""},
       }) {
    auto const event = event_of(c.body).event;
    EXPECT_EQ(event.type, c.type) << c.body;
    EXPECT_EQ(event.envelope["subject"].as_string(), c.subject) << c.body;
    EXPECT_EQ(event.envelope["source"], Json("https://gitlab.test"));
    EXPECT_EQ(event.source, "https://gitlab.test");
  }
}

TEST(HookEvent, is_known_again_by_its_key) {
  std::string_view const body = R"({"object_kind": "push"})";
  EXPECT_EQ(event_of(body, {{"Idempotency-Key", "k"}, {"webhook-id", "w"}}).event.id, "k");
  EXPECT_EQ(event_of(body, {{"webhook-id", "w"}}).event.id, "w");
  // The UUID is shared by recursive hooks: with another body it is another event.
  auto const first = event_of(body, {{"X-Gitlab-Event-UUID", "u"}}).event.id;
  EXPECT_EQ(event_of(body, {{"X-Gitlab-Event-UUID", "u"}}).event.id, first);
  EXPECT_NE(event_of(R"({"object_kind": "note"})", {{"X-Gitlab-Event-UUID", "u"}}).event.id, first);
  EXPECT_EQ(event_of(body).event.id, event_of(body).event.id);
}

TEST(HookEvent, masks_secrets_and_keeps_huge_bodies_out) {
  auto const masked = event_of(
      R"({"object_kind": "pipeline", "object_attributes":
          {"id": 5, "variables": [{"key": "DB_PASSWORD", "value": "hunter22"}]}})");
  EXPECT_EQ(masked.event.envelope.dump().find("hunter22"), std::string::npos);
  std::string const big = R"({"object_kind": "pipeline", "object_attributes": {"id": 5, "x": ")" +
                          std::string(hook_data_bytes_max, 'x') + R"("}, "project": {"id": 12}})";
  auto const cut = event_of(big);
  EXPECT_LT(cut.event.envelope.dump().size(), 2'000U);
  EXPECT_EQ(cut.event.envelope["data"]["fairlead_truncated"], Json(true));
  EXPECT_EQ(cut.wakes.size(), 1U);
}

TEST(HookEvent, wakes_what_waits_for_the_pipeline_by_number_and_by_path) {
  auto const event = event_of(
      R"({"object_kind": "pipeline", "project": {"id": 12, "path_with_namespace": "a/b"},
          "object_attributes": {"id": 345, "status": "success",
                                "finished_at": "2023-11-14 22:13:20 UTC"}})");
  std::vector<std::string> keys;
  for (PipelineKey each : event.wakes) {
    each.connection = "c1";
    keys.push_back(to_text(each));
  }
  EXPECT_THAT(
      keys, ElementsAre("gitlab:c1:project:12:pipeline:345", "gitlab:c1:project:a/b:pipeline:345"));
  EXPECT_EQ(event.status, "success");
  EXPECT_EQ(event.finished_at, now);
  EXPECT_TRUE(
      event_of(R"({"object_kind": "issue", "object_attributes": {"id": 345}})").wakes.empty());
}

TEST(HookEvent, refuses_what_is_no_object) {
  for (char const* body : {"", "[]", "1", "{", "null", "<html>"}) {
    auto const event = hook_event({}, body, {.base_url = "x", .now = now});
    ASSERT_FALSE(event.ok()) << body;
    EXPECT_EQ(event.error().kind, ErrorKind::invalid_input) << body;
  }
}

TEST(WakeKey, is_read_as_it_was_written) {
  PipelineKey const key_{.connection = "c", .project = "a/b-c.d", .pipeline = 9};
  auto const again = pipeline_key_from(to_text(key_));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(to_text(*again), to_text(key_));
  for (char const* text : {"", "gitlab:", "approval:1", "gitlab:c:project:1:pipeline:",
                           "gitlab:c:project:1:pipeline:x", "gitlab:c:project:1:pipeline:0",
                           "gitlab:c:project::pipeline:1", "gitlab:c:project:1:pipeline:1:2"})
    EXPECT_FALSE(pipeline_key_from(text).has_value()) << text;
}

}  // namespace
}  // namespace fairlead::gitlab
