// GitLab's error answers, in all their shapes, as one Error with GitLab's own words.
//
// GitLab, the throttle before it and the proxies around it answer errors in some ten different
// forms (specified nowhere in one place; seen in its source, 15 to 19.5). This is the one decoder.
// Nothing of the request but method and path gets into the texts, and what looks like a token is
// masked. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "action/catalogue.h"
#include "base/clock.h"
#include "base/error.h"
#include "connection/token_source.h"
#include "net/http.h"

namespace fairlead::gitlab {

// The call that was answered.
struct Call {
  net::Method method{net::Method::get};
  std::string path;      // below the API root, still encoded, without query
  std::string base_url;  // the instance's root
  std::string scopes;    // granted to the connection, space-separated; may be empty
  action::Caller caller;

  // "POST /projects/ops%2Fincidents/issues"
  [[nodiscard]] std::string text() const;
  // Nothing can have changed, however it went.
  [[nodiscard]] bool reads() const {
    return method == net::Method::get || method == net::Method::head;
  }
};

// What an error body says, for people, and by field if it does: {"title": ["is too long"]}. Fields
// is null if not.
struct Words {
  std::string text;
  Json fields;
};
Words words_of(Json const& body);

// For every answer that is not a success. Kinds: 400 invalid_input (conflict if a name is taken,
// rate_limited if GitLab says so in words), 401 and 403 denied, 404 not_found, 409 conflict
// (unavailable if a row was locked), 429 rate_limited with retry_after, 5xx unavailable for reads
// and uncertain for writes.
Error decode_error(Call const& call, net::HttpResponse const& response, Time now);

// A page for people where JSON belongs: a login page, a proxy's notice.
bool is_html(net::HttpResponse const& response);
// A success whose body is such a page, or JSON that does not parse.
Error not_the_api(Call const& call, net::HttpResponse const& response);

// Why a 401 refused the token.
connection::Refusal refusal_of(net::HttpResponse const& response);
// A write that somebody else's lock stopped: nothing was done, it may be sent again.
bool is_lock_conflict(net::HttpResponse const& response);
// GitLab's correlation id of this answer, or "".
std::string request_id_of(net::HttpResponse const& response);

}  // namespace fairlead::gitlab
