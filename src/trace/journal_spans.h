// JournalSpans: the journal of one run, read as spans. A task's end gives its span, the run's end
// the run's.
//
// Says names of workflows and tasks, pointers, outcomes and titles of errors; never input, output
// or what an error says in detail. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/records.h"
#include "trace/span.h"

namespace fairlead::trace {

// Where a run stands among the others.
struct RunPlace {
  TraceId trace;
  SpanId parent;  // the task that started it; "": none
  std::optional<SpanLink> repeats;
};

class JournalSpans {
 public:
  JournalSpans(RunId run, RunPlace place) : run_(std::move(run)), place_(std::move(place)) {}

  // The next entry; spans that end with it go behind `ended`.
  void read(store::JournalEntry const& entry, std::vector<Span>& ended);
  // The task that asks for this call, "" if it was not read. Known until it has ended and
  // forget_calls() was called twice since.
  [[nodiscard]] SpanId task_of_call(std::string_view call) const;
  void forget_calls();
  // Of the last entry read; 0 before the first.
  [[nodiscard]] std::int64_t last_seq() const { return last_seq_; }
  [[nodiscard]] bool has_ended() const { return has_ended_; }

 private:
  void begin_run(store::JournalEntry const& entry);
  void begin_task(store::JournalEntry const& entry);
  void end_task(store::JournalEntry const& entry, std::vector<Span>& ended);
  void end_run(store::JournalEntry const& entry, std::vector<Span>& ended);
  void note(store::JournalEntry const& entry);
  // The newest open one at that pointer or around it; the run's if there is none.
  Span& around(std::string_view pointer);

  RunId run_;
  RunPlace place_;
  Span span_;
  // By pointer; more than one where a function's task is called from several places at once.
  std::map<std::string, std::vector<Span>, std::less<>> open_;
  std::map<std::string, SpanId, std::less<>> calls_;  // under way, or of a task that has just ended
  std::vector<SpanId> ended_;                         // tasks, since the last forget_calls()
  std::vector<SpanId> ended_before_;
  std::int64_t last_seq_{0};
  bool has_ended_{false};
};

}  // namespace fairlead::trace
