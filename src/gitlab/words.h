// Words that several actions share: visibility, sort order.
//
// Source: https://docs.gitlab.com/api/projects/ (checked on 19.5). Pure data.
#pragma once

#include <array>

#include "schema/field.h"

namespace fairlead::gitlab {

enum class Visibility { members, internal, everybody };
constexpr auto enum_names(Visibility) {
  using Name = schema::EnumName<Visibility>;
  return std::array{Name{Visibility::members, "private", "Private"},
                    Name{Visibility::internal, "internal", "Internal"},
                    Name{Visibility::everybody, "public", "Public"}};
}

enum class Sort { rising, falling };
constexpr auto enum_names(Sort) {
  using Name = schema::EnumName<Sort>;
  return std::array{Name{Sort::rising, "asc", "Rising"}, Name{Sort::falling, "desc", "Falling"}};
}

}  // namespace fairlead::gitlab
