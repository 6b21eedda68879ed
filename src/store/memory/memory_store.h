// The store in memory: for tests, the simulation, and trying out. Gone with the process.
//
// Passes the same conformance suite as SQLite. One mutex guards all of it; `done` of commit() is
// called either on a thread of its own, as SQLite does, or on the caller's before commit() returns,
// one after another, for tests that must repeat exactly.
#pragma once

#include <memory>

#include "store/store.h"

namespace fairlead::store {

struct MemoryStoreOptions {
  enum class Delivery { own_thread, callers_thread } delivery{Delivery::own_thread};
};

std::unique_ptr<Store> make_memory_store(MemoryStoreOptions options = {});

}  // namespace fairlead::store
