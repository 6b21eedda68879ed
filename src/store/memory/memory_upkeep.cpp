// Leases and history of the memory store.
#include <algorithm>
#include <set>
#include <tuple>

#include "store/memory/memory_runs.h"
#include "store/memory/memory_waiting.h"
#include "store/rules.h"

namespace fairlead::store {

// ---- leases ----

bool MemoryRuns::alive(std::int64_t epoch, Time now) const {
  auto const node = nodes_.find(epoch);
  return node != nodes_.end() && node->second.until > now;
}

Result<std::int64_t> MemoryRuns::join(std::string_view node, LeaseTerm term) {
  std::lock_guard const lock(mutex_);
  std::erase_if(nodes_, [&](auto const& each) { return each.second.name == node; });
  nodes_[++newest_epoch_] = {.name = std::string(node), .until = term.until};
  return newest_epoch_;
}

Result<int> MemoryRuns::renew(std::int64_t epoch, LeaseTerm term) {
  std::lock_guard const lock(mutex_);
  auto const node = nodes_.find(epoch);
  if (node == nodes_.end()) return lease_lost("what this node held");
  node->second.until = term.until;
  int over = 0;
  for (auto const& [each, other] : nodes_)
    over += other.until <= term.now ? 1 : 0;
  return over;
}

Result<void> MemoryRuns::leave(std::int64_t epoch) {
  std::lock_guard const lock(mutex_);
  if (auto const node = nodes_.find(epoch); node != nodes_.end()) node->second.until = Time{};
  return {};
}

Result<std::vector<RunRecord>> MemoryRuns::claim(Claim const& claim) {
  std::lock_guard const lock(mutex_);
  std::erase_if(nodes_, [&](auto const& each) { return each.second.until <= claim.now; });
  if (!nodes_.contains(claim.epoch)) return lease_lost("what this node held");
  std::vector<RunRecord> taken;
  for (auto& [id, stored] : runs_) {
    if (taken.size() == static_cast<std::size_t>(clamp_rows(claim.limit))) break;
    bool const busy = stored.run.status == "pending" || stored.run.status == "running";
    if (stored.run.ended_at || !busy || alive(stored.lease, claim.now)) continue;
    stored.lease = claim.epoch;
    taken.push_back(stored.run);
  }
  return taken;
}

// ---- history ----

Result<std::vector<WorkflowTrace>> MemoryRuns::traces(std::vector<HistoryOwner> const& workflows) {
  std::lock_guard const lock(mutex_);
  std::vector<WorkflowTrace> traces;
  for (auto const& workflow : workflows) {
    WorkflowTrace& trace = traces.emplace_back();
    trace.written_at = workflow_times_.written_at(workflow);
    std::int64_t newest_row = 0;
    for (auto const& [id, stored] : runs_) {
      auto const& run = stored.run;
      if (!run.ended_at || run.workflow_namespace != workflow.workflow_namespace ||
          run.workflow_name != workflow.workflow_name)
        continue;
      auto& last = trace.last_end;
      if (last && std::tie(last->ended_at, newest_row) > std::tie(*run.ended_at, stored.row))
        continue;
      newest_row = stored.row;
      last = {.run = run.id,
              .status = run.status,
              .started_at = run.started_at,
              .ended_at = *run.ended_at};
    }
  }
  return traces;
}

Result<std::vector<HistoryOwner>> MemoryRuns::owners() {
  std::lock_guard const lock(mutex_);
  std::set<std::pair<std::string, std::string>> names;
  for (auto const& [id, stored] : runs_) {
    if (stored.run.ended_at) names.emplace(stored.run.workflow_namespace, stored.run.workflow_name);
  }
  std::vector<HistoryOwner> owners;
  for (auto const& [space, name] : names)
    owners.push_back({.workflow_namespace = space, .workflow_name = name});
  return owners;
}

std::vector<std::int64_t> MemoryRuns::let_go(HistoryRule const& rule) const {
  std::set<std::pair<Time, std::int64_t>> ended;
  for (auto const& [id, stored] : runs_) {
    bool const its = stored.run.workflow_namespace == rule.workflow_namespace &&
                     stored.run.workflow_name == rule.workflow_name;
    if (its && stored.run.ended_at) ended.emplace(*stored.run.ended_at, stored.row);
  }
  std::int64_t too_many =
      rule.keep_newest ? static_cast<std::int64_t>(ended.size()) - *rule.keep_newest : 0;
  std::vector<std::int64_t> rows;
  for (auto const& [at, row] : ended) {
    bool const old = rule.ended_before && at < *rule.ended_before;
    if (!old && too_many <= 0) break;
    --too_many;
    // An ended run with a timer has something to cancel outside.
    if (runs_.at(by_row_.at(row)).timers.empty()) rows.push_back(row);
  }
  return rows;
}

Result<HistoryCount> MemoryRuns::count(HistoryRule const& rule) {
  std::lock_guard const lock(mutex_);
  HistoryCount count;
  for (std::int64_t const row : let_go(rule)) {
    ++count.runs;
    count.entries += runs_.at(by_row_.at(row)).run.last_seq;
  }
  return count;
}

Result<HistoryCount> MemoryRuns::remove(HistoryRule const& rule, HistoryPiece const& piece) {
  std::lock_guard const lock(mutex_);
  HistoryCount removed;
  for (std::int64_t const row : let_go(rule)) {
    if (removed.runs >= piece.runs_max || removed.entries >= piece.entries_max) break;
    auto const run = runs_.find(by_row_.at(row));
    ++removed.runs;
    removed.entries += run->second.run.last_seq;
    for (auto const& [key, listener] : run->second.listeners)
      listeners_.erase(listener);
    approvals_.forget(run->second.run.id);
    runs_.erase(run);
    by_row_.erase(row);
  }
  return removed;
}

}  // namespace fairlead::store
