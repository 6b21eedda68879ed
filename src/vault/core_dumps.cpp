#include "vault/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace fairlead::vault {

Result<void> forbid_core_dumps() {
  rlimit const none{.rlim_cur = 0, .rlim_max = 0};
  bool const limited = ::setrlimit(RLIMIT_CORE, &none) == 0;
  bool const hidden = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  if (limited && hidden) return {};
  std::string const reason = std::generic_category().message(errno);
  return make_error(ErrorKind::unavailable, "cannot forbid core dumps: " + reason);
}

}  // namespace fairlead::vault
