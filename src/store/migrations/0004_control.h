// Runs can be replays of others, belong to a node for a while, and are removed when they are old.
//
// `lease` is the epoch of the node that holds the run; it is in no index: claiming looks through
// the unfinished runs, which happens once for each death of a node. `runs_ended` is written once in
// a run's life.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view control_sqlite = R"sql(
ALTER TABLE runs ADD COLUMN replay_of TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_ended ON runs (workflow_namespace, workflow_name, ended_at)
  WHERE ended_at IS NOT NULL;

CREATE TABLE nodes (
  epoch INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  until INTEGER NOT NULL
);
)sql";

}  // namespace fairlead::store
