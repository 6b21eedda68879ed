#include "net/stand_in_transport.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"

namespace fairlead::net {
namespace {

TEST(StandInTransport, sends_named_hosts_to_the_stub_and_tells_the_caller_the_real_url) {
  testing::FakeTransport inner;
  auto const transport = make_stand_in_transport(inner, {{"a.example", "127.0.0.1:8080"}});
  inner.on(Method::get, "http://127.0.0.1:8080/x?y=1").with_header("Host", "a.example");
  auto answer = transport->send({.url = "https://a.example/x?y=1",
                                 .address_policy = HttpRequest::AddressPolicy::public_only});
  ASSERT_TRUE(answer.ok()) << describe(answer.error());
  EXPECT_EQ(answer->effective_url, "https://a.example/x?y=1");
  EXPECT_EQ(inner.sent()[0].address_policy, HttpRequest::AddressPolicy::any);
}

TEST(StandInTransport, refuses_every_other_host) {
  testing::FakeTransport inner;
  auto const transport = make_stand_in_transport(inner, {{"a.example", "127.0.0.1:8080"}});
  auto answer = transport->send({.url = "https://b.example/"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
}

TEST(StandInTransport, follows_redirects_host_by_host_without_credentials) {
  testing::FakeTransport inner;
  auto const transport =
      make_stand_in_transport(inner, {{"a.example", "127.0.0.1:1"}, {"b.example", "127.0.0.1:2"}});
  inner.on(Method::get, "http://127.0.0.1:1/")
      .with_authorization("Bearer x")
      .answer({.status = 302, .headers = {{"Location", "https://b.example/y"}}});
  inner.on(Method::get, "http://127.0.0.1:2/y").with_authorization("").answer({.status = 200});
  HttpRequest request{.url = "https://a.example/", .redirects_max = 3};
  request.authorization = Secret(std::string("Bearer x"));
  auto answer = transport->send(request);
  ASSERT_TRUE(answer.ok()) << describe(answer.error());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->effective_url, "https://b.example/y");
}

}  // namespace
}  // namespace fairlead::net
