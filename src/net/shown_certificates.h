// Which certificates a server shows, for the doctor: from its own up to the authority.
//
// Makes a TLS connection of its own (through the proxy, if one is set) with the same trust as a
// request has, sends nothing, and keeps what was shown even where it is not trusted. Blocks for the
// request's connect time-out at most; any thread but the transport's.
#pragma once

#include <string>
#include <vector>

#include "net/http.h"

namespace fairlead::net {

// So many of one chain are kept.
inline constexpr std::size_t certificates_max = 10;

struct ShownCertificate {
  std::string subject;  // the common name, else the whole name
  std::string issuer;
  Time ends_at{};
};

// The server's own first. Empty: not https, or no handshake came to the point.
std::vector<ShownCertificate> shown_certificates(HttpRequest const& request);

}  // namespace fairlead::net
