#include "net/forwarded_for.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"

namespace fairlead::net {
namespace {

enum class Family { none, v4, v6 };

Family family_of(std::string const& text) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return Family::v4;
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 ? Family::v6 : Family::none;
}

// "203.0.113.7", "203.0.113.7:1234", "2001:db8::7", "[2001:db8::7]:1234": some proxies add a port.
std::string without_port(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) return std::string(text.substr(1, text.rfind(']') - 1));
  bool const one_colon = std::ranges::count(text, ':') == 1;
  return std::string(one_colon ? text.substr(0, text.find(':')) : text);
}

std::vector<std::string> hops(Headers const& headers) {
  std::vector<std::string> all;
  for (auto const& header : headers) {
    if (!equals_ignoring_case(header.name, "X-Forwarded-For")) continue;
    for (auto const& entry : split(header.value, ','))
      all.push_back(without_port(entry));
  }
  return all;
}

}  // namespace

Result<AddressList> parse_trusted_proxies(std::vector<std::string> const& entries) {
  constexpr std::string_view option = "--trusted-proxy";
  FAIRLEAD_TRY(auto list, AddressList::parse(entries, option));
  if (!list.names_hosts()) return list;
  auto error = invalid_input(std::string(option), "--trusted-proxy takes addresses and networks.");
  error.remedy = "Write the proxy's address instead of its name, like 10.1.2.3 or 10.1.0.0/16.";
  return error;
}

std::string client_behind(AddressList const& trusted, std::string peer, Headers const& headers) {
  if (trusted.empty() || !trusted.has_address(without_port(peer))) return peer;
  std::optional<std::string> client;
  auto const all = hops(headers);
  for (auto hop = all.rbegin(); hop != all.rend() && family_of(*hop) != Family::none; ++hop) {
    client = *hop;
    if (!trusted.has_address(*hop)) break;
  }
  if (!client) return peer;
  return family_of(*client) == Family::v6 ? "[" + *client + "]:0" : *client + ":0";
}

}  // namespace fairlead::net
