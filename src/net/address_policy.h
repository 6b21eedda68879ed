// Which resolved addresses a request may connect to: the guard against server-side request forgery.
//
// Works on the numeric address the resolver gave, never on the name, so that DNS cannot talk its
// way around it. Used by the curl transport when a socket is opened and again before each request
// is sent. Pure functions; any thread.
#pragma once

#include <string_view>

namespace fairlead::net {

// True for globally reachable unicast addresses only: not loopback, link-local (cloud metadata),
// private, shared, multicast, documentation or reserved ones. An IPv4 address inside an IPv6 one
// (mapped, 6to4, NAT64) is judged as IPv4. `address` is numeric text without brackets; anything
// else is not public. Sources: IANA special-purpose registries of IPv4 and IPv6 (RFC 6890 and
// updates).
bool is_public_address(std::string_view address);

// True if `host` of a URL is a numeric address, or a name reserved for this machine ("localhost",
// "x.localhost"), that is not public. Names are not resolved.
bool is_forbidden_host(std::string_view host);

}  // namespace fairlead::net
