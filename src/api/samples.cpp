#include "api/samples.h"

namespace fairlead::api {
namespace {

constexpr int runs_max = 5;
constexpr int entries_max = 400;                   // of a run's journal
constexpr std::size_t value_bytes_max = 64 << 10;  // larger values are left out

bool is_small(Json const& value) { return value.dump().size() <= value_bytes_max; }

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
  Json sample =
      Json::object({{"id", run.id.text},
                    {"label", "Run of " + format_time(run.started_at) + ", " + run.status},
                    {"context", std::move(context)},
                    {"outputs", std::move(outputs)}});
  if (is_small(run.input)) sample.set("input", run.input);
  return sample;
}

Result<net::ServerResponse> samples(store::RunStore& runs, Call const& call) {
  store::RunFilter filter;
  filter.workflow_namespace = call.request.param("namespace");
  filter.workflow_name = call.request.param("name");
  FAIRLEAD_TRY(auto const page, runs.list(filter, "", runs_max));
  Json items = Json::array();
  for (auto const& run : page.items) {
    FAIRLEAD_TRY(auto const journal, runs.journal(run.id, 0, entries_max));
    items.push_back(sample_of(run, journal));
  }
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

}  // namespace

std::vector<Endpoint> sample_endpoints(store::RunStore& runs) {
  return {{net::Method::get, "/api/v1/workflows/{namespace}/{name}/samples", access::Role::author,
           "What its last runs were given and gave, as sample data",
           [&runs](Call const& call) { return samples(runs, call); }}};
}

}  // namespace fairlead::api
