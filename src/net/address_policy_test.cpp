#include "net/address_policy.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

TEST(AddressPolicy, takes_globally_reachable_addresses) {
  for (auto const* const ip :
       {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.0.1", "100.128.0.1",
        "169.253.1.1", "223.255.255.255", "192.169.0.1", "2606:4700:4700::1111", "2a00:1450::1",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
    EXPECT_TRUE(is_public_address(ip)) << ip;
  }
}

TEST(AddressPolicy, refuses_special_addresses_in_every_spelling) {
  for (auto const* const ip : {"0.0.0.0",
                               "10.0.0.1",
                               "10.255.255.255",
                               "100.64.0.1",
                               "100.127.255.255",
                               "127.0.0.1",
                               "127.255.255.254",
                               "169.254.169.254",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.0.0.1",
                               "192.0.2.1",
                               "192.168.1.1",
                               "198.18.0.1",
                               "198.19.255.255",
                               "198.51.100.1",
                               "203.0.113.1",
                               "224.0.0.1",
                               "240.0.0.1",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "::7f00:1",
                               "::ffff:127.0.0.1",
                               "::ffff:a9fe:a9fe",
                               "64:ff9b::7f00:1",
                               "64:ff9b:1::1",
                               "2002:7f00:1::",
                               "2001::1",
                               "2001:db8::1",
                               "fc00::1",
                               "fd12::1",
                               "fe80::1",
                               "fec0::1",
                               "ff02::1",
                               "100::1",
                               "3fff::1",
                               "localhost",
                               "",
                               "1.1.1.1x",
                               "[::1]"}) {
    EXPECT_FALSE(is_public_address(ip)) << ip;
  }
}

TEST(AddressPolicy, refuses_hosts_that_name_this_machine_without_resolving_them) {
  for (auto const* const host :
       {"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
        "017700000001", "::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(is_forbidden_host(host)) << host;
  }
  for (auto const* const host :
       {"example.com", "8.8.8.8", "2606:4700::1", "localhost.example.com", "10.example.com"}) {
    EXPECT_FALSE(is_forbidden_host(host)) << host;
  }
}

}  // namespace
}  // namespace fairlead::net
