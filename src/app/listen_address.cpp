#include "app/listen_address.h"

#include <charconv>

#include "base/text.h"
#include "net/url.h"

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

Result<std::string> parse_public_url(std::string_view text) {
  if (text.empty()) return std::string();
  auto url = net::parse_url(text);
  if (!url.ok() || text.find_first_of("?#") != std::string_view::npos) {
    Error error = invalid_input("--public-url",
                                "\"" + shorten(text.substr(0, text.find_first_of("?#@")), 80) +
                                    "\" is not how a browser can reach this server.");
    error.remedy =
        "Give scheme, host and, if there is one, the path: https://it.example.com/fairlead.";
    return error;
  }
  while (text.ends_with('/'))
    text.remove_suffix(1);
  return std::string(text);
}

std::string url_of(ListenAddress const& listen, std::string_view scheme) {
  std::string host = listen.address;
  if (host == "0.0.0.0" || host == "::" || host == "*") host = "127.0.0.1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return std::string(scheme) + "://" + host + ":" + std::to_string(listen.port);
}

}  // namespace fairlead::app
