// Span: how long something may take, as people write it: 90 (seconds), "30 min", "2h", "1 h 30
// min", "PT30M".
//
// Value; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "schema/codec.h"

namespace fairlead::gitlab {

struct Span {
  Milliseconds length{0};
};

inline constexpr Milliseconds span_max{365LL * 86'400'000};
// Nothing if it is malformed, zero, or longer than span_max.
std::optional<Span> parse_span(std::string_view text);

}  // namespace fairlead::gitlab

namespace fairlead::schema {

template <>
struct Codec<gitlab::Span> {
  static void decode(Json const& json, gitlab::Span& out, Reader& reader);
  // Seconds.
  static Json encode(gitlab::Span const& value) { return value.length.count() / 1'000; }
  static Json schema(Unknown unknown);
};

}  // namespace fairlead::schema
