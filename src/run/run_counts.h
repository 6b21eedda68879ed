// How many runs were started here, and how those that ended did, since the process began.
//
// Counted by a shard when it is durable, read by anyone. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "run/state.h"

namespace fairlead::run {

class RunCounts {
 public:
  struct Seen {
    std::uint64_t started{0};
    std::uint64_t completed{0};
    std::uint64_t faulted{0};
    std::uint64_t cancelled{0};
  };

  void started() { ++started_; }
  // A step was written after which the run stands so; a run ends once.
  void stands(RunStatus status) {
    if (status == RunStatus::completed) ++completed_;
    if (status == RunStatus::faulted) ++faulted_;
    if (status == RunStatus::cancelled) ++cancelled_;
  }
  void add_to(Seen& seen) const {
    seen.started += started_;
    seen.completed += completed_;
    seen.faulted += faulted_;
    seen.cancelled += cancelled_;
  }

 private:
  std::atomic<std::uint64_t> started_{0};
  std::atomic<std::uint64_t> completed_{0};
  std::atomic<std::uint64_t> faulted_{0};
  std::atomic<std::uint64_t> cancelled_{0};
};

}  // namespace fairlead::run
