#include "net/http.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(Method, names_round_trip_and_are_exact) {
  for (auto const method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                            Method::delete_, Method::options}) {
    EXPECT_EQ(method_from(to_string(method)), method);
  }
  EXPECT_EQ(to_string(Method::delete_), "DELETE");
  for (auto const* const name : {"get", "Get", "GETT", "", "TRACE"})
    EXPECT_FALSE(method_from(name)) << name;
}

TEST(Headers, compare_names_without_regard_to_case_and_keep_order_and_repetition) {
  Headers headers{{"Link", "a"}, {"X-Total", "1"}, {"link", "b"}};
  EXPECT_EQ(headers.find("LINK"), "a");
  EXPECT_EQ(headers.get("x-total"), "1");
  EXPECT_FALSE(headers.contains("x-totals"));
  EXPECT_EQ(headers.get("none"), "");
  EXPECT_EQ(headers.size(), 3u);
  headers.set("lInk", "c");
  EXPECT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers.get("Link"), "c");
  headers.erase("link");
  EXPECT_FALSE(headers.contains("Link"));
}

}  // namespace
}  // namespace fairlead::net
