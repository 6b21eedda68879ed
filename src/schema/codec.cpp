#include "schema/codec.h"

namespace fairlead::schema {

void Codec<Secret>::decode(Json const& json, Secret& out, Reader& reader) {
  // Never shows what was given instead: it may be the secret itself in the wrong shape.
  if (!json.is_string()) return reader.fail("must be a text");
  out = Secret(json.as_string());
}

Json Codec<Secret>::encode(Secret const&) { return masked_text; }

Json Codec<Secret>::schema(Unknown) {
  Json json = simple_schema("string");
  json.set("writeOnly", true);
  return with_hint(std::move(json), "widget", "secret");
}

}  // namespace fairlead::schema
