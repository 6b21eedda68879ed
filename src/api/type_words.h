// Types in a few words, as JSON Schema: how the API's document says what goes in and out.
//
//   { id: string, user?: string | null, items: [Run], role: 'viewer' | 'author', data: any }
//
// string, integer, number, boolean, null, any, time (RFC 3339), url; 'word' is that one value; [T]
// is an array, {*: T} an object with free names; a Name is a component. An object has the members
// it lists and no others, unless it ends in "...". Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::api {

// Errors: invalid_input (says where; at most 32 levels).
Result<Json> schema_of(std::string_view words);

struct NamedType {
  std::string_view name;
  bool optional{false};
  Json schema;
};

// "status?: [string], limit?: integer": query parameters. Errors as above.
Result<std::vector<NamedType>> members_of(std::string_view words);

// What of `value` does not fit, with its place; "" if all does. Understands what schema_of() makes;
// `components` are the schemas behind the names.
std::string misfit(Json const& schema, Json const& value, Json const& components,
                   std::string const& at = "");

}  // namespace fairlead::api
