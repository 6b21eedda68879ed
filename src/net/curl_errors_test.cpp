#include "net/curl_errors.h"

#include <curl/curl.h>
#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(CurlErrors, a_connection_that_is_cut_off_before_the_request_is_tlss_matter) {
  HttpRequest request;
  request.url = "https://gitlab.test/api";
  auto const url = parse_url(request.url);
  CurlFailure failure{.code = CURLE_SEND_ERROR,
                      .text =
                          "getpeername() failed with errno 107: Transport endpoint is not "
                          "connected",
                      .greeted = true};
  Error const error = describe_failure(failure, request, *url);
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(describe(error).find("client certificate"), std::string::npos) << describe(error);
  EXPECT_EQ(describe(error).find("getpeername"), std::string::npos) << describe(error);
  failure.sent = true;
  EXPECT_EQ(describe_failure(failure, request, *url).kind, ErrorKind::uncertain);
}

}  // namespace
}  // namespace fairlead::net
