#include "store/migrations/migrations.h"

#include <array>

#include "store/migrations/0001_foundation.h"

namespace fairlead::store {

std::span<Migration const> migrations() {
  static constexpr std::array<Migration, 1> all{{
      {.version = 1, .name = "foundation", .sqlite = foundation_sqlite},
  }};
  return all;
}

}  // namespace fairlead::store
