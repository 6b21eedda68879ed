#include "net/address_list.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(AddressList, has_what_it_names_and_nothing_else) {
  auto const made = AddressList::parse(
      {"jenkins.intern", "10.1.0.0/16", "192.168.7.7", "fd00:1::/32", "127.0.0.1/32"},
      "--allow-private");
  ASSERT_TRUE(made.ok()) << describe(made.error());
  struct Case {
    std::string_view host;
    bool allowed;
  };
  for (auto const& each :
       {Case{"jenkins.intern", true}, Case{"JENKINS.intern.", true},
        Case{"x.jenkins.intern", false}, Case{"10.1.255.1", true}, Case{"10.2.0.1", false},
        Case{"192.168.7.7", true}, Case{"192.168.7.8", false}, Case{"fd00:1::5", true},
        Case{"fd00:2::5", false}, Case{"127.0.0.1", true}, Case{"127.0.0.2", false},
        Case{"::ffff:10.1.0.1", true}, Case{"169.254.169.254", false}, Case{"localhost", false}})
    EXPECT_EQ(made->has_host(each.host), each.allowed) << each.host;
  EXPECT_FALSE(AddressList().has_host("10.1.0.1"));
}

TEST(AddressList, refuses_what_is_no_host_and_no_network) {
  for (std::string const entry : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "a b", "host/8",
                                  "https://x.y", "fd00::/129", "1.2.3"})
    EXPECT_FALSE(AddressList::parse({entry}, "--allow-private").ok()) << entry;
}

}  // namespace
}  // namespace fairlead::net
