// Conformance of every store: connections, workflows, events, API tokens, small values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/conformance_fixture.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RecordsConformance : public StoreConformance {};
INSTANTIATE_FOR_EVERY_STORE(RecordsConformance);

// ---- connections ----

ConnectionRecord connection(std::string const& name) {
  ConnectionRecord record;
  record.id = ConnectionId("id-" + name);
  record.name = name;
  record.base_url = "https://gitlab.test/sub";
  record.auth_kind = "oauth";
  record.status = "active";
  return record;
}

std::vector<std::string> names(std::vector<ConnectionRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.name);
  return out;
}

TEST_P(RecordsConformance, keeps_every_field_of_a_connection) {
  ConnectionRecord record = connection("company");
  record.app = "gitlab";
  record.is_default = true;
  record.client_id = "client";
  record.sealed_client_secret = std::string("\x01\x00\xff\xfe", 4);
  record.sealed_access_token = std::string("\x00", 1);
  record.sealed_refresh_token = std::string("a\x00z", 3);
  record.scopes = "api read_user";
  record.token_expires_at = at(7'200);
  record.generation = 7;
  record.account = Json::object({{"id", 9'007'199'254'740'993}, {"username", "Zo\u00eb"}});
  record.settings = Json::object({{"readOnly", true}, {"ratio", 0.1}});
  record.sealed_client_key = "key";
  record.last_error = Json::object({{"kind", "denied"}});
  record.created_at = at(1);
  record.updated_at = at(2);
  ASSERT_TRUE(store_->connections().insert(record).ok());

  auto const read = store_->connections().get(record.id);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->id, record.id);
  EXPECT_EQ(read->name, record.name);
  EXPECT_EQ(read->app, record.app);
  EXPECT_EQ(read->base_url, record.base_url);
  EXPECT_EQ(read->auth_kind, record.auth_kind);
  EXPECT_EQ(read->status, record.status);
  EXPECT_EQ(read->is_default, record.is_default);
  EXPECT_EQ(read->client_id, record.client_id);
  EXPECT_EQ(read->sealed_client_secret, record.sealed_client_secret);
  EXPECT_EQ(read->sealed_access_token, record.sealed_access_token);
  EXPECT_EQ(read->sealed_refresh_token, record.sealed_refresh_token);
  EXPECT_EQ(read->scopes, record.scopes);
  EXPECT_EQ(read->token_expires_at, record.token_expires_at);
  EXPECT_EQ(read->generation, record.generation);
  EXPECT_EQ(read->account, record.account);
  EXPECT_EQ(read->settings, record.settings);
  EXPECT_EQ(read->sealed_client_key, record.sealed_client_key);
  EXPECT_EQ(read->last_error, record.last_error);
  EXPECT_EQ(read->created_at, record.created_at);
  EXPECT_EQ(read->updated_at, record.updated_at);
}

TEST_P(RecordsConformance, refuses_a_second_connection_of_one_name) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  ConnectionRecord other = connection("a");
  other.id = ConnectionId("other");
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().insert(other));
  EXPECT_OK(store_->connections().insert(connection("b")));
  ConnectionRecord renamed = connection("b");
  renamed.name = "a";
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().update(renamed, 0));
}

TEST_P(RecordsConformance, updates_a_connection_only_at_the_expected_generation) {
  ConnectionRecord record = connection("a");
  EXPECT_OK(store_->connections().insert(record));
  record.generation = 1;
  record.status = "refreshing";
  EXPECT_OK(store_->connections().update(record, 0));
  record.status = "active";
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().update(record, 0));
  EXPECT_EQ(store_->connections().get(record.id)->status, "refreshing");
  EXPECT_OK(store_->connections().update(record, 1));
  EXPECT_EQ(store_->connections().get(record.id)->generation, 1);
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().update(connection("none"), 0));
}

TEST_P(RecordsConformance, lets_only_one_of_many_refreshers_win_a_generation) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      ConnectionRecord record = connection("a");
      record.generation = 1;
      if (store_->connections().update(record, 0).ok()) ++won;
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(won, 1);
}

TEST_P(RecordsConformance, has_at_most_one_default_connection) {
  ConnectionRecord a = connection("a");
  a.is_default = true;
  ConnectionRecord b = connection("b");
  b.is_default = true;
  EXPECT_OK(store_->connections().insert(a));
  EXPECT_OK(store_->connections().insert(b));
  EXPECT_EQ(store_->connections().find("")->name, "b");
  EXPECT_FALSE(store_->connections().get(a.id)->is_default);
  EXPECT_OK(store_->connections().update(a, 0));
  EXPECT_EQ(store_->connections().find("")->name, "a");
  EXPECT_FALSE(store_->connections().get(b.id)->is_default);
}

TEST_P(RecordsConformance, finds_connections_by_name_and_says_which_there_are) {
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().find(""));
  EXPECT_OK(store_->connections().insert(connection("beta")));
  EXPECT_EQ(store_->connections().find("")->name, "beta") << "the only one is the default";
  EXPECT_OK(store_->connections().insert(connection("alpha")));
  EXPECT_THAT(names(*store_->connections().list()), ElementsAre("alpha", "beta"));
  EXPECT_EQ(store_->connections().find("alpha")->name, "alpha");
  auto const missing = store_->connections().find("gamma");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_THAT(describe(missing.error()), HasSubstr("alpha, beta"));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().find(""));
}

SignInRecord sign_in(std::string const& state, Time expires_at) {
  SignInRecord record;
  record.state_hash = state;
  record.connection = ConnectionId("id-a");
  record.sealed_verifier = std::string("\x00v", 2);
  record.redirect_uri = "https://fairlead.test/callback";
  record.expires_at = expires_at;
  return record;
}

TEST_P(RecordsConformance, takes_a_sign_in_once) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  auto const taken = store_->connections().take_sign_in("s", at(0));
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->connection, ConnectionId("id-a"));
  EXPECT_EQ(taken->sealed_verifier, std::string("\x00v", 2));
  EXPECT_EQ(taken->redirect_uri, "https://fairlead.test/callback");
  EXPECT_EQ(taken->expires_at, at(60));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("s", at(0)));
}

TEST_P(RecordsConformance, forgets_expired_sign_ins) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("old", at(60))));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("other", at(60)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("old", at(0)))
      << "removed by the call before";
}

TEST_P(RecordsConformance, binds_a_sign_in_to_one_browser) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  auto const bound = store_->connections().bind_sign_in("s", "browser", at(0));
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(bound->browser_hash, "browser");
  EXPECT_OK(store_->connections().bind_sign_in("s", "browser", at(1)));
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().bind_sign_in("s", "thief", at(1)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().bind_sign_in("s", "browser", at(60)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().bind_sign_in("x", "browser", at(0)));
  EXPECT_EQ(store_->connections().take_sign_in("s", at(1))->browser_hash, "browser");
}

TEST_P(RecordsConformance, removes_a_connection_with_its_sign_ins) {
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().insert_sign_in(sign_in("s", at(60))));
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  EXPECT_OK(store_->connections().remove(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().remove(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().get(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("s", at(0)));
}

// ---- workflows ----

WorkflowRecord workflow(std::string const& name, std::string const& version,
                        std::string const& status, std::string const& source = "x") {
  WorkflowRecord record;
  record.workflow_namespace = "ops";
  record.name = name;
  record.version = version;
  record.status = status;
  record.source = source;
  record.content_hash = "hash of " + source;
  return record;
}

std::vector<std::string> versions_of(std::vector<WorkflowRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.name + " " + record.version);
  return out;
}

TEST_P(RecordsConformance, published_versions_do_not_change) {
  auto& workflows = store_->workflows();
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "draft", "one")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "draft", "two")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published", "three")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published", "three")));
  EXPECT_ERROR(ErrorKind::conflict, workflows.put(workflow("w", "1.0.0", "published", "four")));
  EXPECT_ERROR(ErrorKind::conflict, workflows.put(workflow("w", "1.0.0", "draft", "three")));
  auto const stored = workflows.get("ops", "w", "1.0.0");
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->source, "three");
  EXPECT_EQ(stored->status, "published");
  EXPECT_EQ(stored->content_hash, "hash of three");
  EXPECT_ERROR(ErrorKind::not_found, workflows.get("ops", "w", "2.0.0"));
}

TEST_P(RecordsConformance, lists_versions_newest_first_by_semantic_version) {
  auto& workflows = store_->workflows();
  for (char const* version : {"1.9.0", "1.10.0", "1.10.0-rc.1", "0.1.0"}) {
    EXPECT_OK(workflows.put(workflow("w", version, "published")));
  }
  EXPECT_OK(workflows.put(workflow("v", "1.0.0", "draft")));
  EXPECT_THAT(versions_of(*workflows.versions("ops", "w")),
              ElementsAre("w 1.10.0", "w 1.10.0-rc.1", "w 1.9.0", "w 0.1.0"));
  EXPECT_THAT(versions_of(*workflows.versions("", "")),
              ElementsAre("v 1.0.0", "w 1.10.0", "w 1.10.0-rc.1", "w 1.9.0", "w 0.1.0"));
  EXPECT_THAT(*workflows.versions("ops", "none"), IsEmpty());
}

TEST_P(RecordsConformance, latest_skips_drafts_and_disabled_versions) {
  auto& workflows = store_->workflows();
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published")));
  EXPECT_OK(workflows.put(workflow("w", "2.0.0", "published")));
  EXPECT_OK(workflows.put(workflow("w", "3.0.0", "draft")));
  EXPECT_OK(workflows.put(workflow("v", "1.0.0", "draft")));
  EXPECT_THAT(versions_of(*workflows.latest()), ElementsAre("w 2.0.0"));
  EXPECT_OK(workflows.set_status(workflow("w", "2.0.0", ""), "disabled"));
  EXPECT_THAT(versions_of(*workflows.latest()), ElementsAre("w 1.0.0"));
  EXPECT_ERROR(ErrorKind::not_found, workflows.set_status(workflow("w", "9.0.0", ""), "disabled"));
}

// ---- events ----

EventRecord event(std::string const& id, Time received_at) {
  EventRecord record;
  record.source = "//gitlab.test";
  record.id = id;
  record.type = "com.example.incident.opened";
  record.envelope = Json::object({{"id", id}, {"data", Json::object({{"n", 1}})}});
  record.received_at = received_at;
  return record;
}

std::vector<std::string> ids(std::vector<EventRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.id);
  return out;
}

TEST_P(RecordsConformance, appends_a_batch_in_order_and_each_event_of_it_once) {
  auto const known = store_->events().append(event("b", at(0)));
  ASSERT_TRUE(known.ok());
  auto const all = store_->events().append_all(
      {event("a", at(1)), event("b", at(1)), event("c", at(1)), event("a", at(1))});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 4U);
  EXPECT_FALSE((*all)[0].duplicate);
  EXPECT_TRUE((*all)[1].duplicate);
  EXPECT_EQ((*all)[1].seq, known->seq);
  EXPECT_GT((*all)[2].seq, (*all)[0].seq);
  EXPECT_TRUE((*all)[3].duplicate);
  EXPECT_EQ((*all)[3].seq, (*all)[0].seq);
  EXPECT_EQ(store_->events().pending(10)->size(), 3U);
}

TEST_P(RecordsConformance, appends_an_event_once) {
  auto const first = store_->events().append(event("a", at(0)));
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->duplicate);
  auto const again = store_->events().append(event("a", at(5)));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->seq, first->seq);
  EventRecord elsewhere = event("a", at(0));
  elsewhere.source = "//other.test";
  EXPECT_GT(store_->events().append(elsewhere)->seq, first->seq);
  auto const read = store_->events().get(first->seq);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->type, "com.example.incident.opened");
  EXPECT_EQ(read->received_at, at(0));
  EXPECT_EQ(read->envelope, event("a", at(0)).envelope);
  EXPECT_ERROR(ErrorKind::not_found, store_->events().get(99));
}

TEST_P(RecordsConformance, pages_through_events_since_a_time) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_OK(store_->events().append(event("e" + std::to_string(i), at(i))));
  }
  auto const page = store_->events().since(at(1), 0, 2);
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(ids(*page), ElementsAre("e1", "e2"));
  EXPECT_THAT(ids(*store_->events().since(at(1), page->back().seq, 10)), ElementsAre("e3", "e4"));
}

// ---- access and meta ----

TEST_P(RecordsConformance, keeps_api_tokens) {
  ApiTokenRecord token;
  token.token_hash = "h1";
  token.name = "ci";
  token.role = "operator";
  token.created_at = at(1);
  token.expires_at = at(100);
  EXPECT_OK(store_->access().insert_token(token));
  EXPECT_ERROR(ErrorKind::conflict, store_->access().insert_token(token));
  auto const found = store_->access().find_token("h1");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->name, "ci");
  EXPECT_EQ((*found)->role, "operator");
  EXPECT_EQ((*found)->created_at, at(1));
  EXPECT_EQ((*found)->expires_at, at(100));
  EXPECT_FALSE(store_->access().find_token("h2")->has_value());
  EXPECT_EQ(store_->access().list_tokens()->size(), 1U);
  EXPECT_OK(store_->access().remove_token("h1"));
  EXPECT_ERROR(ErrorKind::not_found, store_->access().remove_token("h1"));
}

TEST_P(RecordsConformance, keeps_small_named_values) {
  EXPECT_EQ(*store_->meta().get("k"), std::nullopt);
  EXPECT_OK(store_->meta().set("k", std::string("\x00\xff", 2)));
  EXPECT_EQ(*store_->meta().get("k"), std::string("\x00\xff", 2));
  EXPECT_OK(store_->meta().set("k", ""));
  EXPECT_EQ(*store_->meta().get("k"), "");
}

}  // namespace
}  // namespace fairlead::store
