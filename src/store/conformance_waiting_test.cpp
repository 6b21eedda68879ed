// Conformance of every store: webhooks and approvals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/approvals.h"
#include "store/conformance_fixture.h"
#include "store/webhooks.h"

namespace fairlead::store {
namespace {

class WaitingConformance : public StoreConformance {};
INSTANTIATE_FOR_EVERY_STORE(WaitingConformance);

WebhookRecord webhook(std::string const& id, std::string const& target) {
  WebhookRecord record;
  record.id = id;
  record.connection = ConnectionId("c1");
  record.target = target;
  record.status = "registered";
  record.sealed_token = std::string("\x00\x01", 2);
  return record;
}

TEST_P(WaitingConformance, a_delivery_noted_meanwhile_is_not_overwritten) {
  auto& webhooks = store_->webhooks();
  WebhookRecord record = webhook("h1", "12");
  EXPECT_OK(webhooks.put(record));
  EXPECT_OK(webhooks.delivered("h1", {.at = at(5), .signature = HookDelivery::Signature::good}));
  record.status = "polling";
  record.reason = "GitLab could not be asked";
  record.checked_at = at(6);
  EXPECT_OK(webhooks.put(record));
  auto const now = **webhooks.find("h1");
  EXPECT_EQ(now.status, "verified");
  EXPECT_EQ(now.reason, "");
  EXPECT_EQ(now.delivered_at, at(5));
  EXPECT_EQ(now.checked_at, at(6));
  EXPECT_TRUE(now.is_signed);
  record = now;
  record.status = "registered";
  record.is_signed = false;
  EXPECT_OK(webhooks.put(record));
  EXPECT_EQ((*webhooks.find("h1"))->status, "registered") << "who has read it may change it";
  EXPECT_FALSE((*webhooks.find("h1"))->is_signed);
  EXPECT_OK(webhooks.delivered("h1", {.at = at(7)}));
  EXPECT_FALSE((*webhooks.find("h1"))->is_signed);
}

TEST_P(WaitingConformance, a_webhook_that_was_removed_is_not_changed_back_into_life) {
  auto& webhooks = store_->webhooks();
  WebhookRecord record = webhook("h1", "12");
  EXPECT_FALSE(*webhooks.change(record));
  EXPECT_OK(webhooks.put(record));
  record.reason = "no answer";
  EXPECT_TRUE(*webhooks.change(record));
  EXPECT_EQ((*webhooks.find("h1"))->reason, "no answer");
  EXPECT_OK(webhooks.put(webhook("h2", "13")));
  record.target = "13";
  EXPECT_ERROR(ErrorKind::conflict, webhooks.change(record));
  EXPECT_OK(webhooks.remove("h1"));
  EXPECT_FALSE(*webhooks.change(record));
  EXPECT_EQ(webhooks.list()->size(), 1U);
}

TEST_P(WaitingConformance, a_webhook_is_handed_over_once_and_a_late_change_does_not_take_it_back) {
  auto& webhooks = store_->webhooks();
  WebhookRecord record = webhook("h1", "12");
  record.checked_at = at(3);
  ConnectionId const other("c2");
  EXPECT_FALSE(*webhooks.hand_over("h1", record.connection, other));
  EXPECT_OK(webhooks.put(record));
  EXPECT_TRUE(*webhooks.hand_over("h1", record.connection, other));
  EXPECT_EQ((*webhooks.find("h1"))->checked_at, Time{});
  EXPECT_FALSE(*webhooks.hand_over("h1", record.connection, ConnectionId("c3")));
  EXPECT_TRUE(*webhooks.change(record)) << "who read it before the handing over";
  EXPECT_EQ((*webhooks.find("h1"))->connection, other);
  EXPECT_EQ((*webhooks.find("h1"))->checked_at, at(3));
  EXPECT_OK(webhooks.put(webhook("h2", "12")));
  EXPECT_ERROR(ErrorKind::conflict, webhooks.hand_over("h1", other, record.connection));
  EXPECT_EQ((*webhooks.find("h1"))->connection, other);
}

TEST_P(WaitingConformance, a_webhooks_secrets_are_only_sealed_anew) {
  auto& webhooks = store_->webhooks();
  WebhookRecord record = webhook("h1", "12");
  EXPECT_OK(webhooks.put(record));
  std::string const former = record.sealed_token;
  record.sealed_token = "anew";
  record.sealed_signing_token = "also";
  EXPECT_FALSE(*webhooks.reseal(record, "another"));
  EXPECT_TRUE(*webhooks.reseal(record, former));
  EXPECT_EQ((*webhooks.find("h1"))->sealed_token, "anew");
  EXPECT_EQ((*webhooks.find("h1"))->sealed_signing_token, "also");
  record.sealed_token = former;
  EXPECT_OK(webhooks.put(record));
  EXPECT_EQ((*webhooks.find("h1"))->sealed_token, "anew") << "who read it before does no harm";
}

TEST_P(WaitingConformance, keeps_one_webhook_a_target) {
  auto& webhooks = store_->webhooks();
  WebhookRecord first = webhook("h1", "12");
  first.created_at = at(1);
  EXPECT_OK(webhooks.put(first));
  EXPECT_OK(webhooks.put(webhook("h2", "7")));
  EXPECT_ERROR(ErrorKind::conflict, webhooks.put(webhook("h3", "12")));
  first.remote_id = 99;
  first.checked_at = at(2);
  EXPECT_OK(webhooks.put(first));
  auto const found = webhooks.find("h1");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->remote_id, 99);
  EXPECT_EQ((*found)->sealed_token, first.sealed_token);
  EXPECT_EQ((*found)->created_at, at(1));
  EXPECT_FALSE((*found)->delivered_at.has_value());
  EXPECT_EQ((*webhooks.find_for(ConnectionId("c1"), "7"))->id, "h2");
  EXPECT_FALSE(webhooks.find_for(ConnectionId("c2"), "7")->has_value());
  EXPECT_OK(webhooks.delivered("h1", {.at = at(5)}));
  EXPECT_OK(webhooks.delivered("nobody", {.at = at(5)}));
  EXPECT_EQ((*webhooks.find("h1"))->status, "verified");
  EXPECT_EQ((*webhooks.find("h1"))->delivered_at, at(5));
  EXPECT_EQ(webhooks.list()->size(), 2U);
  EXPECT_OK(webhooks.remove("h1"));
  EXPECT_FALSE(webhooks.find("h1")->has_value());
}

TEST_P(WaitingConformance, who_keeps_a_webhook_is_changed_by_that_alone) {
  auto& webhooks = store_->webhooks();
  WebhookRecord record = webhook("h1", "12");
  record.path = "ops/runbooks";
  record.kinds = "merge-request push";
  EXPECT_OK(webhooks.put(record));
  EXPECT_TRUE(*webhooks.keep("h1", {.by = "ada"}));
  EXPECT_FALSE(*webhooks.keep("h2", {.by = "ada"}));
  // Who read it before does no harm.
  record.reason = "later";
  EXPECT_OK(webhooks.put(record));
  auto now = **webhooks.find("h1");
  EXPECT_EQ(now.keep, WebhookRecord::Keep::by_hand);
  EXPECT_EQ(now.kept_by, "ada");
  EXPECT_EQ(now.path, "ops/runbooks");
  EXPECT_EQ(now.kinds, "merge-request push");
  EXPECT_EQ(now.reason, "later");
  EXPECT_TRUE(*webhooks.keep("h1", {.keep = WebhookRecord::Keep::forgotten, .by = ""}));
  now = webhooks.list()->at(0);
  EXPECT_EQ(now.keep, WebhookRecord::Keep::forgotten);
  EXPECT_EQ(now.kept_by, "");
}

EventRecord event(std::string const& id) {
  return {.source = "/approvals",
          .id = id,
          .type = "dev.fairlead.approval.requested",
          .envelope = Json::object({{"id", id}})};
}

ApprovalRecord approval(std::string const& id) {
  ApprovalRecord record;
  record.id = id;
  record.run = RunId("run-" + id);
  record.status = "open";
  record.request = Json::object({{"question", "Go?"}});
  record.decisions = Json::array();
  return record;
}

TEST_P(WaitingConformance, inserts_an_approval_and_its_event_once) {
  auto& approvals = store_->approvals();
  auto const seq = approvals.insert(approval("a"), event("a.requested"));
  ASSERT_TRUE(seq.ok());
  EXPECT_GT(*seq, 0);
  EXPECT_EQ(store_->events().get(*seq)->id, "a.requested");
  EXPECT_EQ(*approvals.insert(approval("a"), event("a.requested")), 0);
  EXPECT_EQ(store_->events().pending(10)->size(), 1U);
  EXPECT_EQ(approvals.get("a")->request["question"], Json("Go?"));
  EXPECT_ERROR(ErrorKind::not_found, approvals.get("b"));
}

TEST_P(WaitingConformance, counts_each_decision_on_what_was_seen) {
  auto& approvals = store_->approvals();
  EXPECT_OK(approvals.insert(approval("a"), event("a.requested")));
  ApprovalRecord changed = approval("a");
  changed.decisions = Json::array({Json("alice")});
  EXPECT_EQ(*approvals.update(changed, 0, std::nullopt), 0);
  // Two people who saw no decision yet: the second one looks again.
  EXPECT_ERROR(ErrorKind::conflict, approvals.update(changed, 0, std::nullopt));
  changed.decisions.push_back("bob");
  changed.status = "approved";
  changed.closed_at = at(9);
  auto const seq = approvals.update(changed, 1, event("a.decided"));
  ASSERT_TRUE(seq.ok());
  EXPECT_EQ(store_->events().get(*seq)->id, "a.decided");
  EXPECT_EQ(approvals.get("a")->closed_at, at(9));
  EXPECT_ERROR(ErrorKind::conflict, approvals.update(changed, 2, std::nullopt));
  EXPECT_ERROR(ErrorKind::not_found, approvals.update(approval("b"), 0, std::nullopt));
}

TEST_P(WaitingConformance, lists_approvals_newest_first_in_pages) {
  auto& approvals = store_->approvals();
  for (char const* id : {"a", "b", "c"})
    EXPECT_OK(approvals.insert(approval(id), event(id)));
  ApprovalRecord closed = approval("b");
  closed.status = "refused";
  EXPECT_OK(approvals.update(closed, 0, std::nullopt));
  auto const first = approvals.list({.status = "open"}, "", 1);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->items.front().id, "c");
  auto const second = approvals.list({.status = "open"}, first->next_cursor, 1);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->items.front().id, "a");
  EXPECT_EQ(second->next_cursor, "");
  EXPECT_EQ(approvals.list({.run = RunId("run-b")}, "", 10)->items.size(), 1U);
}

}  // namespace
}  // namespace fairlead::store
