#include "trace/journal_spans.h"

#include <algorithm>
#include <utility>

namespace fairlead::trace {
namespace {

constexpr std::size_t events_max = 128;  // of one span, as in OpenTelemetry's libraries

// "/do/1/repair/try/0/start" -> "/do/1/repair/try/0"; "" at the end.
std::string_view shorter(std::string_view pointer) {
  auto const slash = pointer.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : pointer.substr(0, slash);
}

void fail(Span& span, Json const& error) {
  span.failure = error["title"].string_or("failed");
  auto const status = error["status"].as_integer();
  span.attributes.emplace_back("error.type", status > 0 ? std::to_string(status) : "_OTHER");
}

void end(Span& span, store::JournalEntry const& entry, std::string_view outcome) {
  span.end = std::max(span.begin, entry.at);
  span.attributes.emplace_back("fairlead.outcome", outcome);
  if (outcome == "faulted") fail(span, entry.payload["error"]);
}

}  // namespace

void JournalSpans::read(store::JournalEntry const& entry, std::vector<Span>& ended) {
  last_seq_ = entry.seq;
  if (has_ended_) return;
  if (entry.kind == "run-started") return begin_run(entry);
  if (entry.kind == "task-started") return begin_task(entry);
  if (entry.kind == "call-intended") {
    calls_[entry.payload["marker"].as_string()] = around(entry.task).id;
    return;
  }
  for (auto const* kind : {"task-completed", "task-faulted", "task-cancelled"})
    if (entry.kind == kind) return end_task(entry, ended);
  for (auto const* kind : {"run-completed", "run-faulted", "run-cancelled"})
    if (entry.kind == kind) return end_run(entry, ended);
  for (auto const* kind : {"retry-scheduled", "error-caught", "waiting", "suspended", "run-paused",
                           "run-resumed", "recovered"})
    if (entry.kind == kind) return note(entry);
}

void JournalSpans::begin_run(store::JournalEntry const& entry) {
  auto const& started = entry.payload;
  span_.trace = place_.trace;
  span_.id = run_span_id(run_);
  span_.parent = place_.parent;
  span_.link = place_.repeats;
  span_.name = "run " + started["namespace"].as_string() + "/" + started["name"].as_string();
  span_.begin = entry.at;
  span_.attributes = {{"fairlead.run.id", run_.text},
                      {"fairlead.workflow.namespace", started["namespace"].as_string()},
                      {"fairlead.workflow.name", started["name"].as_string()},
                      {"fairlead.workflow.version", started["version"].as_string()}};
}

void JournalSpans::begin_task(store::JournalEntry const& entry) {
  auto const& called_from = entry.payload["calledFrom"].as_string();
  Span span;
  span.trace = place_.trace;
  span.id = task_span_id(run_, entry.seq);
  span.parent = around(called_from.empty() ? shorter(entry.task) : called_from).id;
  span.name = "task " + entry.payload["name"].as_string();
  span.begin = entry.at;
  span.attributes = {{"fairlead.run.id", run_.text}, {"fairlead.task", entry.task}};
  open_[entry.task].push_back(std::move(span));
}

void JournalSpans::end_task(store::JournalEntry const& entry, std::vector<Span>& ended) {
  auto const found = open_.find(entry.task);
  if (found == open_.end()) return;
  Span span = std::move(found->second.back());
  found->second.pop_back();
  if (found->second.empty()) open_.erase(found);
  end(span, entry, entry.kind.substr(std::string_view("task-").size()));
  ended_.push_back(span.id);
  ended.push_back(std::move(span));
}

// What is still open ends with its run.
void JournalSpans::end_run(store::JournalEntry const& entry, std::vector<Span>& ended) {
  for (auto& [pointer, spans] : open_) {
    for (auto& span : spans) {
      end(span, entry, "cancelled");
      ended.push_back(std::move(span));
    }
  }
  open_.clear();
  end(span_, entry, entry.kind.substr(std::string_view("run-").size()));
  ended.push_back(std::move(span_));
  has_ended_ = true;
}

void JournalSpans::note(store::JournalEntry const& entry) {
  Span& span = around(entry.task);
  if (span.events.size() >= events_max) return;
  SpanEvent event{.name = entry.kind, .at = entry.at, .attributes = {}};
  if (entry.kind == "retry-scheduled") {
    event.attributes = {{"fairlead.retry", entry.payload["retry"].as_integer()},
                        {"fairlead.delay_ms", entry.payload["delayMs"].as_integer()}};
  }
  if (entry.kind == "error-caught" || entry.kind == "retry-scheduled")
    event.attributes.emplace_back("fairlead.error.title",
                                  entry.payload["error"]["title"].as_string());
  span.events.push_back(std::move(event));
}

SpanId JournalSpans::task_of_call(std::string_view call) const {
  auto const found = calls_.find(call);
  return found == calls_.end() ? SpanId() : found->second;
}

void JournalSpans::forget_calls() {
  std::erase_if(calls_, [this](auto const& call) {
    return std::find(ended_before_.begin(), ended_before_.end(), call.second) !=
           ended_before_.end();
  });
  ended_before_ = std::exchange(ended_, {});
}

Span& JournalSpans::around(std::string_view pointer) {
  for (; !pointer.empty(); pointer = shorter(pointer)) {
    if (auto const found = open_.find(pointer); found != open_.end()) return found->second.back();
  }
  return span_;
}

}  // namespace fairlead::trace
