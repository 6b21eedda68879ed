#include "base/text.h"
#include "workflow/json_schema.h"
#include "workflow/read.h"

namespace fairlead::workflow {
namespace {

// The node at a JSON pointer below `from`, or the nearest one above it.
Place place_at(Place from, std::string_view pointer) {
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::string_view const token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    bool found = false;
    for (auto const& member : from.node->members) {
      if (pointer_token(member.key) != token) continue;
      from = from.member(member);
      found = true;
      break;
    }
    for (std::size_t i = 0; i < from.node->items.size() && !found; ++i) {
      if (std::to_string(i) != token) continue;
      from = from.item(i);
      found = true;
    }
    if (!found) break;
  }
  return from;
}

}  // namespace

SchemaPtr read_schema(Reader& reader, Place const& place) {
  if (!reader.mapping(place, "'schema'", {"format", "document", "resource"})) return nullptr;
  if (auto const format = Reader::get(place, "format")) {
    auto const text = reader.text(*format, "'format'");
    if (!text.empty() && text != "json" && !text.starts_with("json:")) {
      reader.error(*format, {"refused",
                             "Schemas of the format '" + shorten(text, 40) +
                                 "' are not read. Instead: write a JSON Schema.",
                             text, "json"});
    }
  }
  if (auto const resource = Reader::get(place, "resource")) {
    reader.error(*resource, {"refused",
                             "A schema on another server is not read. Instead: write it out "
                             "under 'document'."});
    return nullptr;
  }
  auto const inner = reader.require(place, "document", "'schema'");
  if (!inner) return nullptr;
  std::vector<JsonSchema::Refusal> refusals;
  auto schema = JsonSchema::compile(to_json(*inner->node), refusals);
  for (auto& refusal : refusals) {
    reader.error(place_at(*inner, refusal.pointer),
                 {"schema", std::move(refusal.message), std::move(refusal.word),
                  std::move(refusal.nearest)});
  }
  return schema;
}

}  // namespace fairlead::workflow
