// Finds what an earlier attempt of ours may have written: issues and comments by their invisible
// marker.
//
// Search may lag behind, so the newest page by creation is read as well. Only texts of the
// connection's own user count: everybody can write a marker. Blocking; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "action/action.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {

// Clocks differ; a marker is unique, so looking a little further back is harmless.
inline constexpr Milliseconds clock_difference_max{10 * 60'000};

struct MarkedBy {
  std::string marker;
  std::optional<Time> since;  // nothing older was written by us
};

// The newest such issue, as GitLab lists it.
Result<std::optional<Json>> find_marked_issue(action::Context& context, ProjectRef const& project,
                                              MarkedBy const& marked);
// The newest such comment of an issue.
Result<std::optional<Json>> find_marked_note(action::Context& context, ProjectRef const& project,
                                             IssueRef const& issue, std::string const& marker);

// For find_existing when nothing makes `what` recognisable: a person must look before it is sent
// again.
Error cannot_be_recognised(std::string const& what);
// "2026-11-22T11:50:00.000Z": `time` less the difference that clocks may have.
std::string shortly_before(Time time);

}  // namespace fairlead::gitlab
