#include "cli/every_item.h"

#include <string>

namespace fairlead::cli {
namespace {

constexpr int pages_max = 1'000;
constexpr int rows_a_page = 500;

}  // namespace

Result<Json> every_item(ServerClient& server, std::string_view path) {
  std::string const first = std::string(path) + "?limit=" + std::to_string(rows_a_page);
  FAIRLEAD_TRY(auto all, server.get(first));
  std::string cursor = all["nextCursor"].as_string();
  all.erase("nextCursor");
  for (int pages = 1; !cursor.empty(); ++pages) {
    if (pages == pages_max)
      return make_error(ErrorKind::internal, "Reading " + std::string(path) +
                                                 " did not end after " + std::to_string(pages_max) +
                                                 " pages.");
    FAIRLEAD_TRY(auto const page, server.get(first + "&cursor=" + cursor));
    for (auto const& item : page["items"].items())
      all.find("items")->push_back(item);
    cursor = page["nextCursor"].as_string();
  }
  return all;
}

}  // namespace fairlead::cli
