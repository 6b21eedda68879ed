#include "api/samples.h"

#include "api/event_list.h"
#include "trigger/schedule_on.h"
#include "workflow/parse.h"

namespace fairlead::api {
namespace {

// Newest events looked through for those that fit.
constexpr int events_read_max = 500;

// The input as the first task sees it.
Json shaped(SampleRoutesParts const& parts, workflow::Document const& document, Json const& input) {
  if (document.input_from.is_null()) return input;
  Json const variables = Json::object(
      {{"context", Json::object()},
       {"input", input},
       {"workflow", Json::object({{"input", input}, {"definition", document.definition}})},
       {"task", Json::object()},
       {"runtime", Json::object()},
       {"authorization", Json::object()}});
  auto value = expression::evaluate_strings(parts.evaluator, document.input_from, input, variables);
  return value.ok() ? std::move(*value) : input;
}

bool is_small(Json const& value) { return value.dump().size() <= sample_value_bytes_max; }

Json sample_of(store::RunRecord const& run, std::vector<store::JournalEntry> const& journal) {
  Json outputs = Json::object();
  Json context = Json::object();
  for (auto const& entry : journal) {
    if (entry.kind == "task-completed" && is_small(entry.payload["output"]))
      outputs.set(entry.task, entry.payload["output"]);
    // What a task exported is the context from then on.
    if (entry.kind != "evaluated" || entry.payload["stage"].string_or("") != "exporting") continue;
    auto const& values = entry.payload["values"];
    if (values.is_array() && !values.items().empty() && values.items().front().is_object() &&
        is_small(values.items().front()))
      context = values.items().front();
  }
  return Json::object({{"id", run.id.text},
                       {"label", "Run of " + format_time(run.started_at) + ", " + run.status},
                       {"context", std::move(context)},
                       {"outputs", std::move(outputs)}});
}

// `document` null: none of its versions can be read; then the input is as it came.
Result<void> add_runs(SampleRoutesParts const& parts, store::RunFilter const& filter,
                      workflow::Document const* document, Json& items) {
  FAIRLEAD_TRY(auto const page, parts.store.runs().list(filter, "", sample_runs_max));
  for (auto const& run : page.items) {
    FAIRLEAD_TRY(auto const journal, parts.store.runs().journal(run.id, 0, sample_entries_max));
    auto sample = sample_of(run, journal);
    if (is_small(run.input)) {
      sample.set("input", document == nullptr ? run.input : shaped(parts, *document, run.input));
    }
    items.push_back(std::move(sample));
  }
  return {};
}

Result<void> add_events(SampleRoutesParts const& parts, workflow::Document const& document,
                        Json& items) {
  if (!document.schedule || document.schedule->on.empty()) return {};
  FAIRLEAD_TRY(auto const page, newest_events(parts.store.events(), "", events_read_max));
  auto const one = std::make_shared<workflow::Document const>(document);
  int found = 0;
  for (auto const& event : page.items) {
    // The filters have the last word; their types are quicker to compare.
    auto const starts = trigger::starts_for(event, std::span(&one, 1), parts.evaluator);
    if (starts.runs.empty()) continue;
    items.push_back(Json::object({{"id", "event:" + std::to_string(event.seq)},
                                  {"label", starts.runs.front().cause},
                                  {"input", shaped(parts, document, starts.runs.front().input)}}));
    if (++found == sample_events_max) break;
  }
  return {};
}

Result<net::ServerResponse> samples(SampleRoutesParts const& parts, Call const& call) {
  store::RunFilter filter;
  filter.workflow_namespace = call.request.param("namespace");
  filter.workflow_name = call.request.param("name");
  FAIRLEAD_TRY(auto const versions,
               parts.store.workflows().versions(filter.workflow_namespace, filter.workflow_name));
  // The newest that can be read, be it a draft; its data is what the builder asks for.
  std::shared_ptr<workflow::Document const> document;
  for (auto const& record : versions) {
    auto parsed = workflow::parse(record.source);
    if (!parsed.ok()) continue;
    document = std::move(*parsed);
    break;
  }
  Json items = Json::array();
  FAIRLEAD_CHECK(add_runs(parts, filter, document.get(), items));
  if (document != nullptr) FAIRLEAD_CHECK(add_events(parts, *document, items));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

}  // namespace

std::vector<Endpoint> sample_endpoints(SampleRoutesParts parts) {
  return {{net::Method::get, "/api/v1/workflows/{namespace}/{name}/samples", access::Role::author,
           "Real data to try expressions on",
           [parts](Call const& call) { return samples(parts, call); }}};
}

}  // namespace fairlead::api
