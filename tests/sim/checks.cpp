#include "tests/sim/checks.h"

#include <algorithm>

#include "gitlab/pipeline_watch.h"
#include "run/advance.h"
#include "run/journal.h"
#include "run/undo.h"
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

// Set by a child or a parent, maybe after the run's end: taken away when it comes due.
bool is_told_by_another(std::string const& timer) {
  return timer.starts_with("child:") || timer.starts_with("cancel:") || timer.starts_with("hold:");
}

std::vector<store::RunRecord> all_runs(store::Store& kept) {
  auto page = kept.runs().list({}, "", rows_max);
  return page.ok() ? std::move(page->items) : std::vector<store::RunRecord>();
}

}  // namespace

void Checks::accepted(std::string const& id, std::string const& type) { accepted_[id] = type; }

void Checks::decided(std::string const& approval, std::string const& person) {
  decided_[approval].insert(person);
}

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
  check_cancels();
  check_timers_left();
  check_families();
  check_approvals();
  check_starts_by_time();
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
  read_cancels(row, *journal);
  read_unheard(row, *journal);
  check_children(row, *journal);
  check_verdicts(row, *journal);
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
    if (state.pause) break;  // they are armed again when it goes on
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
  for (auto const& [number, undo] : state.undos) {
    bool const guarded = stored.contains("undo:" + std::to_string(number));
    if (undo->parked.empty() && !guarded)
      parts_.setting.violation(name(row) + ": nothing brings its open cancel back after a crash");
  }
  if (!ended(row)) return;
  for (auto const& [key, timer] : stored) {
    if (!is_told_by_another(key) && !run::is_undo_timer(key))
      parts_.setting.violation(name(row) + ": has ended and left the timer " + key);
  }
}

void Checks::check_timers_left() {
  auto const due = parts_.kept.runs().due_timers(Time::max(), rows_max);
  if (!due.ok()) return parts_.setting.violation("the timers cannot be read");
  for (auto const& timer : *due) {
    auto const row = parts_.kept.runs().get(timer.run);
    if (!row.ok() || ended(*row))
      parts_.setting.violation("the timer " + timer.key + " is left of a run that has ended");
  }
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

// A run that is given up while a pipeline of its own is watched, whose author said: cancel it.
void Checks::read_cancels(store::RunRecord const& row,
                          std::vector<store::JournalEntry> const& journal) {
  std::map<std::string, std::int64_t> watched;  // task -> pipeline
  for (auto const& entry : journal) {
    Json const& payload = entry.payload;
    if (entry.kind == "call-returned" && payload["wait"].is_object())
      watched[entry.task] = gitlab::watched_pipeline(payload["wait"]["state"]);
    bool const cancels = entry.kind == "call-intended" && payload["mode"] == Json("cancel") &&
                         payload["input"]["on_cancel"] == Json("cancel");
    if (cancels && watched[entry.task] != 0) {
      cancels_[{row.id, payload["undo"].as_integer()}] = {.place = name(row) + " " + entry.task,
                                                          .pipeline = watched[entry.task]};
    }
    auto const found = cancels_.find({row.id, payload["undo"].as_integer()});
    if (entry.kind == "cancel-parked" && found != cancels_.end()) found->second.parked = true;
  }
}

// A run that is given up before it heard of the pipeline it was to start.
void Checks::read_unheard(store::RunRecord const& row,
                          std::vector<store::JournalEntry> const& journal) {
  std::map<std::string, std::string> open;  // task -> marker
  for (auto const& entry : journal) {
    Json const& payload = entry.payload;
    bool const starts = entry.kind == "call-intended" && payload["mode"] != Json("cancel") &&
                        payload["input"]["on_cancel"] == Json("cancel");
    if (starts) open[entry.task] = payload["marker"].as_string();
    bool const heard = entry.kind == "call-returned" && !payload.contains("error");
    if (heard || entry.kind == "task-faulted") open.erase(entry.task);
    // A branch whose sibling fails is not cancelled, and its pipeline goes on.
    bool const cancelled =
        entry.kind == "task-cancelled" && (payload["reason"] == Json("the run was cancelled") ||
                                           payload["reason"] == Json("another branch was first"));
    auto const given_up = cancelled ? open.find(entry.task) : open.end();
    if (given_up == open.end()) continue;
    unheard_[given_up->second] = name(row) + " " + entry.task;
    open.erase(given_up);
  }
  for (auto const& entry : journal) {
    if (entry.kind == "cancel-parked") unheard_.erase(entry.payload["marker"].as_string());
  }
}

void Checks::check_cancels() {
  for (auto const& [marker, place] : unheard_) {
    for (auto const pipeline : parts_.gitlab.pipelines_of(marker)) {
      if (parts_.gitlab.cancelled().contains(pipeline)) continue;
      parts_.setting.violation("pipeline " + std::to_string(pipeline) + " of " + place +
                               " was begun unheard and goes on, and nothing says why");
    }
  }
  for (auto const& [id, cancel] : cancels_) {
    if (!cancel.parked && !parts_.gitlab.cancelled().contains(cancel.pipeline))
      parts_.setting.violation("pipeline " + std::to_string(cancel.pipeline) + " of " +
                               cancel.place + " goes on, and nothing says why");
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
      bool const starts = !workflow.starts_on.empty() && workflow.starts_on == event.type;
      int const wanted = starts ? 1 : 0;
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

// A child that the journal names is there since that very commit.
void Checks::check_children(store::RunRecord const& row,
                            std::vector<store::JournalEntry> const& journal) {
  for (auto const& entry : journal) {
    if (entry.kind != "child-started" || entry.payload.contains("error")) continue;
    RunId const child(entry.payload["run"].as_string());
    intended_children_[child] = row.id;
    auto const found = parts_.kept.runs().get(child);
    if (!found.ok() || found->parent_run != row.id)
      parts_.setting.violation(name(row) + ": its child " + child.text + " is not there");
  }
}

// What a run was told of an approval is what people decided.
void Checks::check_verdicts(store::RunRecord const& row,
                            std::vector<store::JournalEntry> const& journal) {
  for (auto const& entry : journal) {
    std::string const told = entry.payload["output"]["decision"].as_string();
    bool const verdict = entry.kind == "call-returned" && !told.empty();
    if (!verdict) continue;
    auto const page = parts_.kept.approvals().list({.status = told, .run = row.id}, "", rows_max);
    bool const known =
        page.ok() &&
        std::any_of(page->items.begin(), page->items.end(), [&](store::ApprovalRecord const& each) {
          return each.decisions == entry.payload["output"]["decisions"];
        });
    if (!known) parts_.setting.violation(name(row) + ": was told of a decision nobody made");
  }
}

void Checks::check_families() {
  for (auto const& row : all_runs(parts_.kept)) {
    if (!row.parent_run.empty() && !intended_children_.contains(row.id))
      parts_.setting.violation(name(row) + ": is a child that no parent's journal knows");
  }
}

void Checks::check_approvals() {
  auto const page = parts_.kept.approvals().list({}, "", rows_max);
  if (!page.ok()) return parts_.setting.violation("the approvals cannot be read");
  for (auto const& approval : page->items) {
    std::set<std::string> people;
    std::size_t yes = 0;
    for (auto const& each : approval.decisions.items()) {
      if (!people.insert(each["by"].as_string()).second)
        parts_.setting.violation("somebody decided twice on " + approval.id);
      yes += each["decision"].as_string() == "approved" ? 1U : 0U;
    }
    for (auto const& person : decided_[approval.id]) {
      if (!people.contains(person))
        parts_.setting.violation("the decision of " + person + " is lost");
    }
    auto const needed = static_cast<std::size_t>(approval.request["required"].as_integer(1));
    if ((approval.status == "approved") != (yes >= needed && people.size() == yes))
      parts_.setting.violation("approval " + approval.id + " is " + approval.status + " with " +
                               std::to_string(yes) + " of " + std::to_string(needed));
    auto const run = parts_.kept.runs().get(approval.run);
    if (approval.status == "open" && run.ok() && ended(*run))
      parts_.setting.violation(name(*run) + ": has ended and left an approval open");
  }
}

void Checks::check_starts_by_time() {
  std::size_t runs = 0;
  for (auto const& row : all_runs(parts_.kept))
    runs += row.workflow_name == clock_name ? 1U : 0U;
  std::vector<Time> times;
  auto const& starts = parts_.store.starts_by_time();
  if (auto const found = starts.find(std::string(clock_name)); found != starts.end())
    times = found->second;
  std::set<Time> const different(times.begin(), times.end());
  if (different.size() != times.size())
    parts_.setting.violation("a workflow was started twice for one time");
  if (runs != times.size())
    parts_.setting.violation(std::to_string(runs) + " runs of " + std::to_string(times.size()) +
                             " starts by time");
}

}  // namespace fairlead::sim
