#include "gitlab/pace.h"

#include <algorithm>

namespace fairlead::gitlab {

void Pace::hold(Milliseconds steady_now, Milliseconds wait) {
  std::scoped_lock const lock(mutex_);
  closed_until_ = std::max(closed_until_, steady_now + wait);
}

std::optional<Milliseconds> Pace::held_for(Milliseconds steady_now) const {
  std::scoped_lock const lock(mutex_);
  if (closed_until_ <= steady_now) return std::nullopt;
  return closed_until_ - steady_now;
}

void Pace::refused(std::int64_t generation, Milliseconds steady_now) {
  std::scoped_lock const lock(mutex_);
  if (generation != refused_generation_) resting_until_ = Milliseconds(0);
  refused_generation_ = generation;
  ++refusals_;
  if (refusals_ >= refused_tokens_in_row_max) resting_until_ = steady_now + refused_token_rest;
}

void Pace::accepted() {
  std::scoped_lock const lock(mutex_);
  refusals_ = 0;
  refused_generation_ = -1;
}

bool Pace::resting(std::int64_t generation, Milliseconds steady_now) const {
  std::scoped_lock const lock(mutex_);
  return generation == refused_generation_ && steady_now < resting_until_;
}

int Pace::refusals() const {
  std::scoped_lock const lock(mutex_);
  return refusals_;
}

}  // namespace fairlead::gitlab
