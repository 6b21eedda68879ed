// AddressList: places that the operator names: a host ("jenkins.intern"), an address or a network
// ("10.1.0.0/16", "fd00::/8").
//
// Says which private places guarded requests may reach (net/curl_transport.h; what it does not name
// stays refused, net/address_policy.h) and whose X-Forwarded-For is believed
// (net/forwarded_for.h). Value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fairlead::net {

class AddressList {
 public:
  // Errors: invalid_input names the entry and `option`, where it was given.
  static Result<AddressList> parse(std::vector<std::string> const& entries,
                                   std::string_view option);

  // `address`: numeric text without brackets.
  [[nodiscard]] bool has_address(std::string_view address) const;
  // The name itself is listed, whatever it resolves to; or it is a numeric address in a network.
  [[nodiscard]] bool has_host(std::string_view host) const;
  [[nodiscard]] bool names_hosts() const { return !hosts_.empty(); }
  // As they were given.
  [[nodiscard]] std::vector<std::string> const& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return hosts_.empty() && networks_.empty(); }

 private:
  struct Network {
    std::array<std::uint8_t, 16> base{};  // IPv4 as ::ffff:a.b.c.d
    int bits{128};
  };
  std::vector<std::string> entries_;
  std::vector<std::string> hosts_;
  std::vector<Network> networks_;
};

}  // namespace fairlead::net
