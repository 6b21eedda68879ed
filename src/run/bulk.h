// Bulk: one order for all runs of a filter: cancel, pause, resume or replay them.
//
// In pages: each call takes at most `bulk_page_max` runs, says what became of each, and gives the
// cursor of the rest, so that nothing holds a connection or a thread for long and an interrupted
// order is taken up where it stopped. One run that refuses does not stop the others. Thread-safe;
// blocks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/replays.h"

namespace fairlead::run {

inline constexpr int bulk_page_max = 100;
// A count stops there and says so.
inline constexpr std::int64_t bulk_count_max = 100'000;

struct BulkOrder {
  enum class What { cancel, pause, resume, replay } what{What::cancel};
  store::RunFilter filter;
  std::string by;
  std::string reason;
  ReplayRequest replay;  // `run` is filled in
};
std::optional<BulkOrder::What> bulk_from(std::string_view name);

struct BulkCount {
  std::int64_t runs{0};
  bool complete{true};
};

struct BulkDone {
  RunId run;
  std::optional<Error> error;
  RunId started;  // replay: the new one
};

class Bulk {
 public:
  struct Parts {
    Engine& engine;
    store::RunStore& runs;
    Replays& replays;
  };
  explicit Bulk(Parts parts) : parts_(parts) {}

  // What the order would be tried on: runs of the filter that it can concern.
  Result<BulkCount> count(BulkOrder const& order);
  Result<store::Page<BulkDone>> step(BulkOrder const& order, std::string const& cursor, int limit);

 private:
  BulkDone one(BulkOrder const& order, RunId const& run);

  Parts parts_;
};

}  // namespace fairlead::run
