#include "api/metrics.h"

#include <algorithm>

#include "api/connection_gate.h"
#include "api/process_figures.h"

namespace fairlead::api {
namespace {

constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

using Type = MetricText::Type;

Result<void> connections(MetricText& out, MetricsParts const& parts, access::Role role) {
  FAIRLEAD_TRY(auto all, parts.connections.connections.list());
  std::erase_if(all, [&](auto const& record) { return !may_use(role, record); });
  out.head("fairlead_connection_state", Type::gauge, "1 for the state a connection is in.");
  for (auto const& record : all)
    out.line("fairlead_connection_state", {{"connection", record.name}, {"state", record.status}},
             std::int64_t{1});
  out.head("fairlead_connection_budget_remaining", Type::gauge,
           "Requests left in GitLab's present rate limit, where it says so.");
  for (auto const& record : all) {
    auto const budget = parts.connections.budget(record.id);
    if (budget && budget->remaining)
      out.line("fairlead_connection_budget_remaining", {{"connection", record.name}},
               std::int64_t{*budget->remaining});
  }
  out.head("fairlead_connection_queue", Type::gauge, "Calls that wait for room in the rate limit.");
  for (auto const& record : all)
    if (auto const budget = parts.connections.budget(record.id))
      out.line("fairlead_connection_queue", {{"connection", record.name}},
               static_cast<std::int64_t>(budget->queue));
  return {};
}

void webhooks(MetricText& out, gitlab::HookCounts const& counts) {
  constexpr std::string_view name = "fairlead_webhook_deliveries_total";
  out.head(name, Type::counter, "Deliveries of GitLab's webhooks by what became of them.");
  for (auto const& [result, count] : {std::pair{"accepted", counts.accepted},
                                      {"duplicate", counts.duplicates},
                                      {"try-out", counts.try_outs},
                                      {"unknown", counts.unknown},
                                      {"refused", counts.refused},
                                      {"malformed", counts.malformed}})
    out.line(name, {{"result", result}}, static_cast<std::int64_t>(count));
}

void engine(MetricText& out, run::EngineFigures const& figures) {
  auto const gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    out.head(name, Type::gauge, help);
    out.line(name, {}, static_cast<std::int64_t>(value));
  };
  gauge("fairlead_engine_active_runs", "Runs in memory: those with something under way.",
        figures.active_runs);
  gauge("fairlead_engine_commits_under_way", "Commits that wait for the disk.",
        figures.commits_under_way);
  gauge("fairlead_engine_events_under_way", "Events that are being handed to runs.",
        figures.events_under_way);
  gauge("fairlead_engine_listeners", "Event filters of runs that listen.", figures.listeners);
  out.head("fairlead_engine_steps_total", Type::counter, "Transitions made durable.");
  out.line("fairlead_engine_steps_total", {}, static_cast<std::int64_t>(figures.steps_committed));
  out.head("fairlead_timer_lag_seconds", Type::histogram,
           "From when a timer was due to when its run was told.");
  out.histogram("fairlead_timer_lag_seconds", {}, figures.timer_lag);
}

void store_commits(MetricText& out, store::CommitFigures const& figures) {
  auto const counter = [&](std::string_view name, std::string_view help, std::int64_t value) {
    out.head(name, Type::counter, help);
    out.line(name, {}, value);
  };
  counter("fairlead_store_changes_total", "Changes handed to the database.", figures.changes);
  counter("fairlead_store_commits_failed_total", "Transactions the disk did not take.",
          figures.failed);
  constexpr std::string_view name = "fairlead_store_commit_duration_seconds";
  out.head(name, Type::histogram, "A transaction with its fsync; many changes share one.");
  out.histogram(name, {}, figures.durations);
}

void workers(MetricText& out, std::vector<run::LaneFigures> const& lanes) {
  auto const gauge = [&](std::string_view name, std::string_view help,
                         std::size_t run::LaneFigures::*member) {
    out.head(name, Type::gauge, help);
    for (auto const& lane : lanes)
      out.line(name, {{"lane", std::string(lane.name)}}, static_cast<std::int64_t>(lane.*member));
  };
  gauge("fairlead_worker_threads", "Threads for what blocks.", &run::LaneFigures::threads);
  gauge("fairlead_workers_busy", "Those that work now.", &run::LaneFigures::busy);
  gauge("fairlead_worker_queue", "Work that waits for one of them.", &run::LaneFigures::waiting);
}

void webhook_lag(MetricText& out, gitlab::HookLag const& lag) {
  constexpr std::string_view name = "fairlead_webhook_delivery_lag_seconds";
  out.head(name, Type::histogram, "From what took place, by GitLab's clock, to its delivery.");
  out.histogram(name, {}, lag.seen);
}

void runs(MetricText& out, run::RunCounts::Seen const& seen) {
  auto const whole = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  out.head("fairlead_runs_started_total", Type::counter, "Runs that began.");
  out.line("fairlead_runs_started_total", {}, whole(seen.started));
  constexpr std::string_view ended = "fairlead_runs_ended_total";
  out.head(ended, Type::counter, "Runs that ended, by how they did.");
  out.line(ended, {{"outcome", "completed"}}, whole(seen.completed));
  out.line(ended, {{"outcome", "faulted"}}, whole(seen.faulted));
  out.line(ended, {{"outcome", "cancelled"}}, whole(seen.cancelled));
}

void streams(MetricText& out, OpenStreams const& open) {
  out.head("fairlead_open_streams", Type::gauge, "Event streams with a reader.");
  out.line("fairlead_open_streams", {}, static_cast<std::int64_t>(open.count()));
}

// Events that are in the inbox and not handed to runs yet.
Result<void> events(MetricText& out, MetricsParts const& parts) {
  FAIRLEAD_TRY(auto const backlog, parts.connections.store.events().backlog());
  out.head("fairlead_events_pending", Type::gauge, "Events not yet handed to runs.");
  out.line("fairlead_events_pending", {}, backlog.count);
  Time const now = parts.connections.clock.now();
  Milliseconds const age = std::max(Milliseconds(0), now - backlog.oldest.value_or(now));
  out.head("fairlead_event_lag_seconds", Type::gauge, "How long the oldest of them has waited.");
  out.line("fairlead_event_lag_seconds", {}, static_cast<double>(age.count()) / 1'000);
  return {};
}

Result<net::ServerResponse> show(MetricsParts const& parts, access::Role role) {
  MetricText out;
  out.head("fairlead_build_info", Type::gauge, "The running version.");
  out.line("fairlead_build_info", {{"version", parts.version}}, std::int64_t{1});
  FAIRLEAD_CHECK(connections(out, parts, role));
  auto const figures = parts.control.engine.figures();
  engine(out, figures);
  webhooks(out, parts.webhooks.intake.counts());
  out.head("fairlead_history_runs_removed_total", Type::counter, "Old runs that were removed.");
  out.line("fairlead_history_runs_removed_total", {},
           static_cast<std::int64_t>(parts.control.history.figures().runs_removed));
  parts.meter.write(out);
  FAIRLEAD_CHECK(events(out, parts));
  runs(out, figures.runs);
  workers(out, figures.workers);
  streams(out, parts.streams);
  webhook_lag(out, parts.webhooks.intake.lag());
  store_commits(out, parts.connections.store.commit_figures());
  write_process_figures(out, parts.started_at);
  if (parts.figures) parts.figures(out);
  return net::text_response(200, out.text(), std::string(content_type));
}

}  // namespace

void RequestMeter::Series::count(int status, Milliseconds took) {
  auto const* const found = std::lower_bound(statuses.begin(), statuses.end(), status);
  bool const known = found != statuses.end() && *found == status;
  auto const index = known ? static_cast<std::size_t>(found - statuses.begin()) : statuses.size();
  counts_.at(index).fetch_add(1, std::memory_order_relaxed);
  timing_.add(took);
}

RequestMeter::Series& RequestMeter::series(std::string_view method, std::string_view route) {
  std::lock_guard const lock(mutex_);
  return series_[{std::string(method), std::string(route)}];
}

void RequestMeter::write(MetricText& text) const {
  constexpr std::string_view requests = "fairlead_http_requests_total";
  constexpr std::string_view duration = "fairlead_http_request_duration_seconds";
  std::lock_guard const lock(mutex_);
  text.head(requests, Type::counter, "Answered requests by route and status.");
  for (auto const& [key, series] : series_)
    for (std::size_t i = 0; i < series.counts_.size(); ++i) {
      auto const count = series.counts_.at(i).load(std::memory_order_relaxed);
      if (count == 0) continue;
      bool const known = i < Series::statuses.size();
      text.line(requests,
                {{"method", key.first},
                 {"route", key.second},
                 {"status", known ? std::to_string(Series::statuses.at(i)) : "other"}},
                count);
    }
  text.head(duration, Type::histogram, "From a known caller to the answer.");
  for (auto const& [key, series] : series_)
    if (auto const seen = series.timing_.seen(); seen.count > 0)
      text.histogram(duration, {{"method", key.first}, {"route", key.second}}, seen);
}

std::vector<Endpoint> metrics_endpoints(MetricsParts const& parts) {
  return {{net::Method::get, "/metrics", access::Role::viewer, "Figures for Prometheus",
           [parts](Call const& call) { return show(parts, call.caller.role); }}};
}

}  // namespace fairlead::api
