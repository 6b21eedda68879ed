#include "api/metrics.h"

#include <algorithm>
#include <sstream>

#include "api/connection_gate.h"
#include "api/process_figures.h"

namespace fairlead::api {
namespace {

constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

using Labels = std::vector<std::pair<std::string, std::string>>;

void head(std::ostream& out, std::string_view name, std::string_view type, std::string_view help) {
  out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

template <class Value>
void line(std::ostream& out, std::string_view name, Labels const& labels, Value value) {
  out << name;
  for (std::size_t i = 0; i < labels.size(); ++i)
    out << (i == 0 ? "{" : ",") << labels[i].first << "=\"" << label_value(labels[i].second) << '"';
  out << (labels.empty() ? " " : "} ") << value << '\n';
}

double seconds(Milliseconds time) { return static_cast<double>(time.count()) / 1'000; }

std::string number(double value) {
  std::ostringstream out;
  out.precision(12);
  out << value;
  return out.str();
}

Result<void> connections(std::ostream& out, MetricsParts const& parts, access::Role role) {
  FAIRLEAD_TRY(auto all, parts.connections.connections.list());
  std::erase_if(all, [&](auto const& record) { return !may_use(role, record); });
  head(out, "fairlead_connection_state", "gauge", "1 for the state a connection is in.");
  for (auto const& record : all)
    line(out, "fairlead_connection_state", {{"connection", record.name}, {"state", record.status}},
         1);
  head(out, "fairlead_connection_budget_remaining", "gauge",
       "Requests left in GitLab's present rate limit, where it says so.");
  for (auto const& record : all) {
    auto const budget = parts.connections.budget(record.id);
    if (budget && budget->remaining)
      line(out, "fairlead_connection_budget_remaining", {{"connection", record.name}},
           *budget->remaining);
  }
  head(out, "fairlead_connection_queue", "gauge", "Calls that wait for room in the rate limit.");
  for (auto const& record : all)
    if (auto const budget = parts.connections.budget(record.id))
      line(out, "fairlead_connection_queue", {{"connection", record.name}}, budget->queue);
  return {};
}

void webhooks(std::ostream& out, gitlab::HookCounts const& counts) {
  constexpr std::string_view name = "fairlead_webhook_deliveries_total";
  head(out, name, "counter", "Deliveries of GitLab's webhooks by what became of them.");
  for (auto const& [result, count] : {std::pair{"accepted", counts.accepted},
                                      {"duplicate", counts.duplicates},
                                      {"try-out", counts.try_outs},
                                      {"unknown", counts.unknown},
                                      {"refused", counts.refused},
                                      {"malformed", counts.malformed}})
    line(out, name, {{"result", result}}, count);
}

void engine(std::ostream& out, run::EngineFigures const& figures) {
  auto const gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    head(out, name, "gauge", help);
    line(out, name, {}, static_cast<std::int64_t>(value));
  };
  gauge("fairlead_engine_active_runs", "Runs in memory: those with something under way.",
        figures.active_runs);
  gauge("fairlead_engine_commits_under_way", "Commits that wait for the disk.",
        figures.commits_under_way);
  gauge("fairlead_engine_events_under_way", "Events that are being handed to runs.",
        figures.events_under_way);
  gauge("fairlead_engine_listeners", "Event filters of runs that listen.", figures.listeners);
  head(out, "fairlead_engine_steps_total", "counter", "Transitions made durable.");
  line(out, "fairlead_engine_steps_total", {}, figures.steps_committed);
}

void workers(MetricText& out, std::vector<run::LaneFigures> const& lanes) {
  using Type = MetricText::Type;
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
  out.head(name, MetricText::Type::histogram,
           "From what took place, by GitLab's clock, to its delivery.");
  out.histogram(name, {}, lag.seen);
}

void runs(MetricText& out, run::RunCounts::Seen const& seen) {
  using Type = MetricText::Type;
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
  out.head("fairlead_open_streams", MetricText::Type::gauge, "Event streams with a reader.");
  out.line("fairlead_open_streams", {}, static_cast<std::int64_t>(open.count()));
}

// Events that are in the inbox and not handed to runs yet.
Result<void> events(MetricText& out, MetricsParts const& parts) {
  FAIRLEAD_TRY(auto const backlog, parts.connections.store.events().backlog());
  out.head("fairlead_events_pending", MetricText::Type::gauge, "Events not yet handed to runs.");
  out.line("fairlead_events_pending", {}, backlog.count);
  Time const now = parts.connections.clock.now();
  Milliseconds const age = std::max(Milliseconds(0), now - backlog.oldest.value_or(now));
  out.head("fairlead_event_lag_seconds", MetricText::Type::gauge,
           "How long the oldest of them has waited.");
  out.line("fairlead_event_lag_seconds", {}, seconds(age));
  return {};
}

Result<net::ServerResponse> show(MetricsParts const& parts, access::Role role) {
  std::ostringstream out;
  head(out, "fairlead_build_info", "gauge", "The running version.");
  line(out, "fairlead_build_info", {{"version", parts.version}}, 1);
  FAIRLEAD_CHECK(connections(out, parts, role));
  auto const figures = parts.control.engine.figures();
  engine(out, figures);
  webhooks(out, parts.webhooks.intake.counts());
  auto const history = parts.control.history.figures();
  head(out, "fairlead_history_runs_removed_total", "counter", "Old runs that were removed.");
  line(out, "fairlead_history_runs_removed_total", {}, history.runs_removed);
  out << parts.meter.text();
  MetricText rest;
  FAIRLEAD_CHECK(events(rest, parts));
  runs(rest, figures.runs);
  workers(rest, figures.workers);
  streams(rest, parts.streams);
  webhook_lag(rest, parts.webhooks.intake.lag());
  write_process_figures(rest, parts.started_at);
  if (parts.figures) parts.figures(rest);
  out << rest.text();
  return net::text_response(200, out.str(), std::string(content_type));
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string escaped;
  for (char const c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n')
      escaped += "\\n";
    else
      escaped += c;
  }
  return escaped;
}

void RequestMeter::count(Served const& served, Milliseconds took) {
  std::lock_guard const lock(mutex_);
  ++counts_[{served.method, served.route, std::to_string(served.status)}];
  Timing& timing = timings_[{served.method, served.route}];
  ++timing.count;
  timing.sum += took;
  for (std::size_t i = 0; i < buckets.size(); ++i)
    if (seconds(took) <= buckets[i]) ++timing.within[i];
}

std::string RequestMeter::text() const {
  constexpr std::string_view requests = "fairlead_http_requests_total";
  constexpr std::string_view duration = "fairlead_http_request_duration_seconds";
  std::ostringstream out;
  std::lock_guard const lock(mutex_);
  head(out, requests, "counter", "Answered requests by route and status.");
  for (auto const& [key, count] : counts_)
    line(out, requests, {{"method", key[0]}, {"route", key[1]}, {"status", key[2]}}, count);
  head(out, duration, "histogram", "From a known caller to the answer.");
  for (auto const& [key, timing] : timings_) {
    Labels const labels{{"method", key[0]}, {"route", key[1]}};
    std::string const bucket = std::string(duration) + "_bucket";
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      Labels with = labels;
      with.emplace_back("le", number(buckets[i]));
      line(out, bucket, with, timing.within[i]);
    }
    Labels with = labels;
    with.emplace_back("le", "+Inf");
    line(out, bucket, with, timing.count);
    line(out, std::string(duration) + "_sum", labels, number(seconds(timing.sum)));
    line(out, std::string(duration) + "_count", labels, timing.count);
  }
  return out.str();
}

std::vector<Endpoint> metrics_endpoints(MetricsParts const& parts) {
  return {{net::Method::get, "/metrics", access::Role::viewer, "Figures for Prometheus",
           [parts](Call const& call) { return show(parts, call.caller.role); }}};
}

}  // namespace fairlead::api
