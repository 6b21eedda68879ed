// "127.0.0.1:8420", "[::1]:8420", ":8420", "8420" as address and port.
//
// For --listen options. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fairlead::app {

struct ListenAddress {
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};
};
// Errors: invalid_input.
Result<ListenAddress> parse_listen_address(std::string_view text);
// --public-url without trailing slashes; "" stays so. invalid_input: not an absolute http(s) URL,
// or one with credentials, a query or a fragment.
Result<std::string> parse_public_url(std::string_view text);
// "http://127.0.0.1:8420"; all-interfaces addresses become 127.0.0.1.
std::string url_of(ListenAddress const& listen, std::string_view scheme);

}  // namespace fairlead::app
