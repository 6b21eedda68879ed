// Lease: this node's place among others on the same store, kept alive by the engine.
//
// work() joins, renews, and takes over what a dead node left behind; commits carry epoch(). A node
// that finds it was taken for dead joins anew: what it still has in memory is refused by the store
// and dropped. work() on one thread at a time; the rest is for any thread. Blocks on the store.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "store/leases.h"

namespace fairlead::run {

// How long others wait before they take over, and how often a living node says that it lives.
inline constexpr Milliseconds lease_term = std::chrono::seconds(30);
inline constexpr Milliseconds lease_renewal = std::chrono::seconds(10);
inline constexpr int claim_page = 500;

class Lease {
 public:
  struct Parts {
    store::LeaseStore& leases;
    Clock const& clock;
    Log& log;
    std::string node;
    // This run is ours now and had something under way.
    std::function<void(RunId const&)> take_up;
  };

  explicit Lease(Parts parts) : parts_(std::move(parts)) {}
  Lease(Lease const&) = delete;
  Lease& operator=(Lease const&) = delete;

  // Joins and takes up what is free: before anything else.
  Result<void> begin();
  // Renews and takes over, if it is time for it.
  void work();
  // What this node holds is free for others at once.
  void end();
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }

 private:
  Result<void> join();
  Result<void> claim();
  Result<void> keep(Time now);

  Parts parts_;
  std::atomic<std::int64_t> epoch_{0};
  Time due_{};
};

}  // namespace fairlead::run
