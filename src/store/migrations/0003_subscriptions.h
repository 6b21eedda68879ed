// Schema 3: listeners of runs, partial matches of schedule.on all, events by type.
//
// Listeners hang on a run's row as timers do. events_type ends, as every index, with the row id,
// which is `seq`: the events of a type are read in their order.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view subscriptions_sqlite = R"sql(
CREATE TABLE listeners (
  row INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  key TEXT NOT NULL,
  event_type TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  since INTEGER NOT NULL,
  filter TEXT,
  expected TEXT,
  variables TEXT
);
CREATE UNIQUE INDEX listeners_run ON listeners (run, key);

CREATE TABLE partial_matches (
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  state TEXT
);
CREATE INDEX partial_matches_workflow ON partial_matches (workflow, began_at);
CREATE INDEX partial_matches_began ON partial_matches (began_at);

CREATE INDEX events_type ON events (type);
)sql";

}  // namespace fairlead::store
