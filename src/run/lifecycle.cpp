#include "run/lifecycle.h"

#include <algorithm>
#include <array>
#include <utility>

#include "workflow/correlate.h"

namespace fairlead::run {
namespace {

// What each kind of entry tells, and the entry's member that goes along under its own name.
struct Row {
  std::string_view kind;
  enum class Of { run, task, either } of;
  std::string_view event;
  std::string_view time;  // member of the data
  std::string_view carries;
};
constexpr std::array rows{
    Row{"run-started", Row::Of::run, "started", "startedAt", ""},
    Row{"run-paused", Row::Of::run, "suspended", "suspendedAt", ""},
    Row{"run-resumed", Row::Of::run, "resumed", "resumedAt", ""},
    Row{"resume-requested", Row::Of::run, "resumed", "resumedAt", ""},
    Row{"run-completed", Row::Of::run, "completed", "completedAt", "output"},
    Row{"run-faulted", Row::Of::run, "faulted", "faultedAt", "error"},
    Row{"run-cancelled", Row::Of::run, "cancelled", "cancelledAt", ""},
    Row{"task-started", Row::Of::task, "started", "startedAt", ""},
    Row{"suspended", Row::Of::either, "suspended", "suspendedAt", ""},
    Row{"retry-scheduled", Row::Of::task, "retried", "retriedAt", ""},
    Row{"task-completed", Row::Of::task, "completed", "completedAt", "output"},
    Row{"task-faulted", Row::Of::task, "faulted", "faultedAt", "error"},
    Row{"task-cancelled", Row::Of::task, "cancelled", "cancelledAt", ""},
};

Row const* row_of(std::string_view kind) {
  for (Row const& row : rows) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

std::string_view level_of(Row::Of of) { return of == Row::Of::run ? "workflow" : "task"; }

std::string type_of(Row const& row, Row::Of of) {
  return std::string(lifecycle_prefix) + std::string(level_of(of)) + "." + std::string(row.event) +
         ".v1";
}

// "incident-to-issue-0190....ops": name, instance, namespace.
std::string qualified_name(store::RunRecord const& run) {
  return run.workflow_name + "-" + run.id.text + "." + run.workflow_namespace;
}

Json data_of(Row const& row, store::RunRecord const& run, store::JournalEntry const& entry,
             Row::Of of) {
  Json data = Json::object();
  if (of == Row::Of::run) {
    data.set("name", qualified_name(run));
    if (row.kind == "run-started") {
      data.set("definition", Json::object({{"namespace", run.workflow_namespace},
                                           {"name", run.workflow_name},
                                           {"version", run.workflow_version}}));
    }
  } else {
    data.set("workflow", qualified_name(run));
    data.set("task", entry.task);
  }
  data.set(std::string(row.time), format_time(entry.at));
  if (!row.carries.empty()) data.set(std::string(row.carries), entry.payload[row.carries]);
  return data;
}

Json event_of(Row const& row, store::RunRecord const& run, store::JournalEntry const& entry,
              Row::Of of) {
  return Json::object(
      {{"specversion", "1.0"},
       {"id", run.id.text + "/" + std::to_string(entry.seq) + "/" + std::string(level_of(of))},
       {"source", "/workflows/" + run.workflow_namespace + "/" + run.workflow_name},
       {"type", type_of(row, of)},
       {"subject", run.id.text},
       {"time", format_time(entry.at)},
       {"datacontenttype", "application/json"},
       {"data", data_of(row, run, entry, of)}});
}

// Lifecycle types this filter may mean; a filter of any type does not ask for them.
std::string lifecycle_type(workflow::EventFilter const& filter) {
  std::string const& type = filter.with["type"].as_string();
  return type.find("io.serverlessworkflow") != std::string::npos ||
                 type.find("io\\.serverlessworkflow") != std::string::npos
             ? type
             : std::string();
}

bool starts_with_lifecycle(workflow::Document const& document) {
  if (!document.schedule) return false;
  auto const& filters = document.schedule->on;
  return std::any_of(filters.begin(), filters.end(),
                     [](auto const& filter) { return !lifecycle_type(filter).empty(); });
}

}  // namespace

std::vector<Json> lifecycle_events(store::RunRecord const& run, store::JournalEntry const& entry) {
  std::vector<Json> events;
  Row const* row = row_of(entry.kind);
  if (row == nullptr) return events;
  bool const of_task = row->of == Row::Of::task || !entry.task.empty();
  if (row->of != Row::Of::task) events.push_back(event_of(*row, run, entry, Row::Of::run));
  if (row->of != Row::Of::run && of_task) {
    events.push_back(event_of(*row, run, entry, Row::Of::task));
  }
  return events;
}

void Lifecycle::workflows_are(std::vector<DocumentPtr> const& workflows) {
  std::lock_guard const lock(mutex_);
  auto const same = [](auto const& kept, auto const& now) { return kept == now.get(); };
  if (std::equal(seen_.begin(), seen_.end(), workflows.begin(), workflows.end(), same)) return;
  seen_.clear();
  types_.clear();
  for (auto const& document : workflows) {
    seen_.push_back(document.get());
    if (!document->schedule) continue;
    for (auto const& filter : document->schedule->on) {
      if (!lifecycle_type(filter).empty()) types_.insert(workflow::literal_type(filter));
    }
  }
}

bool Lifecycle::is_wanted(std::string const& type) const {
  {
    std::lock_guard const lock(mutex_);
    // "": a pattern.
    if (types_.contains(type) || types_.contains("")) return true;
  }
  return listening_.awaits(type);
}

std::vector<store::EventRecord> Lifecycle::wanted(
    workflow::Document const& document, store::RunRecord const& run,
    std::span<store::JournalEntry const> entries) const {
  std::vector<store::EventRecord> found;
  // Its parent says how it ended. A workflow that starts with lifecycle events and runs another one
  // inside would start itself again when that one fails.
  if (!run.parent_run.empty()) return found;
  for (auto const& entry : entries) {
    Row const* row = row_of(entry.kind);
    if (row == nullptr || row->of == Row::Of::task) continue;
    std::string type = type_of(*row, Row::Of::run);
    if (!is_wanted(type)) continue;
    if (starts_with_lifecycle(document)) return {};
    Json event = event_of(*row, run, entry, Row::Of::run);
    found.push_back({.source = event["source"].as_string(),
                     .id = event["id"].as_string(),
                     .type = std::move(type),
                     .envelope = std::move(event),
                     .received_at = entry.at});
  }
  return found;
}

}  // namespace fairlead::run
