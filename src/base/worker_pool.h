// WorkerPool: a fixed number of threads for work that may block, fed by a bounded queue.
//
// For blocking calls (HTTP, password hashes, processes) that must not hold up an event thread. A
// full queue is an error the caller sees at once, never growing memory. Destruction runs what was
// accepted, then joins. submit(): any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/result.h"

namespace fairlead {

struct WorkerPoolOptions {
  std::size_t threads{4};
  std::size_t queue_max{1'024};
};

class WorkerPool {
 public:
  explicit WorkerPool(WorkerPoolOptions options);
  WorkerPool(WorkerPool const&) = delete;
  WorkerPool& operator=(WorkerPool const&) = delete;
  // Runs everything accepted so far, then returns. Must not be called from one of its own workers.
  ~WorkerPool();

  // Runs `work` soon on some worker. It must not throw (an exception ends the process). Never
  // blocks. unavailable: `queue_max` pieces of work wait already.
  Result<void> submit(std::function<void()> work);

  // Accepted and not yet begun.
  [[nodiscard]] std::size_t queued() const;
  // Begun and not yet ended.
  [[nodiscard]] std::size_t busy() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead
