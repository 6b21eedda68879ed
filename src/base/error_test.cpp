#include "base/error.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace fairlead {
namespace {

TEST(Error, kinds_have_names_both_ways) {
  for (int i = 0; i <= static_cast<int>(ErrorKind::internal); ++i) {
    auto const kind = static_cast<ErrorKind>(i);
    EXPECT_EQ(error_kind_from(to_string(kind)), kind);
  }
  EXPECT_FALSE(error_kind_from("unknown").has_value());
}

Error full_error() {
  Error error;
  error.kind = ErrorKind::rate_limited;
  error.title = "Failed to create issue";
  error.message = "GitLab asked to wait";
  error.cause = "too many requests";
  error.remedy = "Wait a minute.";
  error.where = "title";
  error.status = 429;
  error.request_id = "01H";
  error.retry_after = std::chrono::milliseconds(1'500);
  error.details = Json::object({{"limit", 600}});
  return error;
}

TEST(Error, travels_as_json) {
  Json const json = to_json(full_error());
  EXPECT_EQ(
      json.dump(),
      R"({"kind":"rate_limited","title":"Failed to create issue","message":"GitLab asked to wait",)"
      R"("cause":"too many requests","remedy":"Wait a minute.","where":"title","status":429,)"
      R"("requestId":"01H","retryAfterMs":1500,"details":{"limit":600}})");
  EXPECT_EQ(to_json(error_from_json(json)), json);
  EXPECT_EQ(to_json(make_error(ErrorKind::denied, "no")).dump(),
            R"({"kind":"denied","message":"no"})");
}

TEST(Error, reads_any_json_without_failing) {
  EXPECT_EQ(error_from_json(Json()).kind, ErrorKind::internal);
  EXPECT_EQ(error_from_json(Json::object({{"kind", 3}, {"status", "x"}})).status, 0);
}

TEST(Error, is_one_paragraph_for_people) {
  EXPECT_EQ(
      describe(full_error()),
      "Failed to create issue: title: GitLab asked to wait. Why: too many requests. What to do: "
      "Wait a minute. (request id 01H)");
  EXPECT_EQ(describe(invalid_input("title", "is missing")), "title: is missing.");
  EXPECT_EQ(describe(make_error(ErrorKind::denied, "")), "denied.");
}

Result<int> half(int n) {
  if (n % 2 != 0) return invalid_input("n", "is odd");
  return n / 2;
}

Result<std::string> quarter(int n) {
  FAIRLEAD_TRY(int const once, half(n));
  FAIRLEAD_TRY(int const twice, half(once));
  return std::to_string(twice);
}

Result<void> check_quarter(int n) {
  FAIRLEAD_CHECK(quarter(n));
  return {};
}

TEST(Result, passes_errors_on) {
  EXPECT_EQ(*quarter(12), "3");
  EXPECT_EQ(quarter(6).error().message, "is odd");
  EXPECT_TRUE(check_quarter(4).ok());
  EXPECT_EQ(check_quarter(3).error().where, "n");
}

TEST(ResultDeathTest, reading_the_wrong_side_stops_the_process) {
  EXPECT_DEATH(static_cast<void>(half(1).value()), "value\\(\\) of a failed Result");
  EXPECT_DEATH(static_cast<void>(half(2).error()), "error\\(\\) of a good Result");
}

}  // namespace
}  // namespace fairlead
