#include "net/redirect.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

HttpRequest with_credentials(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.authorization = Secret("Bearer t0ken");
  request.headers = {{"Accept", "text/plain"}, {"Cookie", "s=1"}, {"PRIVATE-TOKEN", "x"}};
  request.tls = {.ca_pem = "CA", .client_cert_pem = "C", .client_key_pem = Secret("K")};
  return request;
}

HttpResponse redirect_to(int status, std::string location) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"location", std::move(location)}};
  return response;
}

TEST(Redirect, keeps_everything_on_the_same_origin) {
  for (auto const status : {301, 302, 303, 307, 308}) {
    auto const next =
        next_hop(with_credentials("https://a/x/y?z=1"), redirect_to(status, "../w%2Fv?q#f"))
            .value();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->url, "https://a/w%2Fv?q#f");
    EXPECT_EQ(next->authorization.reveal(), "Bearer t0ken");
    EXPECT_TRUE(next->headers.contains("Cookie"));
    EXPECT_EQ(next->tls.client_cert_pem, "C");
  }
}

TEST(Redirect, leaves_credentials_behind_on_another_origin) {
  for (auto const* const location : {"https://b/x", "http://a/x", "https://a:444/x", "//b/x"}) {
    auto const next = next_hop(with_credentials("https://a/x"), redirect_to(302, location)).value();
    ASSERT_TRUE(next) << location;
    EXPECT_TRUE(next->authorization.empty());
    EXPECT_EQ(next->headers.size(), 1u);
    EXPECT_EQ(next->headers.get("Accept"), "text/plain");
    EXPECT_TRUE(next->tls.client_cert_pem.empty());
    EXPECT_TRUE(next->tls.client_key_pem.empty());
    EXPECT_EQ(next->tls.ca_pem, "CA");
    auto const back = next_hop(*next, redirect_to(302, "https://a/x")).value();
    EXPECT_TRUE(back->authorization.empty()) << "once left behind, they stay behind";
  }
}

TEST(Redirect, is_not_followed_when_there_is_none_or_it_would_repeat_an_effect) {
  EXPECT_FALSE(next_hop(with_credentials("https://a"), redirect_to(200, "https://b")).value());
  EXPECT_FALSE(next_hop(with_credentials("https://a"), redirect_to(304, "https://b")).value());
  EXPECT_FALSE(next_hop(with_credentials("https://a"), HttpResponse{.status = 302}).value());
  auto post = with_credentials("https://a");
  post.method = Method::post;
  EXPECT_FALSE(next_hop(post, redirect_to(307, "https://a/x")).value());
}

TEST(Redirect, refuses_a_target_that_is_not_http) {
  for (auto const* const location :
       {"file:///etc/passwd", "javascript:x", "https://u:p@b/", "https://"}) {
    auto const next =
        next_hop(with_credentials("https://a/x?secret=1"), redirect_to(302, location));
    ASSERT_FALSE(next.ok()) << location;
    EXPECT_EQ(next.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(describe(next.error()).find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace fairlead::net
