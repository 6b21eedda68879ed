#include "gitlab/hook_uses.h"

#include <algorithm>

#include "gitlab/hook_kinds.h"
#include "gitlab/named_places.h"
#include "workflow/parse.h"

namespace fairlead::gitlab {
namespace {

// A filter without a type, or with an expression for it, may mean any event. Where it names its
// place that one's webhook is kept for it (gitlab/standing_hooks.h), and no other is needed.
bool may_mean_gitlab(workflow::EventFilter const& filter) {
  std::string const type = filter.with["type"].string_or("");
  if (type.starts_with(gitlab_type_prefix) && !named_places(filter).empty()) return false;
  return type.empty() || type.starts_with("${") || type.find("gitlab") != std::string::npos;
}

}  // namespace

Result<bool> gitlab_starts_workflows(store::WorkflowStore& workflows) {
  FAIRLEAD_TRY(auto const published, workflows.latest());
  for (auto const& one : published) {
    auto const document = workflow::parse(one.source);
    // One that cannot be read is of a newer Fairlead: what it needs is not known.
    if (!document.ok()) return true;
    auto const& schedule = (*document)->schedule;
    if (schedule && std::any_of(schedule->on.begin(), schedule->on.end(), may_mean_gitlab))
      return true;
  }
  return false;
}

}  // namespace fairlead::gitlab
