// forbid_core_dumps(): keeps secrets in memory out of files.
//
// Called first thing by `fairlead serve`: no core file is written and no other process of the same
// user may attach (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). Once, by one thread.
#pragma once

#include "base/result.h"

namespace fairlead::vault {

// unavailable: the kernel refused.
Result<void> forbid_core_dumps();

}  // namespace fairlead::vault
