#include "api/workflow_makers.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fairlead::api {
namespace {

constexpr int entries_max = 2000;

bool changes_the_text(std::string_view action) {
  static constexpr std::array<std::string_view, 4> actions{
      "workflows.create", "workflows.publish", "workflows.rollback", "workflows.draft.set"};
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

}  // namespace

Result<WorkflowMakers> workflow_makers(store::AuditStore& audit) {
  WorkflowMakers makers;
  FAIRLEAD_TRY(
      auto const entries,
      audit.list({.actor = {}, .action = "workflows", .from = std::nullopt, .before = std::nullopt},
                 0, entries_max));
  // Newest first: the first name is the one that counts.
  for (auto const& entry : entries) {
    if (entry.outcome != "ok" || !changes_the_text(entry.action)) continue;
    auto const colon = entry.target.rfind(':');
    makers.workflows.emplace(entry.target.substr(0, colon), entry.actor);
    if (colon != std::string::npos) makers.versions.emplace(entry.target, entry.actor);
  }
  return makers;
}

}  // namespace fairlead::api
