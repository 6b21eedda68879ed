// Pages of the lists that are read whole: users, tokens, webhooks, workflows.
//
// A row is placed by a key that never changes, and a cursor names the last key of a page: rows that
// come or go meanwhile neither repeat nor hide others. `limit` and `nextCursor` are as in the lists
// that the store pages itself; left out, it is the most there may be, so that a short list is whole
// at once. Pure; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "store/records.h"

namespace fairlead::api {

// Rows of the largest page of any list of the API.
inline constexpr int page_rows_max = 500;

struct PageAsk {
  int limit{0};
  std::string after;  // key of the last row of the page before; "": from the beginning
};

// ?limit=&cursor=. Errors: invalid_input.
Result<PageAsk> page_asked(net::ServerRequest const& request);
// Opaque to the caller; of one list it is none of another kind of list.
std::string cursor_after(std::string_view key);
// One key of several columns, in the order of the columns.
std::string key_of(std::vector<std::string> const& columns);

// The rows that are wanted, by key, after ask.after. `key`: Row -> unique text; `wanted`: Row ->
// bool, asked only as far as the page needs.
template <class Row, class Key, class Wanted>
store::Page<Row> page_by(std::vector<Row> rows, PageAsk const& ask, Key key, Wanted wanted) {
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t at = 0; at < rows.size(); ++at)
    if (std::string text = key(rows[at]); text > ask.after) order.emplace_back(std::move(text), at);
  std::sort(order.begin(), order.end());
  store::Page<Row> page;
  std::string last;
  for (auto const& [text, at] : order) {
    if (!wanted(rows[at])) continue;
    if (page.items.size() == static_cast<std::size_t>(ask.limit)) {
      page.next_cursor = cursor_after(last);
      break;
    }
    page.items.push_back(std::move(rows[at]));
    last = text;
  }
  return page;
}

template <class Row, class Key>
store::Page<Row> page_by(std::vector<Row> rows, PageAsk const& ask, Key key) {
  return page_by(std::move(rows), ask, std::move(key), [](Row const&) { return true; });
}

}  // namespace fairlead::api
