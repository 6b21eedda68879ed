// The schema of the database as a list of numbered steps, forward only.
//
// A released step is never edited: a change is a new step at the end. Each runs in one transaction
// together with the new number, so a crash leaves the old schema or the new one. Plain data; any
// thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fairlead::store {

struct Migration {
  std::int64_t version;  // 1, 2, ...
  std::string_view name;
  std::string_view sqlite;  // statements
};

// In order, without gaps.
std::span<Migration const> migrations();

}  // namespace fairlead::store
