// JSON Schema 2020-12 of declared fields: the untyped leaves that schema/codec.h puts together.
//
// Standard keywords carry what every reader understands (title is the label, description the help);
// the member "x-fairlead" carries what our forms want besides: {order, widget, picker, advanced}.
// Pure; any thread.
// Source: https://json-schema.org/draft/2020-12/json-schema-validation
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "schema/field.h"
#include "schema/reader.h"

namespace fairlead::schema {

struct FieldSchema {
  std::string_view name;
  FieldOptions options;
  Json type;  // the schema of the member's type alone
  enum class Presence { required, optional } presence{Presence::required};
  Json default_value;  // null: none
};

Json object_schema(std::span<FieldSchema const> fields, Unknown unknown);
// {"type": "string", "enum": [...]}; labels, where there are any, under x-fairlead.labels.
Json enum_schema(std::span<std::string_view const> names, std::span<std::string_view const> labels);
// Allows null as well: what clears a Change.
Json nullable_schema(Json type);
// {"type": "string", "x-fairlead": {"widget": ...}} and the like.
Json simple_schema(std::string_view type);
Json with_hint(Json type, std::string_view name, Json value);

}  // namespace fairlead::schema
