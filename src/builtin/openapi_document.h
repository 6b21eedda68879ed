// An OpenAPI document: finding an operation by its id and putting parameters where they belong.
//
// Swagger 2.0 and OpenAPI 3.x. The result is the `with` of a `call: http`, so both kinds of call
// share one way out. References inside of the document are followed; those to other documents are
// not. Pure; any thread. Sources: Swagger 2.0; OpenAPI Specification 3.1.1, "Parameter Object",
// "Server Object".
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::builtin {

struct OpenApiCall {
  std::string document_url;
  std::string operation_id;
  Json parameters;  // name -> value; `body` is the body of OpenAPI 3 operations
};

// {method, endpoint: {uri}, query, headers, body}. Errors: configuration (no such operation, with
// the nearest name; no server), invalid_input (a required parameter is missing, an unknown one).
Result<Json> http_arguments(Json const& document, OpenApiCall const& call);

// The operation's method in lower case. Errors as above.
Result<std::string> openapi_method(Json const& document, std::string_view operation_id);

// JSON or YAML text. corrupt: neither, or no OpenAPI document.
Result<Json> read_openapi(std::string_view text);

}  // namespace fairlead::builtin
