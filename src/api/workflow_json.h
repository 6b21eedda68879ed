// Workflows as our API shows them, and what the routes about them share.
//
// Used by workflows.cpp, workflow_versions.cpp and workflow_folder.cpp. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "store/history.h"
#include "store/store.h"
#include "workflow/parse.h"

namespace fairlead::api {

// {namespace, name, version, status, contentHash, createdAt, title?, summary?, startsOn?}
Json brief(store::WorkflowRecord const& record);
// "com.example.incident.opened", "every 5 min", "by hand".
std::string starts_on(workflow::Document const& document);
// Sets updatedAt, and lastOutcome if a run of it has ended.
void set_trace(Json& row, store::WorkflowTrace const& trace);
// {plan, nextStart?, lastStart?, lastRun?, skipped, skippedAt?, skippedWhy?}
Json to_json(store::ScheduleRecord const& schedule);

// A row for this text; `source` is kept byte for byte.
store::WorkflowRecord record_of(workflow::Document const& document, std::string source, Time now);
// not_found: no workflow of that name, or not in that version.
Error no_workflow(std::string_view workflow_namespace, std::string_view name,
                  std::string_view version = "");
// The newest that is published; else the newest of any status; null if there is none. `versions`
// as WorkflowStore::versions gives them.
store::WorkflowRecord const* shown_version(std::vector<store::WorkflowRecord> const& versions);
// Published under that version with other content.
Error version_taken(Error error);

}  // namespace fairlead::api
