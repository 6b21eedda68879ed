// Schema 7: which run started which.
//
// Fixed at a run's start and in an index of their own rows only, so that runs without a parent pay
// nothing. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view child_runs_sqlite = R"sql(
ALTER TABLE runs ADD COLUMN parent_run TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN parent_task TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_parent ON runs (parent_run) WHERE parent_run <> '';
)sql";

}  // namespace fairlead::store
