// StandInTransport: an HttpTransport that sends requests for named public hosts to a loopback stub
// instead. For test programs and the conformance runner only: `serve` never makes one.
//
// The workflow text stays as it is: the caller sees the URL it asked for (also https, answered by
// plain HTTP), the stub sees the original name in the Host header. A host without a stand-in is
// refused, so nothing can reach the network; loopback URLs pass as they are, and so do
// numeric private ones of a public_only request, which `transport` refuses. Thread-safe if the
// transport inside is.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "net/http.h"

namespace fairlead::net {

// Host ("petstore.swagger.io", any port) -> "127.0.0.1:8080".
using StandIns = std::map<std::string, std::string, std::less<>>;

// `transport` does the work and must outlive the result. Errors: unavailable for a host that has no
// stand-in.
std::unique_ptr<HttpTransport> make_stand_in_transport(HttpTransport& transport, StandIns hosts);

}  // namespace fairlead::net
