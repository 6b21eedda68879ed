#include "store/store.h"

#include <future>

namespace fairlead::store {

Result<void> commit_and_wait(RunStore& runs, Commit batch) {
  // Shared: the store's thread may still be inside set_value() when we wake up and leave.
  auto const result = std::make_shared<std::promise<Result<void>>>();
  runs.commit(std::move(batch),
              [result](Result<void> done) { result->set_value(std::move(done)); });
  return result->get_future().get();
}

}  // namespace fairlead::store
