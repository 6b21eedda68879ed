#include "run/bulk.h"

#include <algorithm>
#include <utility>

namespace fairlead::run {
namespace {

using Order = BulkOrder::What;
constexpr int count_page = 500;

// Without statuses in the filter: those the order means something for.
store::RunFilter filter_of(BulkOrder const& order) {
  store::RunFilter filter = order.filter;
  if (!filter.statuses.empty()) return filter;
  switch (order.what) {
    case Order::cancel:
      filter.statuses = {"pending", "running", "waiting", "suspended"};
      break;
    case Order::pause:
      filter.statuses = {"pending", "running", "waiting"};
      break;
    case Order::resume:
      filter.statuses = {"waiting", "suspended"};
      break;
    case Order::replay:
      filter.statuses = {"faulted", "cancelled"};
      break;
  }
  return filter;
}

}  // namespace

std::optional<BulkOrder::What> bulk_from(std::string_view name) {
  constexpr std::pair<std::string_view, Order> names[] = {{"cancel", Order::cancel},
                                                          {"pause", Order::pause},
                                                          {"resume", Order::resume},
                                                          {"replay", Order::replay}};
  for (auto const& [each, what] : names) {
    if (each == name) return what;
  }
  return std::nullopt;
}

Result<BulkCount> Bulk::count(BulkOrder const& order) {
  store::RunFilter const filter = filter_of(order);
  BulkCount count;
  std::string cursor;
  do {
    FAIRLEAD_TRY(auto page, parts_.runs.list(filter, cursor, count_page));
    count.runs += static_cast<std::int64_t>(page.items.size());
    cursor = page.next_cursor;
    count.complete = cursor.empty();
  } while (!cursor.empty() && count.runs < bulk_count_max);
  return count;
}

BulkDone Bulk::one(BulkOrder const& order, RunId const& run) {
  BulkDone done{.run = run, .error = std::nullopt, .started = {}};
  Result<void> result;
  switch (order.what) {
    case Order::cancel:
      result = parts_.engine.cancel(run, order.by);
      break;
    case Order::pause:
      result = parts_.engine.pause(run, {.by = order.by, .reason = order.reason});
      break;
    case Order::resume:
      result = parts_.engine.resume(run, "asked by " + order.by);
      break;
    case Order::replay: {
      ReplayRequest request = order.replay;
      request.run = run;
      auto started = parts_.replays.start(request, order.by);
      if (started.ok()) done.started = *started;
      if (!started.ok()) result = started.error();
      break;
    }
  }
  if (!result.ok()) done.error = result.error();
  return done;
}

Result<store::Page<BulkDone>> Bulk::step(BulkOrder const& order, std::string const& cursor,
                                         int limit) {
  FAIRLEAD_TRY(auto page,
               parts_.runs.list(filter_of(order), cursor, std::clamp(limit, 1, bulk_page_max)));
  store::Page<BulkDone> done;
  // New runs of a replay lie before the cursor: the order does not come to them.
  done.next_cursor = page.next_cursor;
  for (auto const& run : page.items)
    done.items.push_back(one(order, run.id));
  return done;
}

}  // namespace fairlead::run
