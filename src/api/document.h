// The API's own description: an OpenAPI 3.1 document and a page to read it.
//
// Made of the route table and of document_table.h; nothing is written twice. Built once when the
// routes are made; handlers only copy it. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/document_table.h"
#include "api/endpoint.h"

namespace fairlead::api {

// The row of a route, or nullptr.
DocumentRow const* row_of(net::Method method, std::string_view path);
// "GET /api/v1/runs/{id}"
std::string route_name(net::Method method, std::string_view path);

// Every named type as JSON Schema. Errors: invalid_input (a type that cannot be read).
Result<Json> document_components();
// OpenAPI 3.1 of these routes. Errors: invalid_input (a row that cannot be read). A route without a
// row is described by what the route table says.
Result<Json> open_api_document(std::vector<Endpoint> const& endpoints, std::string_view version);

// GET /api/v1/openapi.json, GET /api/docs and its two files: public. They describe `others` and
// themselves.
std::vector<Endpoint> document_endpoints(std::vector<Endpoint> const& others,
                                         std::string_view version);

}  // namespace fairlead::api
