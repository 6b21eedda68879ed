// The few HTML pages: sign-in, a landing page that says what is here, projects, issues and
// pipelines to look at.
//
// Sessions live in a cookie as in a browser; forms carry an authenticity_token bound to it. Hold
// World::mutex.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/call.h"

namespace fairlead::sandbox {

ApiRoutes page_routes();
// Any other path below the root: a project, issue or pipeline page, else the 404 page.
Result<Reply> show_any_page(Call& call);

std::string not_found_html();
// A whole page around `body`, which is HTML already.
std::string html_page(World& world, std::string_view title, std::string const& body);

// The session of the request's cookie, made if there is none; attach_session() then sets the
// cookie.
struct Visit {
  std::string id;
  Session* session{nullptr};
};
Visit visit_of(Call& call);
void attach_session(Call& call, Visit const& visit, Reply& reply);
User* signed_in(Call& call, Visit const& visit);
// True if the form's authenticity_token is this session's.
bool form_is_ours(Call& call, Visit const& visit);
// Sends to /users/sign_in and comes back to `target` afterwards.
Reply ask_to_sign_in(Call& call, Visit const& visit, std::string_view target);
std::string hidden_field(std::string_view name, std::string_view value);

}  // namespace fairlead::sandbox
