// Who asks, when a reverse proxy stands between: X-Forwarded-For.
//
// A proxy appends the address it was called from, so only the right end of the list can be
// believed, and only as far as the proxies are ours. Asked for each request before it is dispatched
// (net/connection.cpp); lock-out, audit log and logs then see the person, not the proxy. Pure; any
// thread.
#pragma once

#include <string>

#include "net/address_list.h"
#include "net/http.h"

namespace fairlead::net {

// Errors: invalid_input names an entry of --trusted-proxy that is no address and no network: a name
// would have to be looked up for each request.
Result<AddressList> parse_trusted_proxies(std::vector<std::string> const& entries);

// `peer`: "127.0.0.1:54321", where the bytes come from. If that is a trusted proxy, the last
// address of X-Forwarded-For that is not one, as "203.0.113.7:0" or "[2001:db8::7]:0"; the
// outermost proxy if the list ends before, or where an entry is no address. Otherwise `peer`: the
// header is ignored.
std::string client_behind(AddressList const& trusted, std::string peer, Headers const& headers);

}  // namespace fairlead::net
