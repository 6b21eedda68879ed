#include "net/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "base/text.h"

namespace fairlead::net {
namespace {

struct Range4 {
  std::uint32_t base;
  int bits;
};

constexpr std::uint32_t ip4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr std::array<Range4, 16> closed_ranges_4{{{ip4(0, 0, 0, 0), 8},
                                                  {ip4(10, 0, 0, 0), 8},
                                                  {ip4(100, 64, 0, 0), 10},
                                                  {ip4(127, 0, 0, 0), 8},
                                                  {ip4(169, 254, 0, 0), 16},
                                                  {ip4(172, 16, 0, 0), 12},
                                                  {ip4(192, 0, 0, 0), 24},
                                                  {ip4(192, 0, 2, 0), 24},
                                                  {ip4(192, 88, 99, 0), 24},
                                                  {ip4(192, 168, 0, 0), 16},
                                                  {ip4(198, 18, 0, 0), 15},
                                                  {ip4(198, 51, 100, 0), 24},
                                                  {ip4(203, 0, 113, 0), 24},
                                                  {ip4(224, 0, 0, 0), 4},
                                                  {ip4(240, 0, 0, 0), 4},
                                                  {ip4(255, 255, 255, 255), 32}}};

bool is_public_4(std::uint32_t address) {
  return std::none_of(closed_ranges_4.begin(), closed_ranges_4.end(), [&](Range4 const& range) {
    auto const mask = range.bits == 32 ? 0xffffffffu : ~(0xffffffffu >> range.bits);
    return (address & mask) == range.base;
  });
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t embedded_4(Bytes6 const& bytes, std::size_t offset) {
  return ip4(bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]);
}

bool starts_with(Bytes6 const& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_6(Bytes6 const& bytes) {
  if (starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}))
    return is_public_4(embedded_4(bytes, 12));
  if (starts_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    return is_public_4(embedded_4(bytes, 12));
  }
  if (starts_with(bytes, {0x20, 0x02})) return is_public_4(embedded_4(bytes, 2));
  if ((bytes[0] & 0xe0) != 0x20) return false;  // only 2000::/3 is global unicast
  if (starts_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return false;         // documentation
  if (starts_with(bytes, {0x3f, 0xff}) && bytes[2] < 0x10) return false;  // documentation, RFC 9637
  return !(starts_with(bytes, {0x20, 0x01}) && bytes[2] < 2);  // 2001::/23: protocols, Teredo
}

}  // namespace

bool is_public_address(std::string_view address) {
  std::string const text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public_4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return false;
  Bytes6 bytes{};
  std::memcpy(bytes.data(), v6.s6_addr, bytes.size());
  return is_public_6(bytes);
}

bool is_forbidden_host(std::string_view host) {
  auto name = to_lower_ascii(host);
  if (name.ends_with('.')) name.pop_back();
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  in_addr loose{};  // inet_aton also takes 127.1 and 0x7f000001, as resolvers do
  if (inet_aton(name.c_str(), &loose) == 1) return !is_public_4(ntohl(loose.s_addr));
  return name.find(':') != std::string::npos && !is_public_address(name);
}

}  // namespace fairlead::net
