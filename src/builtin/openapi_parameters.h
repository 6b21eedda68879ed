// Where the parameters of an OpenAPI operation go: path, query, header, cookie, form or body.
//
// Internal to openapi_document.cpp. Pure; the operation points into its document.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::builtin {

struct Operation {
  Json const& document;
  Json const& item;  // of the path
  Json const& operation;
  std::string path;    // "/pet/{petId}"
  std::string method;  // "get"
};

struct Placed {
  std::string path;
  Json query = Json::object();
  Json headers = Json::object();
  Json body;
};

// Errors: invalid_input: `where` is with.parameters.<name>.
Result<Placed> place_parameters(Operation const& operation, Json const& values);

// What a {"$ref": "#/..."} points to; the value itself if it is none; null if it leads nowhere.
Json const& resolve_reference(Json const& document, Json const& value);

}  // namespace fairlead::builtin
