// CurlTransport: HttpTransport on libcurl's multi interface, one thread, one pool of kept-alive
// connections.
//
// Callers block in send() on their own worker thread; the curl thread does all I/O (HTTP/2, gzip,
// proxies, CA and client certificates as PEM). Connections are shared by all callers with equal TLS
// settings. Destruction: cancels what is not sent, waits for nothing longer than a second.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "net/address_list.h"
#include "net/http.h"

namespace fairlead::net {

struct CurlTransportOptions {
  int connections_per_host_max{128};
  std::size_t transfers_max{
      4'096};  // more at once: Error unavailable "too many requests under way"
  std::string user_agent{"Fairlead"};
  // Private places that requests with AddressPolicy::public_only may reach all the same.
  AddressList allowed_private;
  // Host names whose address is known without DNS, to a numeric address. The address policy judges
  // it like any other.
  std::map<std::string, std::string, std::less<>> resolved;
  // No request takes longer, whatever its own limits say.
  Milliseconds total_timeout_max{Milliseconds::max()};
};

std::unique_ptr<HttpTransport> make_curl_transport(CurlTransportOptions options);

}  // namespace fairlead::net
