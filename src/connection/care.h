// What is kept of a connection's token care beside the tokens: who refreshes, which pair it is,
// when it came, what failed lately, and when the grant broke and came back.
//
// Lives in settings["care"] of the row, changed only together with the generation, so that two
// processes can never both believe to be the refresher (ADR 16). Values; any thread.
#pragma once

#include <optional>
#include <string>

#include "store/records.h"

namespace fairlead::connection {

inline constexpr std::size_t failures_kept_max = 100;

// Which token pair the row holds. Grows with a pair only; the generation with every step of care.
std::int64_t pair_of(store::ConnectionRecord const& record);

// Each makes the next generation of the row.
void note_refreshing(store::ConnectionRecord& record, std::string const& by, Time now);
void note_pair(store::ConnectionRecord& record, Time now);  // a new pair is in
void note_failure(store::ConnectionRecord& record, std::string const& status, Time now);
void note_forgotten(store::ConnectionRecord& record);  // the pair is no more
void note_edit(store::ConnectionRecord& record);       // something else in the row was changed

// The mark of the process that refreshes, "" if nobody said.
std::string refresher_of(store::ConnectionRecord const& record);

// Whether both hold the same pair in the same state of its care, whatever else was edited.
bool is_same_care(store::ConnectionRecord const& one, store::ConnectionRecord const& other);

// How long before its end the pair is to be renewed: a quarter of its life, at most that long, so
// that a short-lived one is not spent at every use.
Milliseconds refresh_ahead_of(store::ConnectionRecord const& record, Milliseconds at_most);

struct CareReport {
  std::optional<Time> last_refresh_at;
  std::optional<Time> broken_at;     // of the last time
  std::optional<Time> recovered_at;  // likewise; nothing while it is broken
  int failures_24h{0};
};
CareReport care_report(store::ConnectionRecord const& record, Time now);

}  // namespace fairlead::connection
