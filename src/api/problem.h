// Errors as answers: RFC 9457 problem+json made of our Error.
//
// Every failing route answers with it: {type, title, status, detail, cause?, remedy?, where?,
// requestId?, ...}. Pure.
#pragma once

#include "base/error.h"
#include "net/http_server.h"

namespace fairlead::api {

// The HTTP status of our own answer for an error kind.
int http_status(ErrorKind kind);
net::ServerResponse problem(Error const& error);
// The Error inside a problem answer, for clients of this API (the CLI).
Error error_from_problem(int status, std::string const& body);

}  // namespace fairlead::api
