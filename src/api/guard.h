// The guard in front of every route: who is calling, may they, and what is written down about it.
//
// A caller is known by a bearer token or by the session cookie. With a cookie, whatever is not a
// GET needs the session's CSRF token and must not come from another site. Every call that changes
// something, and every refusal, goes into the audit log. A stream ends when its reader is shut out
// (open_streams.h). Any thread.
#pragma once

#include <string>

#include "access/api_tokens.h"
#include "access/audit_log.h"
#include "access/sessions.h"
#include "api/endpoint.h"
#include "api/open_streams.h"

namespace fairlead::api {

inline constexpr std::string_view session_cookie = "fairlead_session";
inline constexpr std::string_view csrf_header = "X-CSRF-Token";

struct Guard {
  access::ApiTokens& tokens;
  access::Sessions& sessions;
  access::AuditLog& audit;
  OpenStreams& streams;
  std::string public_url;
};

// Checks token or session (else 401), CSRF and role (else 403), then calls; any Error becomes a
// problem. Adds no-store and nosniff headers.
net::Route guarded(Endpoint endpoint, Guard const& guard);

// The caller of a public endpoint, if there is one that is known; nobody else.
Result<access::Principal> known_caller(net::ServerRequest const& request, Guard const& guard);

// "127.0.0.1" of "127.0.0.1:54321".
std::string address_of(net::ServerRequest const& request);

// Sent by a page of another site: Sec-Fetch-Site or Origin says so.
[[nodiscard]] bool is_cross_site(net::ServerRequest const& request, std::string_view public_url);

// How the audit log names a call: POST /api/v1/connections is "connections.create",
// DELETE /api/v1/secrets/{name} "secrets.remove", POST /api/v1/runs/{id}/cancel "runs.cancel".
std::string action_of(net::Method method, std::string_view pattern);

}  // namespace fairlead::api
