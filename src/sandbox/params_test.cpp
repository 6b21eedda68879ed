#include "sandbox/params.h"

#include <gtest/gtest.h>

#include "sandbox/reply.h"

namespace fairlead::sandbox {
namespace {

Params params(char const* text) { return Params(Json::parse(text).value()); }

std::string complaint(Params const& in) {
  auto const checked = in.check();
  return checked.ok() ? "" : checked.error().details["error"].as_string();
}

TEST(Params, coerces_like_grape) {
  auto in = params(R"({"a":"12","b":7,"c":"true","d":false,"e":"x, y,,z","f":["1",2],"g":null})");
  EXPECT_EQ(in.integer("a"), 12);
  EXPECT_EQ(in.integer("b"), 7);
  EXPECT_TRUE(in.flag("c"));
  EXPECT_EQ(in.boolean("d"), false);
  EXPECT_EQ(in.list("e"), (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(in.integers("f"), (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(in.given("g"));
  EXPECT_FALSE(in.filled("g"));
  EXPECT_EQ(complaint(in), "");
}

TEST(Params, complains_in_gitlabs_words_all_at_once) {
  auto in = params(R"({"level":"high","state":"open","a":1,"b":2,"on":"maybe"})");
  in.require("title");
  in.integer("level");
  in.boolean("on");
  in.word("state", "all", {"opened", "closed", "all"});
  in.at_most_one_of({"a", "b"});
  in.at_least_one_of({"x", "y"});
  EXPECT_EQ(complaint(in),
            "title is missing, level is invalid, on is invalid, state does not have a valid value, "
            "a, b are mutually "
            "exclusive, x, y are missing, at least one parameter must be provided");
}

TEST(Params, knows_real_dates) {
  EXPECT_TRUE(valid_date("2028-02-29"));
  for (char const* text : {"2026-02-29", "2026-2-1", "2026-13-01", "tomorrow", ""})
    EXPECT_FALSE(valid_date(text)) << text;
}

}  // namespace
}  // namespace fairlead::sandbox
