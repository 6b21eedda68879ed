#include "api/paging.h"

#include "base/text.h"

namespace fairlead::api {
namespace {

// Marks what is inside, so that a row number of another list is not taken for a key.
constexpr std::string_view mark = "key:";
constexpr std::size_t cursor_bytes_max = 2048;

}  // namespace

std::string cursor_after(std::string_view key) {
  return base64url_encode(std::string(mark) + std::string(key));
}

std::string key_of(std::vector<std::string> const& columns) {
  // NUL sorts before every character of a name, so "a", "b" comes before "a-b".
  return join(columns, std::string(1, '\0'));
}

Result<PageAsk> page_asked(net::ServerRequest const& request) {
  PageAsk ask{.limit = page_rows_max, .after = {}};
  if (!request.query_value("limit").empty()) {
    FAIRLEAD_TRY(ask.limit, limit_of(request));
  }
  std::string_view const cursor = request.query_value("cursor");
  if (cursor.empty()) return ask;
  auto const text = cursor.size() <= cursor_bytes_max ? base64_decode(cursor) : std::nullopt;
  if (text && text->size() > mark.size() && text->starts_with(mark)) {
    ask.after = text->substr(mark.size());
    return ask;
  }
  Error bad = invalid_input("cursor", "This is no cursor of this list.");
  bad.remedy = "Take nextCursor of the page before as it is.";
  return bad;
}

}  // namespace fairlead::api
