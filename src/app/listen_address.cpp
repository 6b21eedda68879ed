#include "app/listen_address.h"

#include <charconv>

#include "base/text.h"

namespace fairlead::app {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  ListenAddress listen;
  std::string_view port = text;
  if (auto colon = text.rfind(':'); colon != std::string_view::npos) {
    std::string_view address = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']'))
      address = address.substr(1, address.size() - 2);
    if (!address.empty()) listen.address = address;
  }
  unsigned number = 0;
  auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (port.empty() || code != std::errc() || end != port.data() + port.size() || number > 65'535)
    return invalid_input("--listen", "\"" + shorten(text, 80) +
                                         "\" is not an address and port like 127.0.0.1:8420.");
  listen.port = static_cast<std::uint16_t>(number);
  return listen;
}

std::string url_of(ListenAddress const& listen, std::string_view scheme) {
  std::string host = listen.address;
  if (host == "0.0.0.0" || host == "::" || host == "*") host = "127.0.0.1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return std::string(scheme) + "://" + host + ":" + std::to_string(listen.port);
}

}  // namespace fairlead::app
