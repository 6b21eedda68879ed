// Approvals that runs wait for: what was asked, and what people decided.
//
// A part of store.h's Store. Each change carries the event that tells of it, committed together.
// The rules (who may decide, how many must) are builtin/approval.h's. Blocking; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "store/records.h"

namespace fairlead::store {

// An event's attribute that the server sets to the name of who sent it through the API: they ask
// for what the event's runs ask for. A sender cannot set it.
inline constexpr std::string_view sender_attribute = "fairleadsender";

struct ApprovalRecord {
  std::string id;
  RunId run;
  std::string status;  // "open", "approved", "refused", "expired", "cancelled"
  Time created_at{};
  std::optional<Time> expires_at;
  std::optional<Time> closed_at;
  Json request;    // {question, approvers, required, form, requestedBy, task}
  Json decisions;  // [{decision, by, at, comment, values}]
};

struct ApprovalFilter {
  std::string status;  // "": any
  RunId run;           // "": any
};

class ApprovalStore {
 public:
  virtual ~ApprovalStore() = default;
  // Again with the same id changes nothing. Gives the event's number; 0: the approval was there.
  virtual Result<std::int64_t> insert(ApprovalRecord const& record, EventRecord const& event) = 0;
  // Replaces status, closed_at and decisions if the stored one is open and has as many decisions as
  // `decisions_before`; conflict otherwise: read it again. not_found. Without an event: 0.
  virtual Result<std::int64_t> update(ApprovalRecord const& record, std::size_t decisions_before,
                                      std::optional<EventRecord> const& event) = 0;
  // not_found.
  virtual Result<ApprovalRecord> get(std::string_view id) = 0;
  // Newest first. Cursor "" is the beginning; a malformed one is invalid_input.
  virtual Result<Page<ApprovalRecord>> list(ApprovalFilter const& filter, std::string const& cursor,
                                            int limit) = 0;
};

}  // namespace fairlead::store
