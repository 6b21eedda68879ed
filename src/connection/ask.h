// One GET of our own to a connection's GitLab, signed in or not.
//
// For what a connection asks on its own behalf: who am I, which GitLab is this, the doctor's steps.
// Blocking; any thread. Errors: those of HttpTransport and of the vault.
#pragma once

#include <string_view>

#include "base/result.h"
#include "connection/connections.h"
#include "net/http.h"

namespace fairlead::connection {

// `path` from the instance's root on; an empty token: not signed in.
Result<net::HttpResponse> ask(ConnectionParts const& parts, store::ConnectionRecord const& record,
                              Secret const& token, std::string_view path);
// The body as JSON, or null if it is none.
Json body_of(net::HttpResponse const& response);

}  // namespace fairlead::connection
