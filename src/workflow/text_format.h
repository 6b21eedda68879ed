// The formats of a JSON Schema that this server checks: is this text a date, an address, a URI?
//
// One table: what has no row is refused when a workflow is read. Pure; any thread.
// Source: https://json-schema.org/draft/2020-12/json-schema-validation#section-7.3 (read 2026-11).
#pragma once

#include <span>
#include <string_view>

namespace fairlead::workflow {

struct TextFormat {
  std::string_view name;
  std::string_view words;  // completes "must be ..."
  bool (*matches)(std::string_view text);
};

std::span<TextFormat const> text_formats();
// nullptr: none of that name.
TextFormat const* find_text_format(std::string_view name);

}  // namespace fairlead::workflow
