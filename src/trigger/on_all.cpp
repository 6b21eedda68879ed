#include "trigger/on_all.h"

#include <algorithm>
#include <utility>

#include "workflow/correlate.h"
#include "workflow/match.h"

namespace fairlead::trigger {
namespace {

// A filter the event passes.
struct Passed {
  std::size_t filter{0};
  Json keys;
};

Json expected_by(workflow::EventFilter const& filter) {
  Json expected = Json::object();
  for (auto const& [name, correlation] : filter.correlate.members()) {
    if (correlation.contains("expect")) expected.set(name, correlation["expect"]);
  }
  return expected;
}

Result<std::vector<Passed>> filters_passed(workflow::Schedule const& schedule, Json const& envelope,
                                           expression::Evaluator& evaluator) {
  std::vector<Passed> passed;
  for (std::size_t i = 0; i < schedule.on.size(); ++i) {
    auto const& filter = schedule.on[i];
    FAIRLEAD_TRY(bool const fits, workflow::matches(filter, envelope, evaluator, Json::object()));
    if (!fits) continue;
    FAIRLEAD_TRY(auto keys, workflow::correlation_of(filter, envelope, evaluator, Json::object()));
    if (!keys) continue;
    FAIRLEAD_TRY(auto expected, expression::evaluate_strings(evaluator, expected_by(filter), Json(),
                                                             Json::object()));
    if (workflow::agrees(*keys, expected))
      passed.push_back({.filter = i, .keys = std::move(*keys)});
  }
  return passed;
}

// state: {events: [null | [value]], keys: {}}
bool takes(Json const& state, Passed const& passed) {
  return state["events"].at(passed.filter).is_null() &&
         workflow::agrees(passed.keys, state["keys"]);
}

Json with_event(Json const& state, Passed const& passed, std::size_t filters, Json value) {
  Json events = Json::array();
  bool const fresh = state.is_null();
  for (std::size_t i = 0; i < filters; ++i) {
    if (i == passed.filter) {
      events.push_back(Json::array({value}));
    } else {
      events.push_back(fresh ? Json() : state["events"].at(i));
    }
  }
  Json keys = fresh ? Json::object() : state["keys"];
  for (auto const& [name, key] : passed.keys.members())
    keys.set(name, key);
  return Json::object({{"events", std::move(events)}, {"keys", std::move(keys)}});
}

std::optional<Json> input_if_complete(Json const& state) {
  Json input = Json::array();
  for (auto const& each : state["events"].items()) {
    if (each.is_null()) return std::nullopt;
    input.push_back(each.at(0));
  }
  return input;
}

}  // namespace

bool gathers(workflow::Document const& document) {
  return document.schedule && document.schedule->on_mode == workflow::Schedule::On::all &&
         document.schedule->on.size() > 1;
}

bool may_gather(workflow::Document const& document, std::string_view event_type) {
  auto const& filters = document.schedule->on;
  return std::any_of(filters.begin(), filters.end(), [&](auto const& filter) {
    std::string const type = workflow::literal_type(filter);
    return type.empty() || type == event_type;
  });
}

std::string partials_of(workflow::Document const& document) {
  return document.workflow_namespace + "/" + document.name + "/" + document.version;
}

Result<Gathered> gather(store::EventRecord const& event,
                        std::shared_ptr<workflow::Document const> const& document,
                        std::span<store::PartialMatchRecord const> partials,
                        expression::Evaluator& evaluator) {
  auto const& schedule = *document->schedule;
  auto passed = filters_passed(schedule, event.envelope, evaluator);
  if (!passed.ok()) return filter_problem(*document, std::move(passed).error());
  Gathered gathered;
  if (passed->empty()) return gathered;
  store::PartialMatchRecord record{.id = partials_of(*document) + "#" + std::to_string(event.seq),
                                   .workflow = partials_of(*document),
                                   .state = {},
                                   .began_at = event.received_at};
  Passed const* taken = nullptr;
  for (auto const& partial : partials) {
    for (auto const& each : *passed) {
      if (taken == nullptr && takes(partial.state, each)) {
        taken = &each;
        record = partial;
      }
    }
  }
  bool const fresh = taken == nullptr;
  if (fresh) taken = &passed->front();
  record.state = with_event(record.state, *taken, schedule.on.size(),
                            read_event(event.envelope, schedule.read));
  if (auto input = input_if_complete(record.state)) {
    gathered.cleared.push_back(record.id);
    gathered.start = {.document = document, .input = std::move(*input), .cause = cause_of(event)};
    return gathered;
  }
  if (fresh && partials.size() >= partials_max) gathered.cleared.push_back(partials.front().id);
  gathered.set = std::move(record);
  return gathered;
}

}  // namespace fairlead::trigger
