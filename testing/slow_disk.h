// A disk whose fsync takes longer: what group commit is measured against on any machine.
//
// Puts itself in front of SQLite's file system for databases opened afterwards in this process.
// Each sync of a file still happens and takes `delay` more. For benchmarks; call it before any
// thread opens a database.
#pragma once

#include "base/clock.h"

namespace fairlead::testing {

// 0 gives back the disk as it is.
void set_sync_delay(Milliseconds delay);

}  // namespace fairlead::testing
