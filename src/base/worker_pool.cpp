#include "base/worker_pool.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"

namespace fairlead {

struct WorkerPool::State {
  explicit State(WorkerPoolOptions const& options)
      : queue_max(options.queue_max), queue(options.queue_max) {}

  void work() noexcept {
    while (auto next = queue.pop()) {
      ++busy;
      (*next)();
      --busy;
    }
  }

  std::size_t queue_max;
  std::atomic<std::size_t> busy{0};
  BoundedQueue<std::function<void()>> queue;
  std::vector<std::thread> threads;
};

WorkerPool::WorkerPool(WorkerPoolOptions options) : state_(std::make_unique<State>(options)) {
  FAIRLEAD_ASSERT(options.threads > 0, "a worker pool has a thread");
  for (std::size_t i = 0; i < options.threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->work(); });
  }
}

WorkerPool::~WorkerPool() {
  state_->queue.close();
  for (std::thread& thread : state_->threads)
    thread.join();
}

Result<void> WorkerPool::submit(std::function<void()> work) {
  FAIRLEAD_ASSERT(work != nullptr, "work can be called");
  using Push = BoundedQueue<std::function<void()>>::Push;
  if (state_->queue.try_push(std::move(work)) == Push::accepted) return {};
  Error error =
      make_error(ErrorKind::unavailable,
                 "too much work is waiting (" + std::to_string(state_->queue_max) + " pieces)");
  error.remedy = "try again in a moment";
  return error;
}

std::size_t WorkerPool::queued() const { return state_->queue.size(); }

std::size_t WorkerPool::busy() const { return state_->busy; }

}  // namespace fairlead
