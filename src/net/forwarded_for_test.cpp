#include "net/forwarded_for.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(ForwardedFor, believes_trusted_proxies_only_and_from_the_right) {
  auto const trusted = parse_trusted_proxies({"10.0.0.0/8", "::1"}).value();
  struct Case {
    std::string peer;
    std::vector<std::string> forwarded;
    std::string client;
  };
  for (auto const& each : {
           Case{"10.0.0.1:5", {"203.0.113.7"}, "203.0.113.7:0"},
           // What the client wrote itself stands on the left.
           Case{"10.0.0.1:5", {"1.2.3.4, 203.0.113.7"}, "203.0.113.7:0"},
           Case{"10.0.0.1:5", {"1.2.3.4", "203.0.113.7, 10.9.9.9"}, "203.0.113.7:0"},
           Case{"10.0.0.1:5", {"10.1.1.1,10.2.2.2"}, "10.1.1.1:0"},
           Case{"[::1]:5", {"2001:db8::7"}, "[2001:db8::7]:0"},
           Case{"[::1]:5", {"[2001:db8::7]:443"}, "[2001:db8::7]:0"},
           Case{"[::1]:5", {"203.0.113.7:443"}, "203.0.113.7:0"},
           // Nobody that could be known behind the proxy.
           Case{"10.0.0.1:5", {}, "10.0.0.1:5"},
           Case{"10.0.0.1:5", {""}, "10.0.0.1:5"},
           Case{"10.0.0.1:5", {"unknown"}, "10.0.0.1:5"},
           Case{"10.0.0.1:5", {"203.0.113.7, ["}, "10.0.0.1:5"},
           Case{"10.0.0.1:5", {"1.2.3.4, unknown, 10.2.2.2"}, "10.2.2.2:0"},
           // Not a proxy of ours.
           Case{"203.0.113.9:5", {"1.2.3.4"}, "203.0.113.9:5"},
           Case{"unknown", {"1.2.3.4"}, "unknown"},
       }) {
    Headers headers;
    for (auto const& value : each.forwarded)
      headers.add("x-forwarded-for", value);
    EXPECT_EQ(client_behind(trusted, each.peer, headers), each.client) << each.peer;
    EXPECT_EQ(client_behind({}, each.peer, headers), each.peer);
  }
}

TEST(ForwardedFor, a_proxy_is_an_address_and_not_a_name) {
  EXPECT_FALSE(parse_trusted_proxies({"10.0.0.1", "proxy.intern"}).ok());
  EXPECT_FALSE(parse_trusted_proxies({"10.0.0.0/40"}).ok());
  EXPECT_TRUE(parse_trusted_proxies({}).ok());
}

}  // namespace
}  // namespace fairlead::net
