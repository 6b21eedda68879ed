#include "gitlab/paging.h"

#include <gtest/gtest.h>

#include "net/url.h"

namespace fairlead::gitlab {
namespace {

using action::ListOptions;
using action::ListSummary;
using action::Request;
using action::Response;

Request get(std::string path, net::QueryPairs query = {}) {
  return {.method = net::Method::get, .path = std::move(path), .query = std::move(query)};
}

Response page(std::vector<std::int64_t> ids, net::Headers headers) {
  Json rows = Json::array();
  for (auto const id : ids)
    rows.push_back(Json::object({{"id", id}}));
  return {.status = 200, .headers = std::move(headers), .body = std::move(rows), .text = {}};
}

Error refusal(std::string message) {
  Error error = make_error(ErrorKind::invalid_input, std::move(message));
  error.status = 405;
  return error;
}

// Answers in order and writes down the queries.
struct Server {
  std::vector<Result<Response>> answers;
  std::vector<std::string> asked;
  std::vector<std::int64_t> got;
  KeysetMemory memory{};

  Result<ListSummary> list(Request request, ListOptions options) {
    Fetch const fetch = [this](Request const& one) -> Result<Response> {
      asked.push_back(net::encode_query(one.query));
      if (asked.size() > answers.size()) return make_error(ErrorKind::internal, "asked too often");
      return answers[asked.size() - 1];
    };
    auto const sink = [this](Json row) -> Result<void> {
      got.push_back(row["id"].as_integer());
      return {};
    };
    return list_pages(fetch, std::move(request), options, sink, memory);
  }
};

using Ids = std::vector<std::int64_t>;

TEST(Paging, follows_the_next_page_header_to_its_end) {
  Server server{
      .answers = {page({1, 2}, {{"X-Next-Page", "2"}}), page({3}, {{"x-next-page", ""}})}};
  auto const summary = server.list(get("/groups", {{"search", "a b"}}), {});
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(server.got, (Ids{1, 2, 3}));
  EXPECT_EQ(server.asked[0], "search=a%20b&per_page=100");
  EXPECT_EQ(server.asked[1], "search=a%20b&per_page=100&page=2");
  EXPECT_TRUE(summary->complete);
  EXPECT_EQ(summary->note, "");
}

TEST(Paging, never_stops_at_a_count_or_at_a_short_page) {
  Server server{.answers = {page({1}, {{"X-Next-Page", "2"}, {"X-Total", "1"}}),
                            page({}, {{"X-Next-Page", "3"}}), page({2}, {{"X-Next-Page", ""}})}};
  ASSERT_TRUE(server.list(get("/groups"), {}).ok());
  EXPECT_EQ(server.got, (Ids{1, 2}));
}

TEST(Paging, says_how_many_there_are_when_it_stops_early) {
  struct Row {
    net::Headers headers;
    char const* note;
  };
  Row const rows[] = {{{{"X-Next-Page", "2"}, {"X-Total", "1243"}}, "2 of 1,243"},
                      {{{"X-Next-Page", "2"}}, "2 of more than 10,000"},
                      {{{"Link", "<https://x/y?cursor=1>; rel=\"next\""}}, "2 of more"}};
  for (Row const& row : rows) {
    Server server{.answers = {page({1, 2}, row.headers)}};
    auto const summary = server.list(get("/groups"), {.limit = 2});
    ASSERT_TRUE(summary.ok());
    EXPECT_FALSE(summary->complete);
    EXPECT_EQ(summary->note, row.note);
    EXPECT_EQ(server.asked[0], "per_page=2");
  }
}

TEST(Paging, is_complete_when_the_limit_is_just_what_there_is) {
  Server server{.answers = {page({1, 2}, {{"X-Next-Page", ""}, {"X-Total", "2"}})}};
  auto const summary = server.list(get("/groups"), {.limit = 2});
  EXPECT_TRUE(summary->complete);
  EXPECT_EQ(summary->total, 2);
}

TEST(Paging, hands_over_rows_that_shifted_between_pages_once) {
  Server server{
      .answers = {page({5, 4, 3}, {{"X-Next-Page", "2"}}), page({3, 2, 1}, {{"X-Next-Page", ""}})}};
  auto const summary = server.list(get("/groups"), {});
  EXPECT_EQ(server.got, (Ids{5, 4, 3, 2, 1}));
  EXPECT_EQ(summary->count, 5);
}

TEST(Paging, takes_only_the_query_of_a_link) {
  Server server{
      .answers = {
          page({1},
               {{"Link", "<http://evil.test/steal?id_after=1&pagination=keyset#x>; rel=\"next\""}}),
          page({}, {})}};
  ASSERT_TRUE(server.list(get("/projects", {{"membership", "true"}}), {}).ok());
  EXPECT_EQ(server.asked[0],
            "membership=true&per_page=100&pagination=keyset&order_by=id&sort=desc");
  EXPECT_EQ(server.asked[1], "id_after=1&pagination=keyset");
}

TEST(Paging, remembers_that_a_server_has_no_keyset_for_a_listing) {
  Server server{
      .answers = {refusal("Keyset pagination is not yet available for this type of request"),
                  page({1}, {{"X-Next-Page", ""}}), page({1}, {{"X-Next-Page", ""}})}};
  ASSERT_TRUE(server.list(get("/projects/7/issues"), {}).ok());
  ASSERT_TRUE(server.list(get("/projects/8/issues"), {}).ok());
  EXPECT_EQ(server.asked[1], "per_page=100");
  EXPECT_EQ(server.asked[2], "per_page=100");
}

TEST(Paging, goes_on_by_keyset_where_gitlab_refuses_a_deep_offset) {
  Server server{.answers = {page({1, 2}, {{"X-Next-Page", "501"}}),
                            refusal("Offset pagination has a maximum allowed offset of 50000"),
                            page({1, 2, 3}, {})}};
  ASSERT_TRUE(server.list(get("/groups"), {}).ok());
  EXPECT_EQ(server.got, (Ids{1, 2, 3}));
  EXPECT_EQ(server.asked[2], "per_page=100&pagination=keyset&order_by=name&sort=asc");
}

TEST(Paging, says_what_to_do_where_no_keyset_has_that_order) {
  Server server{.answers = {refusal("Offset pagination has a maximum allowed offset of 50000")}};
  auto const summary = server.list(get("/projects", {{"order_by", "star_count"}}), {});
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().where, "order_by");
}

TEST(Paging, gives_up_on_a_server_that_refuses_both_ways) {
  auto const offset = refusal("Offset pagination has a maximum allowed offset of 50000");
  auto const keyset = refusal("Keyset pagination is not yet available");
  Server server{.answers = {keyset, offset, keyset, offset}};
  EXPECT_FALSE(server.list(get("/projects"), {}).ok());
  EXPECT_LE(server.asked.size(), 4U);
}

TEST(Paging, does_not_turn_in_circles) {
  Server server{.answers = {page({1}, {{"X-Next-Page", "2"}}), page({2}, {{"X-Next-Page", "2"}}),
                            page({3}, {})}};
  ASSERT_TRUE(server.list(get("/groups"), {}).ok());
  EXPECT_EQ(server.asked.size(), 2U);
}

TEST(Paging, warns_where_a_proxy_takes_the_paging_headers_away) {
  std::vector<std::int64_t> full(per_page_max);
  for (int i = 0; i < per_page_max; ++i)
    full[static_cast<std::size_t>(i)] = i + 1;
  Server server{.answers = {page(full, {})}};
  auto const summary = server.list(get("/groups"), {});
  EXPECT_FALSE(summary->complete);
  EXPECT_NE(summary->note.find("did not say"), std::string::npos);
}

TEST(Paging, refuses_an_answer_that_is_no_list) {
  Server server{.answers = {Response{
                    .status = 200, .headers = {}, .body = Json::object({{"id", 1}}), .text = {}}}};
  auto const summary = server.list(get("/groups"), {});
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().kind, ErrorKind::corrupt);
}

TEST(Paging, passes_on_what_the_sink_says) {
  Server server{.answers = {page({1}, {})}};
  Fetch const fetch = [&](Request const&) { return server.answers[0]; };
  auto const sink = [](Json) -> Result<void> { return make_error(ErrorKind::cancelled, "enough"); };
  auto const summary = list_pages(fetch, get("/groups"), {}, sink, server.memory);
  EXPECT_EQ(summary.error().kind, ErrorKind::cancelled);
}

TEST(Paging, stops_at_its_maximum_of_pages_with_an_error) {
  std::int64_t asked = 0;
  Fetch const fetch = [&](Request const&) -> Result<Response> {
    ++asked;
    return page({asked}, {{"X-Next-Page", std::to_string(asked + 1)}});
  };
  KeysetMemory memory;
  auto const summary = list_pages(
      fetch, get("/groups"), {}, [](Json) { return Result<void>(); }, memory);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(asked, pages_max);
  EXPECT_NE(summary.error().message.find("20,000"), std::string::npos);
}

TEST(SeenIds, keeps_its_memory_bounded_and_the_newest_ids_known) {
  constexpr std::size_t ids_max = 1'000;
  SeenIds seen(ids_max);
  auto const row = [](std::size_t id) {
    return Json::object({{"id", static_cast<std::int64_t>(id)}});
  };
  for (std::size_t i = 0; i < ids_max + 1; ++i)
    ASSERT_TRUE(seen.insert(row(i)));
  EXPECT_FALSE(seen.insert(row(ids_max)));
  EXPECT_FALSE(seen.insert(row(ids_max - 10)));
  EXPECT_TRUE(seen.insert(row(0)));
  EXPECT_TRUE(seen.insert(Json::object({{"name", "no id"}})));
  EXPECT_TRUE(seen.insert(Json::object({{"name", "no id"}})));
}

}  // namespace
}  // namespace fairlead::gitlab
