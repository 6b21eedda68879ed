// Routes of signing in: /api/v1/session and /api/v1/setup.
//
// GET tells who is signed in and how one can sign in; POST signs in with a password; the setup
// makes the first org admin with the link that `serve` printed. Signing in always gives a new
// session and ends the one before.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "access/people.h"
#include "api/guard.h"

namespace fairlead::api {

struct SessionRoutesParts {
  Guard guard;
  access::People& people;
  // Ways to sign in with a GitLab: [{connection, label}]; empty: none.
  std::function<Json()> gitlab_ways;
};

std::vector<Endpoint> session_endpoints(SessionRoutesParts const& parts);

// The Set-Cookie header of a session: HttpOnly, SameSite=Lax, Secure where we are reached by https.
std::string session_cookie_header(Secret const& token, std::string_view public_url);
std::string session_cookie_end(std::string_view public_url);

// Ends the browser's former session, opens a new one and sets the cookie of `response`.
Result<Secret> sign_in_browser(SessionRoutesParts const& parts, Call const& call,
                               store::UserRecord const& user, std::string const& way);

access::Principal principal_of(store::UserRecord const& user);
// {id, username, name, email, role}
Json user_summary(store::UserRecord const& user);

}  // namespace fairlead::api
