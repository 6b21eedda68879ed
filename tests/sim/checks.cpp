#include "tests/sim/checks.h"

#include "run/advance.h"
#include "run/journal.h"
#include "workflow/parse.h"

namespace fairlead::sim {
namespace {

constexpr int rows_max = 10'000;
constexpr std::size_t watched_max = 3;

bool ended(store::RunRecord const& row) { return row.ended_at.has_value(); }

bool creates(std::string const& call) {
  return call.starts_with("create-issue") || call.starts_with("comment-issue") ||
         call.starts_with("trigger-pipeline");
}

std::vector<store::RunRecord> all_runs(store::Store& kept) {
  auto page = kept.runs().list({}, "", rows_max);
  return page.ok() ? std::move(page->items) : std::vector<store::RunRecord>();
}

}  // namespace

void Checks::accepted(std::string const& id, std::string const& type) { accepted_[id] = type; }

void Checks::watch(run::RunState const& state, std::int64_t seq) {
  auto& seen = watched_[state.id];
  seen.insert_or_assign(seq, state);
  while (seen.size() > watched_max)
    seen.erase(seen.begin());
}

std::vector<store::RunRecord> Checks::open_runs() {
  auto all = all_runs(parts_.kept);
  std::erase_if(all, ended);
  return all;
}

void Checks::when_down() {
  check_runs();
  check_effects();
}

void Checks::at_the_end() {
  when_down();
  check_answers(parts_.gitlab.effects());
  check_events();
  check_open();
}

Result<std::shared_ptr<workflow::Document const>> Checks::document_of(store::RunRecord const& row) {
  auto& document = documents_[row.workflow_name];
  if (!document) {
    FAIRLEAD_TRY(auto const record,
                 parts_.kept.workflows().get(row.workflow_namespace, row.workflow_name,
                                             row.workflow_version));
    FAIRLEAD_TRY(document, workflow::parse(record.source));
  }
  return document;
}

void Checks::check_runs() {
  timers_.clear();
  auto const due = parts_.kept.runs().due_timers(Time::max(), rows_max);
  if (due.ok()) {
    for (auto const& timer : *due)
      timers_[timer.run][timer.key] = timer;
  }
  for (auto const& row : all_runs(parts_.kept)) {
    auto& seq = checked_[row.id];
    if (seq == row.last_seq) continue;
    seq = row.last_seq;
    check_run(row);
  }
}

void Checks::check_run(store::RunRecord const& row) {
  auto const document = document_of(row);
  auto const journal = parts_.kept.runs().journal(row.id, 0, rows_max);
  if (!document.ok() || !journal.ok()) return parts_.setting.violation(name(row) + ": unreadable");
  if (static_cast<std::int64_t>(journal->size()) != row.last_seq)
    return parts_.setting.violation(name(row) + ": the journal and the row differ in length");
  auto const state = run::replay(run::new_run(row.id, *document), *journal);
  if (!state.ok()) {
    return parts_.setting.violation(name(row) +
                                    ": the journal does not fold: " + describe(state.error()));
  }
  read_intents(row, *journal);
  check_row(row, *state);
  check_timers(row, *state);
  auto const& seen = watched_[row.id];
  auto const live = seen.find(row.last_seq);
  if (live == seen.end()) return;
  if (to_json(live->second).dump() != to_json(*state).dump())
    parts_.setting.violation(name(row) + ": the journal folds to another state than was in memory");
}

void Checks::check_row(store::RunRecord const& row, run::RunState const& state) {
  bool const same = row.status == to_string(state.status) && row.waiting_for == state.waiting_for &&
                    row.output == state.output && row.error == state.problem &&
                    row.ended_at == state.ended_at;
  if (!same) parts_.setting.violation(name(row) + ": the row does not fit the journal");
}

void Checks::check_timers(store::RunRecord const& row, run::RunState const& state) {
  auto const& stored = timers_[row.id];
  for (auto const& [id, frame] : state.frames) {
    for (auto const& [kind, due_at] : frame.timers) {
      std::string const key = kind + ":" + std::to_string(id);
      auto const found = stored.find(key);
      // A wake makes a timer due before its time.
      bool const there =
          found != stored.end() && (found->second.due_at == due_at || found->second.woken);
      if (!there)
        parts_.setting.violation(name(row) + ": the timer " + key + " is not in the store");
    }
  }
  if (ended(row) && !stored.empty())
    parts_.setting.violation(name(row) + ": has ended and left a timer behind");
}

void Checks::read_intents(store::RunRecord const& row,
                          std::vector<store::JournalEntry> const& journal) {
  std::map<std::string, std::string> latest;  // task -> marker
  for (auto const& entry : journal) {
    if (entry.kind == "call-intended") {
      std::string const marker = entry.payload["marker"].as_string();
      std::string const place = row.id.text + " " + entry.task;
      auto const [known, fresh] = intents_.try_emplace(marker, place);
      if (!fresh && known->second != place)
        parts_.setting.violation(name(row) + ": marker " + marker + " is used in two places");
      bool const counts =
          creates(entry.payload["call"].as_string()) && entry.payload["mode"] != Json("cancel");
      latest[entry.task] = counts ? marker : "";
    }
    bool const answer = entry.kind == "call-returned" && !entry.payload.contains("error") &&
                        entry.payload["effect"] == Json("creates");
    if (answer && !latest[entry.task].empty())
      answered_[latest[entry.task]] = name(row) + " " + entry.task;
  }
}

void Checks::check_effects() {
  for (auto const& [marker, count] : parts_.gitlab.effects()) {
    auto const intent = intents_.find(marker);
    if (intent == intents_.end()) {
      parts_.setting.violation("an effect at GitLab has no intent in any journal: " + marker);
    } else if (count > 1) {
      RunId const run(intent->second.substr(0, intent->second.find(' ')));
      parts_.setting.violation("an effect took place " + std::to_string(count) +
                               " times: " + parts_.store.name_of(run) + " " +
                               intent->second.substr(intent->second.find(' ') + 1));
    }
  }
}

void Checks::check_answers(std::map<std::string, int> const& effects) {
  for (auto const& [marker, place] : answered_) {
    if (!effects.contains(marker))
      parts_.setting.violation("the journal says done, GitLab has nothing: " + place);
  }
}

void Checks::check_events() {
  auto const events = parts_.kept.events().since(Time{}, 0, rows_max);
  if (!events.ok()) return parts_.setting.violation("the inbox cannot be read");
  std::set<std::string> stored;
  for (auto const& event : *events) {
    stored.insert(event.id);
    if (!event.dispatched) parts_.setting.violation("event " + event.id + " was never looked at");
    std::map<std::string, int> started;
    auto const runs = parts_.kept.runs().list({.event_seq = event.seq}, "", rows_max);
    if (!runs.ok()) continue;
    for (auto const& run : runs->items)
      ++started[run.workflow_name];
    for (auto const& workflow : parts_.workflows) {
      int const wanted = workflow.starts_on == event.type ? 1 : 0;
      int const found = started[workflow.name];
      if (found != wanted) {
        parts_.setting.violation("event " + event.id + " started " + workflow.name + " " +
                                 std::to_string(found) + " times instead of " +
                                 std::to_string(wanted));
      }
    }
  }
  for (auto const& [id, type] : accepted_) {
    if (!stored.contains(id)) parts_.setting.violation("the accepted event " + id + " is lost");
  }
}

void Checks::check_open() {
  for (auto const& row : open_runs()) {
    bool const named = row.status == "suspended" && !row.waiting_for.empty();
    if (!named) {
      parts_.setting.violation(name(row) + " (" + row.workflow_name + ") is " + row.status +
                               " and nothing moves it on: \"" + row.waiting_for + "\"");
    }
  }
}

}  // namespace fairlead::sim
