// HookWants: which workflows want which webhook, for people to see.
//
// Written by the keeper's thread (gitlab/standing_hooks.h), read by the API's; also how the API
// tells the keeper that something changed. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fairlead::gitlab {

class HookWants {
 public:
  using Workflows = std::vector<std::string>;  // "namespace/name"

  void set(std::map<std::string, Workflows> by_hook) {
    std::lock_guard const lock(mutex_);
    by_hook_ = std::move(by_hook);
  }
  // Of a webhook, by its id.
  Workflows of(std::string const& hook) const {
    std::lock_guard const lock(mutex_);
    auto const found = by_hook_.find(hook);
    return found == by_hook_.end() ? Workflows() : found->second;
  }
  // The keeper looks in its next round, a second away at most.
  void changed() { changed_ = true; }
  bool take_changed() { return changed_.exchange(false); }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Workflows> by_hook_;
  std::atomic<bool> changed_{false};
};

}  // namespace fairlead::gitlab
