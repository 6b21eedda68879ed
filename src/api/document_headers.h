// The headers of answers, as the API's document names them.
//
// What api/etags.h, api/idempotency.h, api/answered.h, the guard and the pages set; an answer in
// the tests with a header that is neither here nor of HTTP itself fails. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "net/http.h"

namespace fairlead::api {

// Every header as a Header Object, by name: the document's components.
Json document_headers();
// References to those that answers of a route ("GET /api/v1/runs") with that status, or "default",
// may have.
Json headers_of(std::string_view route, std::string_view status);

// Whether what this GET answers has an ETag: it is one JSON document of the API.
bool has_etag(std::string_view route);

// The name of a header that is not described, "" if all are.
std::string header_misfit(std::string_view route, int status, net::Headers const& headers);

}  // namespace fairlead::api
