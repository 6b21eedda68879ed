// A route of our API: what it is, who may call it, and the handler behind the guard (guard.h).
//
// One resource, one file, one function that lists its endpoints; api.cpp gathers them by hand.
// Handlers return a Result: an Error becomes a problem+json answer. They block and run on the
// server's worker threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/principal.h"
#include "base/result.h"
#include "net/http_server.h"

namespace fairlead::api {

// What the audit log says of a call beyond what the guard knows. Never a secret.
struct AuditNote {
  std::string action;                      // "": from method and path
  std::optional<access::Principal> actor;  // nothing: the caller; public endpoints learn it late
  std::string target;                      // "": the parameters of the path
  Json detail;
};

// A request whose caller is known (public endpoints: an empty name).
struct Call {
  net::ServerRequest const& request;
  access::Principal caller;
  AuditNote& note;
};

using EndpointHandler = std::function<Result<net::ServerResponse>(Call const&)>;

struct Endpoint {
  net::Method method{net::Method::get};
  std::string path;
  // The role a caller needs; nothing: public, no token asked.
  std::optional<access::Role> role;
  std::string summary;  // one line for the reference
  EndpointHandler handler;
};

// The body as JSON. Errors: invalid_input (empty, not JSON, not an object, or a Content-Type that
// says otherwise).
Result<Json> json_body(net::ServerRequest const& request);
// Refuses members that are not in `known`, naming the nearest right one.
Result<void> only_members(Json const& object, std::vector<std::string> const& known);
// A member that may be absent: then false, or "". Errors: invalid_input (another type: a "true" in
// quotes must not count as false).
Result<bool> flag_of(Json const& object, std::string const& name);
Result<std::string> text_of(Json const& object, std::string const& name);
// `limit` of the query, 1 to 500; 50 if absent.
Result<int> limit_of(net::ServerRequest const& request);

}  // namespace fairlead::api
