// Birth: a child run that is made and waits for its parent's commit.
//
// Apart from shard.h, which NewRun (run/inbox.h) is built upon. Of the shard's thread only.
#pragma once

#include "run/inbox.h"

namespace fairlead::run {

struct Birth {
  NewRun made;
};

}  // namespace fairlead::run
