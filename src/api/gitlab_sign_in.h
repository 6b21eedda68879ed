// Signing in with GitLab: the two pages /sign-in/gitlab and /sign-in/gitlab/callback, and the
// settings of it under /api/v1/settings/sign-in.
//
// The first page sends the browser to GitLab with a sealed cookie; the second takes GitLab's
// answer, makes or finds the user, opens a session and goes where the person wanted to be.
#pragma once

#include <vector>

#include "api/session.h"
#include "connection/openid_sign_in.h"

namespace fairlead::api {

struct GitlabSignInParts {
  SessionRoutesParts session;
  connection::OpenIdSignIn& openid;
};

std::vector<Endpoint> gitlab_sign_in_endpoints(GitlabSignInParts const& parts);

// For the sign-in page: [{connection, label}].
Json gitlab_ways(connection::OpenIdSignIn& openid);

}  // namespace fairlead::api
