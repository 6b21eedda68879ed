// Paging: all pages of a listing, one item at a time, whatever way GitLab pages that listing.
//
// Offset paging follows X-Next-Page, keyset paging the Link header's rel="next", of which only the
// query is taken: its host is what GitLab believes to be called. A count never ends a listing:
// GitLab leaves counts out above 10,000 rows. Rows that shift from page to page while we read are
// handed over once. Source: https://docs.gitlab.com/api/rest/#pagination (19.5). Memory: one page
// and the ids seen. Functions are pure but for `fetch` and the sink; KeysetMemory is thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <unordered_set>

#include "action/action.h"

namespace fairlead::gitlab {

inline constexpr int per_page_max = 100;
// Two million rows. Hitting it is an Error, not a silent end.
inline constexpr int pages_max = 20'000;
// Above this, a listing is asked for by keyset from its start where GitLab can do that.
inline constexpr std::int64_t keyset_limit_min = 10'000;
inline constexpr std::size_t seen_ids_max = 400'000;

// The ids handed over: the newest half of `ids_max` at least, never more than `ids_max`.
class SeenIds {
 public:
  explicit SeenIds(std::size_t ids_max = seen_ids_max) : ids_max_(ids_max) {}
  // False if it was there already. Rows without an id are always new.
  bool insert(Json const& row);

 private:
  std::size_t ids_max_;
  std::unordered_set<std::int64_t> current_;
  std::unordered_set<std::int64_t> previous_;
};

// Which kinds of listing a server has refused to page by keyset, so that it is asked once.
// Thread-safe.
class KeysetMemory {
 public:
  void refuse(std::string const& kind);
  [[nodiscard]] bool refused(std::string const& kind) const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string> kinds_;  // few: one for each kind of listing there is
};

// How that listing is paged by keyset: its kind and the order to ask for; nothing if GitLab cannot
// (or not so ordered).
struct Keyset {
  std::string kind;  // "/projects/:id/issues"
  std::string order_by;
  std::string sort;
};
enum class KeysetUse { preferred, last_resort };
std::optional<Keyset> keyset_for(action::Request const& request, KeysetUse use);

using Fetch = std::function<Result<action::Response>(action::Request const&)>;

// Errors: those of `fetch` and of the sink; corrupt if an answer is no list; invalid_input if
// GitLab refuses to go on at 50,000 rows in the order asked for.
Result<action::ListSummary> list_pages(Fetch const& fetch, action::Request request,
                                       action::ListOptions const& options,
                                       action::ItemSink const& sink, KeysetMemory& memory);

}  // namespace fairlead::gitlab
