// All rows of a list of the API, page after page, so that `list` shows what there is and not what
// fits one page.
//
// Bounded: a server that never ends a list is an error, not a loop. Blocking; one thread.
#pragma once

#include <string_view>

#include "cli/server_client.h"

namespace fairlead::cli {

// The first page's answer with the `items` of all pages and no nextCursor. `path` without a query.
// Errors: of the server; internal (no end after pages_max).
Result<Json> every_item(ServerClient& server, std::string_view path);

}  // namespace fairlead::cli
