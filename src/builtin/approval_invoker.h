// The Invoker for `call: request-approval:1.0.0@default`.
//
// Stands before the Invoker of the catalogue and passes on everything else. The approval's id
// follows from the effect's marker, so asking again after a crash finds the one that is there. The
// call then waits by wake key until the approval is closed. Thread-safe; invoke() blocks on the
// store.
#pragma once

#include <memory>
#include <vector>

#include "action/catalogue.h"
#include "builtin/approvals.h"

namespace fairlead::builtin {

inline constexpr std::string_view default_catalog = "default";
// The net below the wake: a decision is seen after this at the latest.
inline constexpr Milliseconds approval_check_interval = std::chrono::minutes(10);
inline constexpr Milliseconds approval_expiry_default = std::chrono::hours(24 * 7);
inline constexpr Milliseconds approval_expiry_max = std::chrono::hours(24 * 365);

struct ApprovalParts {
  Approvals& approvals;
  store::Store& store;
  Clock const& clock;
  action::Invoker& next;
};

std::unique_ptr<action::Invoker> make_approval_invoker(ApprovalParts parts);

// What the catalogue shows of it; running it outside of a workflow is refused.
action::Action request_approval();

}  // namespace fairlead::builtin
