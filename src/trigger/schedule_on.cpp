#include "trigger/schedule_on.h"

#include <utility>

#include "workflow/match.h"

namespace fairlead::trigger {
namespace {

Result<bool> starts(workflow::Schedule const& schedule, Json const& envelope,
                    expression::Evaluator& evaluator) {
  // `all` of several filters needs several events: trigger/on_all.h.
  bool const all = schedule.on_mode == workflow::Schedule::On::all;
  if (all && schedule.on.size() > 1) return false;
  for (auto const& filter : schedule.on) {
    FAIRLEAD_TRY(bool const passed, workflow::matches(filter, envelope, evaluator, Json::object()));
    if (passed) return true;
  }
  return false;
}

}  // namespace

std::string cause_of(store::EventRecord const& event) {
  std::string const subject = event.envelope["subject"].string_or(event.id);
  return "event " + event.type + " " + subject;
}

Error filter_problem(workflow::Document const& document, Error problem) {
  problem.message = "The event filter of workflow " + document.workflow_namespace + "/" +
                    document.name + " failed: " + problem.message;
  return problem;
}

Json read_event(Json const& envelope, std::string_view read) {
  if (read == "envelope") return envelope;
  bool const encoded = envelope.contains("data_base64");
  if (read == "raw") {
    if (encoded) return envelope["data_base64"];
    return envelope["data"].is_string() ? envelope["data"] : Json(envelope["data"].dump());
  }
  return encoded ? envelope["data_base64"] : envelope["data"];
}

Starts starts_for(store::EventRecord const& event,
                  std::span<std::shared_ptr<workflow::Document const> const> workflows,
                  expression::Evaluator& evaluator) {
  Starts result;
  for (auto const& document : workflows) {
    if (!document->schedule || document->schedule->on.empty()) continue;
    auto started = starts(*document->schedule, event.envelope, evaluator);
    if (!started.ok()) {
      result.problems.push_back(filter_problem(*document, std::move(started).error()));
      continue;
    }
    if (!*started) continue;
    result.runs.push_back(
        {.document = document,
         .input = Json::array({read_event(event.envelope, document->schedule->read)}),
         .cause = cause_of(event)});
  }
  return result;
}

}  // namespace fairlead::trigger
