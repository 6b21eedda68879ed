// Which connection may keep webhooks: one that writes at GitLab.
//
// A grant with read_user or read_api only, or a connection kept read-only, cannot make or repair a
// hook; another connection to the same GitLab does it then. Pure but for one read of the list; any
// thread.
#pragma once

#include <optional>
#include <string>

#include "store/store.h"

namespace fairlead::gitlab {

// Why it cannot keep webhooks, and what to do, for a person; "" if it may.
std::string why_no_keeper(store::ConnectionRecord const& connection);

// Another connection to that GitLab that is signed in and may keep webhooks: the next one after it
// in the list's order, so that asking again tries all of them in turn.
Result<std::optional<store::ConnectionRecord>> next_keeper(store::ConnectionStore& connections,
                                                           ConnectionId const& after,
                                                           std::string const& base_url);

// Which one takes over the hooks of a connection that is removed: one that is signed in before one
// that is not, since hooks deliver whether or not their connection can ask GitLab at the moment.
Result<std::optional<store::ConnectionRecord>> heir_of(store::ConnectionStore& connections,
                                                       store::ConnectionRecord const& leaving);

}  // namespace fairlead::gitlab
