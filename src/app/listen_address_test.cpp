#include "app/listen_address.h"

#include <gtest/gtest.h>

namespace fairlead::app {
namespace {

struct Address {
  char const* text;
  char const* address;
  int port;
  char const* url;
};
class Addresses : public ::testing::TestWithParam<Address> {};

TEST_P(Addresses, are_read_and_shown_as_one_can_open_them) {
  auto listen = parse_listen_address(GetParam().text);
  ASSERT_TRUE(listen.ok()) << describe(listen.error());
  EXPECT_EQ(listen->address, GetParam().address);
  EXPECT_EQ(listen->port, GetParam().port);
  EXPECT_EQ(url_of(*listen, "http"), GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Addresses,
    ::testing::Values(Address{"127.0.0.1:8420", "127.0.0.1", 8420, "http://127.0.0.1:8420"},
                      Address{"8420", "127.0.0.1", 8420, "http://127.0.0.1:8420"},
                      Address{":0", "127.0.0.1", 0, "http://127.0.0.1:0"},
                      Address{"0.0.0.0:80", "0.0.0.0", 80, "http://127.0.0.1:80"},
                      Address{"[::1]:65535", "::1", 65535, "http://[::1]:65535"},
                      Address{"[::]:1", "::", 1, "http://127.0.0.1:1"},
                      Address{"build.local:1", "build.local", 1, "http://build.local:1"}));

class BadAddresses : public ::testing::TestWithParam<char const*> {};

TEST_P(BadAddresses, name_the_option) {
  auto listen = parse_listen_address(GetParam());
  ASSERT_FALSE(listen.ok());
  EXPECT_EQ(listen.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(listen.error().where, "--listen");
}

INSTANTIATE_TEST_SUITE_P(Texts, BadAddresses,
                         ::testing::Values("", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                           "127.0.0.1:-1", "127.0.0.1:80x", "127.0.0.1: 80",
                                           "http://127.0.0.1:80/"));

class PublicUrls : public ::testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(PublicUrls, are_checked_before_anybody_is_sent_there) {
  auto url = parse_public_url(GetParam().first);
  EXPECT_EQ(url.ok() ? *url : "error: " + url.error().where, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PublicUrls,
    ::testing::Values(std::pair{"", ""},
                      std::pair{"https://it.example.com", "https://it.example.com"},
                      std::pair{"https://it.example.com/fairlead/",
                                "https://it.example.com/fairlead"},
                      std::pair{"it.example.com", "error: --public-url"},
                      std::pair{"https://it.example.com?x=1", "error: --public-url"},
                      std::pair{"https://it.example.com#x", "error: --public-url"},
                      std::pair{"https://u:p@it.example.com", "error: --public-url"}));

}  // namespace
}  // namespace fairlead::app
