#include "cli/every_item.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"

namespace fairlead::cli {
namespace {

constexpr char const* list = "http://127.0.0.1:8420/api/v1/users";

struct EveryItem : ::testing::Test {
  testing::FakeTransport transport;
  ServerClient server{transport, "http://127.0.0.1:8420/", Secret("fairlead_t"), ""};

  void page(std::string const& query, Json items, std::string const& next) {
    transport.on(net::Method::get, list + query)
        .answer_json(
            200, Json::object(
                     {{"items", std::move(items)}, {"nextCursor", next}, {"deliveries", query}}));
  }
};

TEST_F(EveryItem, reads_page_after_page_and_keeps_the_rest_of_the_first) {
  page("?limit=500", Json::array({1, 2}), "a");
  page("?limit=500&cursor=a", Json::array(), "b");
  page("?limit=500&cursor=b", Json::array({3}), "");
  auto const all = every_item(server, "/api/v1/users");
  ASSERT_TRUE(all.ok()) << describe(all.error());
  EXPECT_EQ(all->dump(), R"({"items":[1,2,3],"deliveries":"?limit=500"})");
}

TEST_F(EveryItem, says_so_if_a_page_cannot_be_had) {
  page("?limit=500", Json::array({1}), "a");
  transport.on(net::Method::get, std::string(list) + "?limit=500&cursor=a")
      .answer_json(503, Json::object({{"title", "x"}, {"kind", "unavailable"}}));
  EXPECT_FALSE(every_item(server, "/api/v1/users").ok());
}

}  // namespace
}  // namespace fairlead::cli
