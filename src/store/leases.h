// LeaseStore: which node works on which run, so that several nodes can share one store.
//
// A node joins once for each life of its process and gets an epoch; every commit carries it
// (store::Commit::epoch). A run belongs to the epoch that took it last: by claim(), or by the first
// commit to a run nobody alive holds. A commit of another epoch is refused (fencing), so a node
// that was taken for dead and comes back can do no harm. One row a node is renewed, not one a run.
// Times are handed in. Thread-safe; blocks until durable. See docs/adr/0011.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/records.h"

namespace fairlead::store {

struct LeaseTerm {
  Time now{};
  Time until{};
};

struct Claim {
  std::int64_t epoch{0};
  Time now{};
  int limit{0};
};

class LeaseStore {
 public:
  virtual ~LeaseStore() = default;
  // A new life of that node: earlier ones of the same name are over, their runs are free. Epochs
  // grow.
  virtual Result<std::int64_t> join(std::string_view node, LeaseTerm term) = 0;
  // How many other nodes are over at term.now: then there may be something to claim. conflict
  // (is_lease_lost): this node was taken for dead. Join again.
  virtual Result<int> renew(std::int64_t epoch, LeaseTerm term) = 0;
  // What it holds is free at once. Idempotent.
  virtual Result<void> leave(std::int64_t epoch) = 0;
  // Takes runs with something under way ("pending", "running") that nobody alive holds, in one
  // commit, by id; nodes whose term is over at `now` are dead from then on. Waiting runs are left
  // where they are: whoever moves one first takes it with that commit, so that a start with many of
  // them costs nothing.
  virtual Result<std::vector<RunRecord>> claim(Claim const& claim) = 0;
};

// The run, or the whole node, belongs to somebody else by now.
Error lease_lost(std::string_view what);
[[nodiscard]] bool is_lease_lost(Error const& error);

}  // namespace fairlead::store
