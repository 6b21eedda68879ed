// schedule.on: which workflows an event starts, and the input it gives them.
//
// The input of such a run is an array of events, as the language says ($workflow.input[0]);
// `schedule.read` decides what of an event is seen. Pure but for the evaluator, which blocks. Any
// thread. Source: Open Workflow DSL 1.0.3, "Schedule", "Event Consumption Strategy"; `read` as in
// the pinned commit.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "expression/evaluator.h"
#include "store/records.h"
#include "workflow/document.h"

namespace fairlead::trigger {

struct RunStart {
  std::shared_ptr<workflow::Document const> document;
  Json input;
  std::string cause;  // in words: "event com.example.incident.opened INC-42"
};

struct Starts {
  std::vector<RunStart> runs;
  std::vector<Error>
      problems;  // of filters whose expression failed: those workflows are not started
};

// One start a workflow at most.
Starts starts_for(store::EventRecord const& event,
                  std::span<std::shared_ptr<workflow::Document const> const> workflows,
                  expression::Evaluator& evaluator);

// "event com.example.incident.opened INC-42": the subject if there is one, else the id.
std::string cause_of(store::EventRecord const& event);
// Of a filter of this workflow.
Error filter_problem(workflow::Document const& document, Error problem);

// What a run reads of an event: "data" (the default), "envelope", or "raw".
Json read_event(Json const& envelope, std::string_view read);

}  // namespace fairlead::trigger
