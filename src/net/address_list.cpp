#include "net/address_list.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace fairlead::net {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr int v4_offset_bits = 96;

struct Parsed {
  Bytes bytes{};
  enum class Family { v4, v6 } family{Family::v4};
};

std::optional<Parsed> parse_address(std::string_view address) {
  std::string const text(address);
  Parsed parsed;
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    parsed.bytes[10] = parsed.bytes[11] = 0xff;
    std::memcpy(parsed.bytes.data() + 12, &v4.s_addr, 4);
    return parsed;
  }
  parsed.family = Parsed::Family::v6;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
  std::memcpy(parsed.bytes.data(), v6.s6_addr, parsed.bytes.size());
  return parsed;
}

bool same_bits(Bytes const& a, Bytes const& b, int bits) {
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i, bits -= 8) {
    auto const mask = static_cast<std::uint8_t>(bits >= 8 ? 0xff : 0xff << (8 - bits));
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

bool is_host_name(std::string_view text) {
  auto const allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
  };
  auto const is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed) &&
         std::any_of(text.begin(), text.end(), is_letter);
}

std::string plain_host(std::string_view host) {
  auto name = to_lower_ascii(host);
  if (name.ends_with('.')) name.pop_back();
  return name;
}

Error malformed(std::string const& entry, std::string_view option) {
  auto error = invalid_input(std::string(option), "'" + shorten(entry, 80) +
                                                      "' is neither a host name nor an address nor "
                                                      "a network.");
  error.remedy = "Write it like jenkins.intern, 10.1.2.3 or 10.1.0.0/16.";
  return error;
}

std::optional<int> prefix_bits(std::string_view text, int max) {
  int bits = -1;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (code != std::errc() || end != text.data() + text.size() || bits < 0 || bits > max)
    return std::nullopt;
  return bits;
}

}  // namespace

Result<AddressList> AddressList::parse(std::vector<std::string> const& entries,
                                       std::string_view option) {
  AddressList made;
  made.entries_ = entries;
  for (auto const& entry : entries) {
    auto const slash = entry.find('/');
    auto const address = parse_address(entry.substr(0, slash));
    if (!address) {
      if (slash != std::string::npos || !is_host_name(entry)) return malformed(entry, option);
      made.hosts_.push_back(plain_host(entry));
      continue;
    }
    int const offset = address->family == Parsed::Family::v4 ? v4_offset_bits : 0;
    int const most = 128 - offset;
    auto const bits = slash == std::string::npos ? std::optional(most)
                                                 : prefix_bits(entry.substr(slash + 1), most);
    if (!bits) return malformed(entry, option);
    made.networks_.push_back({.base = address->bytes, .bits = offset + *bits});
  }
  return made;
}

bool AddressList::has_address(std::string_view address) const {
  auto const parsed = parse_address(address);
  return parsed && std::any_of(networks_.begin(), networks_.end(), [&](Network const& network) {
           return same_bits(parsed->bytes, network.base, network.bits);
         });
}

bool AddressList::has_host(std::string_view host) const {
  auto const name = plain_host(host);
  return std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end() || has_address(name);
}

}  // namespace fairlead::net
