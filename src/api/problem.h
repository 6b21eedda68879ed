// Errors as answers: RFC 9457 problem+json made of our Error.
//
// Every failing route answers with it: {type, title, status, detail, cause?, remedy?, where?,
// upstreamStatus?, upstreamRequestId?, ...}; api/answered.h adds the request's own id. Pure.
#pragma once

#include "base/error.h"
#include "net/http_server.h"

namespace fairlead::api {

// The HTTP status of our own answer for an error kind. `denied` is GitLab's word here (424, Failed
// Dependency): what we deny ourselves is said by the guard, with 401 and 403.
int http_status(ErrorKind kind);
net::ServerResponse problem(Error const& error);
net::ServerResponse problem(Error const& error, int status);
// The title of an error that has none: "Not found".
std::string_view title_of(ErrorKind kind);
// The Error inside a problem answer, for clients of this API (the CLI).
Error error_from_problem(int status, std::string const& body);

}  // namespace fairlead::api
