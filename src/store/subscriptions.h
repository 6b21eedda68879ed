// Who waits for which events: listening runs, and workflows that wait for several events at once.
//
// Written as part of a commit (RunChange::listeners_set, Commit::partials_set), so that a run and
// its listeners never disagree; read here: all listeners after a start, single ones when an event
// comes. Thread-safe; reads block on I/O. Errors as in store/store.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace fairlead::store {

class SubscriptionStore {
 public:
  virtual ~SubscriptionStore() = default;
  // In no particular order. Cursor "" is the beginning; a malformed one is invalid_input.
  virtual Result<Page<ListenerRecord>> listeners(std::string const& cursor, int limit) = 0;
  virtual Result<std::optional<ListenerRecord>> listener(RunId const& run,
                                                         std::string_view key) = 0;
  // Of one workflow ("namespace/name/version"), oldest first.
  virtual Result<std::vector<PartialMatchRecord>> partials(std::string_view workflow,
                                                           int limit) = 0;
  // Forgets partial matches that began before `before`, at most `limit`; gives how many.
  virtual Result<int> remove_partials(Time before, int limit) = 0;
};

}  // namespace fairlead::store
