// Redirects: where a 3xx answer leads, and what of the request may go there.
//
// Followed for GET and HEAD only. Once a redirect leaves the origin of the first URL, credentials
// stay behind for good: `authorization`, the client certificate, and every header but a few that
// are known to be harmless. Pure; any thread.
#pragma once

#include <optional>

#include "net/http.h"
#include "net/url.h"

namespace fairlead::net {

// The request to send next, or nothing if `response` is the answer. Errors: corrupt (a Location
// that is not http(s)).
Result<std::optional<HttpRequest>> next_hop(HttpRequest const& request,
                                            HttpResponse const& response);

}  // namespace fairlead::net
