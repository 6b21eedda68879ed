// Schema 9: webhooks that GitLab signs: one that signed once is not believed unsigned later.
//
// Released steps are never edited. Plain data.
#pragma once

#include <string_view>

namespace fairlead::store {

inline constexpr std::string_view signed_hooks_sqlite = R"sql(
ALTER TABLE webhooks ADD COLUMN is_signed INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace fairlead::store
