#include "api/run_search.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace fairlead::api {
namespace {

Result<std::optional<Time>> time_in(net::ServerRequest const& request, std::string const& name) {
  std::string const text(request.query_value(name));
  if (text.empty()) return std::optional<Time>();
  auto const time = parse_time(text);
  if (!time)
    return invalid_input(name, "\"" + name + "\" must be a time like 2026-11-22T10:00:00Z.");
  return time;
}

Result<std::int64_t> number_in(net::ServerRequest const& request, std::string const& name) {
  auto const text = request.query_value(name);
  if (text.empty()) return std::int64_t{0};
  std::int64_t number = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  return invalid_input(name, "\"" + name + "\" must be a number.");
}

constexpr std::array<std::string_view, 7> statuses{"pending",   "running", "waiting",  "suspended",
                                                   "cancelled", "faulted", "completed"};

// ASCII only: enough for types, names and ids; other letters match as they are written.
std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool says(store::RunRecord const& run, std::string const& text) {
  std::string const workflow =
      run.workflow_namespace + "/" + run.workflow_name + ":" + run.workflow_version;
  for (std::string const& words : {run.cause, run.waiting_for, run.id.text, workflow,
                                   run.error["title"].as_string(), run.error["detail"].as_string()})
    if (lower(words).find(text) != std::string::npos) return true;
  return false;
}

}  // namespace

Result<void> known_run_status(std::string const& status) {
  if (std::find(statuses.begin(), statuses.end(), status) != statuses.end()) return {};
  std::vector<std::string> const names(statuses.begin(), statuses.end());
  return invalid_input("status", "There is no status \"" + shorten(status, 40) +
                                     "\" of a run. There are: " + join(names, ", ") + ".");
}

Result<RunSearch> run_search_of(net::ServerRequest const& request) {
  RunSearch search;
  auto& filter = search.filter;
  for (auto const& [name, value] : request.query)
    if (name == "status" && !value.empty()) {
      FAIRLEAD_CHECK(known_run_status(value));
      filter.statuses.push_back(value);
    }
  std::string const workflow(request.query_value("workflow"));
  auto const slash = workflow.find('/');
  if (!workflow.empty() && slash == std::string::npos)
    return invalid_input("workflow", "\"workflow\" must be namespace/name.");
  if (!workflow.empty()) {
    filter.workflow_namespace = workflow.substr(0, slash);
    filter.workflow_name = workflow.substr(slash + 1);
  }
  FAIRLEAD_TRY(filter.event_seq, number_in(request, "event"));
  FAIRLEAD_TRY(filter.started_from, time_in(request, "startedAfter"));
  FAIRLEAD_TRY(filter.started_before, time_in(request, "startedBefore"));
  filter.parent_run = RunId(std::string(request.query_value("parent")));
  search.text = lower(request.query_value("text"));
  return search;
}

Result<store::Page<store::RunRecord>> find_runs(store::RunStore& store, RunSearch const& search,
                                                std::string cursor, int limit) {
  if (search.text.empty()) return store.list(search.filter, cursor, limit);
  store::Page<store::RunRecord> found;
  for (int looked_at = 0; looked_at < searched_rows_max;) {
    int const wanted = limit - static_cast<int>(found.items.size());
    FAIRLEAD_TRY(auto page, store.list(search.filter, cursor, wanted));
    looked_at += static_cast<int>(std::max<std::size_t>(page.items.size(), 1));
    for (auto& run : page.items)
      if (says(run, search.text)) found.items.push_back(std::move(run));
    cursor = page.next_cursor;
    if (cursor.empty() || found.items.size() == static_cast<std::size_t>(limit)) break;
  }
  found.next_cursor = cursor;
  return found;
}

}  // namespace fairlead::api
