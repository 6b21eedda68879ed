// Paging as GitLab does it: offset pages with x-* headers and Link, counts left out above 10,000
// rows, 405 above an offset of 50,000 where keyset paging exists; keyset pages with a cursor or
// id_after / id_before.
//
// A handler gathers pointers to all matching rows in their final order (cheap: pointers only) and
// this presents one page. Sources: doc/api/rest/index.md#pagination,
// lib/gitlab/pagination/offset_header_builder.rb (19.5). Hold World::mutex.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/call.h"

namespace fairlead::sandbox {

inline constexpr Number per_page_default = 20;
inline constexpr Number per_page_max = 100;
inline constexpr std::size_t counted_rows_max = 10'000;
inline constexpr Number offset_max = 50'000;

struct PageRules {
  // Word for "objects of type X" in the 405 above the offset limit; "": no limit.
  std::string_view offset_limited_type;
  // Filled in by the real server and repeated in its Link URLs, e.g. {"order_by", "created_at"}.
  std::vector<std::pair<std::string, std::string>> defaults;
  enum class Keyset { none, by_cursor, by_id } keyset{Keyset::none};
};

// One page out of `rows` rows; `present(i)` gives row i as JSON, `id_of(i)` its id (for keyset).
Result<Reply> page_reply(Call& call, std::size_t rows, PageRules const& rules,
                         std::function<Json(std::size_t)> const& present,
                         std::function<Number(std::size_t)> const& id_of);

}  // namespace fairlead::sandbox
