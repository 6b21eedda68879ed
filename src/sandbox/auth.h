// Who is asking, and may this token do that. Source: lib/gitlab/auth/auth_finders.rb,
// lib/api/api_guard.rb (19.5).
//
// Bearer takes OAuth and personal tokens, PRIVATE-TOKEN personal ones only. Hold World::mutex.
#pragma once

#include "sandbox/call.h"

namespace fairlead::sandbox {

// Nobody if there is no credential; shape 1 or 6 with 401 if there is a bad one.
Result<Caller> authenticate(World& world, net::Headers const& headers, Params& in);
// 401 if a route needs somebody, 403 insufficient_scope if the token is too narrow.
Result<void> check_scope(Caller const& caller, Need need, net::Method method);

}  // namespace fairlead::sandbox
