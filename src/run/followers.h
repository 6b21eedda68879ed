// Followers: who watches which run live. Each committed journal entry is handed to them, in order.
//
// To miss nothing: subscribe first, then read the journal, then drop entries whose seq was read
// already. Thread-safe; callbacks run on an engine thread and must be short; they must not call
// back into the engine.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "base/ids.h"
#include "store/records.h"

namespace fairlead::run {

// After a commit: the row as it is now and the new entries.
struct RunUpdate {
  store::RunRecord const& run;
  std::vector<store::JournalEntry> const& entries;
};
using FollowerId = std::uint64_t;

class Followers {
 public:
  using Callback = std::function<void(RunUpdate const&)>;

  // An empty id follows all runs.
  FollowerId add(RunId const& run, Callback callback);
  // Afterwards no call is under way or comes. Not from inside a callback.
  void remove(FollowerId id);
  [[nodiscard]] bool wanted(RunId const& run) const;
  void tell(RunUpdate const& update) const;

 private:
  struct Follower {
    RunId run;
    Callback callback;
  };
  mutable std::mutex mutex_;
  std::map<FollowerId, Follower> followers_;
  FollowerId next_{1};
};

}  // namespace fairlead::run
