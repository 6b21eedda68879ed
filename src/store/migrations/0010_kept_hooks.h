// Schema 10: why a webhook is kept, what it is to tell of, and its project's path.
//
// Released steps are never edited. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view kept_hooks_sqlite = R"sql(
ALTER TABLE webhooks ADD COLUMN path TEXT NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN keep TEXT NOT NULL DEFAULT '';
ALTER TABLE webhooks ADD COLUMN kept_by TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace fairlead::store
