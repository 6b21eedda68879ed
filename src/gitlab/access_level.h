// Access levels: roles in projects and groups, by name ("developer") or by GitLab's number (30).
//
// Servers offer more levels with every year, so any number from 5 on is passed through. Planner
// (15) and Security Manager (25) are not steps of the ladder: they can do things that the next
// level cannot, so they are never compared by size.
// Source: https://docs.gitlab.com/api/access_requests/#valid-access-levels (19.5). Value; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "schema/codec.h"

namespace fairlead::gitlab {

struct AccessLevel {
  std::int64_t value{0};
  friend bool operator==(AccessLevel const&, AccessLevel const&) = default;
};

// "Developer (30)", or "level 27".
std::string words_for(AccessLevel level);

enum class Comparison { lower, same, higher, unknown };
// Whether `a` is lower or higher than `b`; unknown if one of them is not a step of the ladder.
Comparison compare(AccessLevel a, AccessLevel b);

}  // namespace fairlead::gitlab

namespace fairlead::schema {

template <>
struct Codec<gitlab::AccessLevel> {
  static void decode(Json const& json, gitlab::AccessLevel& out, Reader& reader);
  static Json encode(gitlab::AccessLevel const& value) { return value.value; }
  static Json schema(Unknown unknown);
};

}  // namespace fairlead::schema
