#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace fairlead {

void assertion_failed(char const* condition, char const* text, char const* file, int line) {
  std::fprintf(stderr, "fairlead: bug at %s:%d: %s (%s)\n", file, line, text, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace fairlead
