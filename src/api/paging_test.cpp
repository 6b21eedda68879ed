// Pages of users, tokens, webhooks and workflows, and what every list says of a wrong page.
#include "api/paging.h"

#include <algorithm>
#include <set>

#include "api/event_list.h"
#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

constexpr int many = 1'000;

class Paging : public World {
 protected:
  static std::string numbered(std::string const& name, int number) {
    std::string const digits = std::to_string(number);
    return name + "-" + std::string(4 - digits.size(), '0') + digits;
  }
  void add_users(int count) {
    for (int i = 0; i < count; ++i) {
      store::UserRecord user;
      user.id = UserId(numbered("id", i));
      user.username = numbered("user", (i * 7) % count);
      user.role = "viewer";
      EXPECT_TRUE(store->users().insert(user).ok());
    }
  }
  void add_tokens(int count) {
    for (int i = 0; i < count; ++i) {
      store::ApiTokenRecord token;
      token.id = numbered("id", i);
      token.token_hash = token.id;
      token.name = i % 2 == 0 ? "ci" : "cd";  // names are not unique
      token.role = "viewer";
      EXPECT_TRUE(store->access().insert_token(token).ok());
    }
  }
  void add_webhooks(int count) {
    for (int i = 0; i < count; ++i) {
      store::WebhookRecord hook;
      hook.id = numbered("id", i);
      hook.connection = ConnectionId("none");
      hook.target = std::to_string(i);
      hook.status = "registered";
      EXPECT_TRUE(store->webhooks().put(hook).ok());
    }
  }
  void add_workflow(std::string const& place, std::string const& name, std::string const& title) {
    store::WorkflowRecord record;
    record.workflow_namespace = place;
    record.name = name;
    record.version = "1.0.0";
    record.status = "published";
    record.source = "document:\n  dsl: 1.0.3\n  namespace: " + place + "\n  name: " + name +
                    "\n  version: 1.0.0\n  title: " + title +
                    "\ndo:\n  - nothing:\n      set:\n        a: 1\n";
    record.content_hash = name;
    EXPECT_TRUE(store->workflows().put(record).ok());
  }
  // Of a search, whose pages may be short.
  std::vector<std::int64_t> read_events(std::string const& query) {
    std::vector<std::int64_t> all;
    std::string cursor;
    do {
      Json const page =
          json_of(get("/api/v1/events" + query + (cursor.empty() ? "" : "&cursor=" + cursor)));
      for (auto const& item : page["items"].items())
        all.push_back(item["seq"].as_integer());
      cursor = page["nextCursor"].as_string();
    } while (!cursor.empty() && all.size() < 10'000);
    EXPECT_TRUE(std::is_sorted(all.rbegin(), all.rend()));
    return all;
  }
  // All rows of a list by its pages; each but the last is full, none is there twice.
  std::vector<std::string> read_on(std::string const& path, std::string const& member, int limit) {
    std::vector<std::string> all;
    std::string cursor;
    do {
      Json const page = json_of(get(path + (path.find('?') == std::string::npos ? "?" : "&") +
                                    "limit=" + std::to_string(limit) +
                                    (cursor.empty() ? "" : "&cursor=" + cursor)));
      for (auto const& item : page["items"].items())
        all.push_back(item[member].as_string());
      EXPECT_LE(page["items"].size(), static_cast<std::size_t>(limit));
      EXPECT_TRUE(page["nextCursor"].is_string()) << page.dump();
      cursor = page["nextCursor"].as_string();
      if (!cursor.empty()) {
        EXPECT_EQ(page["items"].size(), static_cast<std::size_t>(limit));
      }
    } while (!cursor.empty() && all.size() < 10'000);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << path;
    return all;
  }
};

TEST_F(Paging, a_thousand_users_come_once_each_in_order) {
  add_users(many);
  for (int const limit : {97, 250, 500}) {
    auto const all = read_on("/api/v1/users", "username", limit);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(many)) << limit;
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  }
}

TEST_F(Paging, a_thousand_webhooks_and_tokens_of_two_names_come_once_each) {
  add_webhooks(many);
  EXPECT_EQ(read_on("/api/v1/webhooks", "id", 300).size(), static_cast<std::size_t>(many));
  auto const before = read_on("/api/v1/tokens", "id", 500).size();  // the World's own
  add_tokens(many);
  EXPECT_EQ(read_on("/api/v1/tokens", "id", 300).size(), before + many);
}

TEST_F(Paging, a_page_goes_on_where_it_ended_though_rows_come_and_go) {
  add_users(10);
  Json const first = json_of(get("/api/v1/users?limit=4"));
  EXPECT_EQ(first["items"].at(3)["username"].as_string(), "user-0003");
  auto const last = people.find("user-0003");
  ASSERT_TRUE(store->users().remove(last->id).ok());
  Json const second =
      json_of(get("/api/v1/users?limit=4&cursor=" + first["nextCursor"].as_string()));
  EXPECT_EQ(second["items"].at(0)["username"].as_string(), "user-0004");
}

TEST_F(Paging, left_out_a_limit_is_the_most_there_may_be) {
  add_users(page_rows_max);
  Json const whole = json_of(get("/api/v1/users"));
  EXPECT_EQ(whole["items"].size(), static_cast<std::size_t>(page_rows_max));
  EXPECT_EQ(whole["nextCursor"].as_string(), "") << "all rows are there: no empty page follows";
  store::UserRecord another;
  another.id = UserId("another");
  another.username = "zoe";
  another.role = "viewer";
  ASSERT_TRUE(store->users().insert(another).ok());
  EXPECT_NE(json_of(get("/api/v1/users"))["nextCursor"].as_string(), "");
}

TEST_F(Paging, a_thousand_workflows_come_once_each_by_their_names) {
  for (int i = 0; i < many; ++i)
    add_workflow(i % 3 == 0 ? "a" : "a-b", numbered("w", i), "One");
  EXPECT_EQ(read_on("/api/v1/workflows", "name", 400).size(), static_cast<std::size_t>(many));
  EXPECT_EQ(read_on("/api/v1/workflows?namespace=a", "name", 100).size(), 334u);
}

struct Search {
  char const* name;
  char const* query;
  std::size_t found;
};
class WorkflowSearch : public Paging, public ::testing::WithParamInterface<Search> {};

TEST_P(WorkflowSearch, looks_in_names_and_titles) {
  add_workflow("ops", "restart", "Restart a Service");
  add_workflow("ops", "rotate", "Rotate keys");
  add_workflow("hr", "leaver", "Restart of nothing");
  std::string const path = std::string("/api/v1/workflows?") + GetParam().query;
  EXPECT_EQ(read_on(path, "name", 1).size(), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(Queries, WorkflowSearch,
                         ::testing::Values(Search{"all", "q=", 3},
                                           Search{"a_title_in_another_case", "q=RESTART", 2},
                                           Search{"a_whole_name", "q=ops/ro", 1},
                                           Search{"nothing", "q=zzz", 0},
                                           Search{"words_in_several_places", "q=hr%20nothing", 1},
                                           Search{"what_starts_it", "q=by%20hand", 3},
                                           Search{"a_status", "status=published", 3},
                                           Search{"another_status", "status=draft&q=rotate", 0},
                                           Search{"with_a_namespace", "q=restart&namespace=hr", 1},
                                           Search{"an_unknown_namespace", "namespace=nn", 0}),
                         [](auto const& row) { return std::string(row.param.name); });

TEST_F(Paging, a_status_that_workflows_cannot_have_is_refused) {
  EXPECT_EQ(get("/api/v1/workflows?status=live").status, 400);
}

TEST_F(Paging, people_are_found_by_words_of_their_row_page_by_page) {
  add_users(40);
  store::UserRecord one;
  one.id = UserId("eve");
  one.username = "eve";
  one.name = "Eve Newcomer";
  one.email = "eve@example.com";
  one.role = "operator";
  ASSERT_TRUE(store->users().insert(one).ok());
  EXPECT_EQ(read_on("/api/v1/users?q=newcomer%20EVE", "username", 1).size(), 1u);
  EXPECT_EQ(read_on("/api/v1/users?q=operator", "username", 10).size(), 1u);
  EXPECT_EQ(read_on("/api/v1/users?q=user-003", "username", 3).size(), 10u);
  EXPECT_EQ(read_on("/api/v1/users?q=nobody", "username", 3).size(), 0u);
}

TEST_F(Paging, tokens_and_webhooks_are_found_by_their_words) {
  add_tokens(20);
  EXPECT_EQ(read_on("/api/v1/tokens?q=cd", "id", 3).size(), 10u);
  add_webhooks(20);
  EXPECT_EQ(read_on("/api/v1/webhooks?q=registered", "id", 7).size(), 20u);
  EXPECT_EQ(read_on("/api/v1/webhooks?q=failed", "id", 7).size(), 0u);
}

TEST_F(Paging, events_are_searched_from_the_newest_on_and_the_cursor_goes_on) {
  int const count = searched_events_max + 300;
  std::vector<store::EventRecord> events(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].id = std::to_string(i);
    events[i].type = i % 100 == 0 ? "com.example.rare" : "com.example.often";
    events[i].envelope = Json::object({{"subject", "INC-" + std::to_string(i)}});
    events[i].received_at = clock.now() + std::chrono::seconds(i);
  }
  ASSERT_TRUE(store->events().append_all(events).ok());
  EXPECT_EQ(read_events("?type=com.example.rare&limit=4").size(), 23u);
  EXPECT_EQ(read_events("?q=RARE&limit=500").size(), 23u);
  EXPECT_EQ(read_events("?q=rare%20inc-700&limit=5"), (std::vector<std::int64_t>{701}));
  EXPECT_EQ(read_events("?type=com.example.rare&receivedAfter=" +
                        format_time(clock.now() + std::chrono::seconds(2'000)))
                .size(),
            3u);
  EXPECT_EQ(read_events("?q=nothing&limit=5").size(), 0u);
  EXPECT_EQ(get("/api/v1/events?receivedAfter=yesterday").status, 400);
}

class PagedLists : public Paging, public ::testing::WithParamInterface<char const*> {};

TEST_P(PagedLists, refuse_what_is_no_page) {
  std::string const path = std::string("/api/v1/") + GetParam();
  for (char const* query :
       {"limit=0", "limit=501", "limit=-1", "limit=x", "limit=1e3", "limit=99999999999999999999",
        "cursor=%20", "cursor=!", "cursor=-1", "cursor=a2V5Og", "cursor=12x"}) {
    auto const answer = get(path + "?" + query);
    EXPECT_EQ(answer.status, 400) << query;
    std::string const member = std::string(query).substr(0, std::string(query).find('='));
    EXPECT_EQ(json_of(answer)["where"].as_string(), member) << answer.body;
  }
  auto const most = json_of(get(path + "?limit=501"))["detail"].as_string();
  EXPECT_NE(most.find("1 to 500"), std::string::npos) << most;
  EXPECT_TRUE(json_of(get(path + "?limit=500"))["nextCursor"].is_string());
}

INSTANTIATE_TEST_SUITE_P(All, PagedLists,
                         ::testing::Values("users", "tokens", "webhooks", "workflows", "runs",
                                           "events", "audit", "approvals"));

TEST_F(Paging, a_cursor_of_rows_by_number_is_none_of_rows_by_key) {
  EXPECT_EQ(get("/api/v1/users?cursor=12").status, 400);
  EXPECT_EQ(get("/api/v1/runs?cursor=" + cursor_after("ada")).status, 400);
}

}  // namespace
}  // namespace fairlead::api
