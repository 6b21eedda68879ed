// RetentionSettings: how long ended runs are kept where their workflow does not say, as it is set
// while the server runs.
//
// Given at the start (`serve --keep-age`, `--keep-runs`), changed through PUT /api/v1/settings,
// read by HistoryKeeper before each pruning, from the store, so that every node goes by one rule.
// Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "store/store.h"
#include "workflow/policies.h"

namespace fairlead::run {

// {"keepAge": "P90D" | "forever", "keepRuns": 1000 | "forever"}
Json retention_to_json(workflow::Retention const& retention);
// Both members are wanted. Errors: invalid_input names retention.keepAge or retention.keepRuns.
Result<workflow::Retention> retention_from_json(Json const& json);

class RetentionSettings {
 public:
  // `at_start` says both, age and count.
  RetentionSettings(store::MetaStore& meta, workflow::Retention at_start)
      : meta_(meta), at_start_(at_start) {}

  struct Change {
    workflow::Retention retention;
    std::string by;  // username
    Time at{};
  };
  // Errors: the store's; corrupt if what is kept cannot be read. Then nothing should be removed.
  [[nodiscard]] Result<workflow::Retention> current() const;
  // What was set while the server ran, if anything.
  [[nodiscard]] Result<std::optional<Change>> change() const;
  // Blocks until it is durable. Idempotent.
  Result<void> set(Change const& change);
  // Back to what was given at the start.
  Result<void> forget();

 private:
  store::MetaStore& meta_;
  workflow::Retention const at_start_;
};

}  // namespace fairlead::run
