// Which issues a list shows and in which order, with all of GitLab's filter words (None, Any,
// not[...] and so on).
//
// Source: doc/api/issues.md (19.5). Pure over World; hold its mutex.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/call.h"

namespace fairlead::sandbox {

struct IssueRow {
  Project const* project{nullptr};
  Issue const* issue{nullptr};
};

// A filter read from parameters. In a `not[...]` filter every given condition excludes.
struct IssueFilter {
  std::string state{"all"};
  std::string search;
  std::string in{"title,description"};
  std::string type;
  std::string due;
  std::string milestone;
  std::optional<Number> milestone_id;
  std::optional<Number> author_id;
  std::optional<Number> closed_by_id;
  std::optional<Number> assignee_id;
  std::string assignee_word;      // "none" or "any"
  std::vector<Number> assignees;  // by username
  std::vector<std::string> labels;
  std::vector<Number> iids;
  std::optional<bool> confidential;
  std::optional<Time> created_after, created_before, updated_after, updated_before;
  bool nobody{false};  // a user named in the filter does not exist: nothing matches

  friend bool operator==(IssueFilter const&, IssueFilter const&) = default;
};

IssueFilter read_issue_filter(Call& call, Params& in);
bool matches(World& world, IssueFilter const& filter, IssueRow const& row);
// True if any condition of a not[...] filter holds.
bool excluded(World& world, IssueFilter const& filter, Params const& given, IssueRow const& row);
void order_issues(World& world, std::vector<IssueRow>& rows, std::string const& by,
                  std::string const& sort);

}  // namespace fairlead::sandbox
