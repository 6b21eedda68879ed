// advance: the whole behaviour of a run, as one pure function.
//
// No clock, I/O, thread or randomness inside: the time arrives in the event, jitter comes from the
// seed in the journal. The same state and event always give the same step, so folding a journal
// gives back the state. The transitions are the table in run/transitions.cpp; what each kind of
// task does is in run/tasks/. Any thread.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "run/command.h"
#include "run/journal.h"
#include "run/state.h"

namespace fairlead::run {

struct Step {
  RunState state;
  std::vector<Command> commands;  // in order
  std::vector<Note> notes;
  std::string task;              // pointer of the task the event was for, "" for the run
  std::vector<int> transitions;  // rows of the table that were taken, for coverage
  // stale: the event is for something that is over (a timer of a finished task); nothing changed,
  // nothing is journalled.
  enum class Effect { taken, stale } effect{Effect::taken};
};

Step advance(RunState state, Event const& event);
// For who looks back: also says which tasks of the workflow's own list began, with $context as it
// was then, and their input before input.from.
using TaskWatch =
    std::function<void(RunState const& state, workflow::Task const& task, Json const& input)>;
Step advance(RunState state, Event const& event, TaskWatch const* watch);

// The state of a run that has no journal yet.
RunState new_run(RunId id, std::shared_ptr<workflow::Document const> document);
// Folds. corrupt: an entry that cannot be read, or that the state does not expect.
Result<RunState> replay(RunState state, std::span<store::JournalEntry const> journal);
// The entries one step adds: the event, then the notes; seq counts on from `last_seq`. None if it
// was stale.
std::vector<store::JournalEntry> journal_of(Event const& event, Step const& step,
                                            std::int64_t last_seq);

}  // namespace fairlead::run
