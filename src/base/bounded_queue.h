// BoundedQueue<T>: messages between threads, with a named maximum and an end.
//
// Everything that talks across threads does it through one of these, so that a slow reader shows as
// a full queue and not as growing memory. After close() nothing more goes in; what is inside can
// still be taken. Any thread may call anything.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace fairlead {

template <class T>
class BoundedQueue {
 public:
  enum class Push { accepted, full, closed };

  explicit BoundedQueue(std::size_t items_max) : items_max_(items_max) {
    FAIRLEAD_ASSERT(items_max > 0, "a queue has room for something");
  }
  BoundedQueue(BoundedQueue const&) = delete;
  BoundedQueue& operator=(BoundedQueue const&) = delete;

  // Never blocks. `item` is moved from only if it was accepted.
  [[nodiscard]] Push try_push(T&& item) {
    {
      std::lock_guard const lock(mutex_);
      if (closed_) return Push::closed;
      if (items_.size() >= items_max_) return Push::full;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return Push::accepted;
  }

  // Blocks until there is an item; nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
    return take(lock);
  }

  std::optional<T> try_pop() {
    std::unique_lock lock(mutex_);
    return take(lock);
  }

  // Blocks until there is an item, then takes all there are, at most `count_max`; empty once closed
  // and empty.
  std::vector<T> pop_many(std::size_t count_max) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < count_max) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return taken;
  }

  void close() {
    {
      std::lock_guard const lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  [[nodiscard]] std::size_t size() const {
    std::lock_guard const lock(mutex_);
    return items_.size();
  }

 private:
  std::optional<T> take(std::unique_lock<std::mutex> const&) {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  std::size_t const items_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> items_;
  bool closed_{false};
};

}  // namespace fairlead
