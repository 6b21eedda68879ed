// Schema 2: when each workflow that starts by time starts next.
//
// One row a workflow, replaced as a whole with its generation checked; few rows, so no index but
// the key. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view schedules_sqlite = R"sql(
CREATE TABLE schedules (
  workflow_namespace TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  version TEXT NOT NULL,
  plan TEXT NOT NULL,
  anchor_at INTEGER NOT NULL,
  next_at INTEGER,
  last_at INTEGER,
  last_run TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  skipped_at INTEGER,
  skipped_why TEXT NOT NULL,
  generation INTEGER NOT NULL,
  UNIQUE (workflow_namespace, workflow_name)
);
)sql";

}  // namespace fairlead::store
