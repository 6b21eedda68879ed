#include "run/followers.h"

#include <utility>

namespace fairlead::run {

FollowerId Followers::add(RunId const& run, Callback callback) {
  std::lock_guard const lock(mutex_);
  FollowerId const id = next_++;
  followers_[id] = {run, std::move(callback)};
  return id;
}

void Followers::remove(FollowerId id) {
  std::lock_guard const lock(mutex_);
  followers_.erase(id);
}

bool Followers::wanted(RunId const& run) const {
  std::lock_guard const lock(mutex_);
  for (auto const& [id, follower] : followers_) {
    if (follower.run.empty() || follower.run == run) return true;
  }
  return false;
}

void Followers::tell(RunUpdate const& update) const {
  // Held during the calls: after remove() no callback is under way.
  std::lock_guard const lock(mutex_);
  for (auto const& [id, follower] : followers_) {
    if (follower.run.empty() || follower.run == update.run.id) follower.callback(update);
  }
}

}  // namespace fairlead::run
