// What stands at a GitLab URL, before anybody signs in: the first step of connecting.
//
// Asks for the API's version without a token (a GitLab answers 401 in JSON) and for the discovery
// document, which names the URL that GitLab has of itself. Where something else answers, it looks
// for GitLab's root near by: where the page redirects to, above a path that is too long, below the
// usual sub-paths. Blocking; any thread.
// Source: https://docs.gitlab.com/integration/openid_connect_provider/ (checked on 19.5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "connection/connections.h"

namespace fairlead::connection {

// Requests of one search for the root.
inline constexpr int root_guesses_max = 6;

struct ServerLook {
  std::string base_url;             // as looked at, without trailing slashes
  std::string address;              // that answered, "" if none did or a proxy hides it
  bool gitlab{false};               // GitLab's API answers here
  std::optional<Error> fault;       // why not: of the way (net::fault_stage) or of what answers
  std::string version;              // "" unless it may be read without a token
  std::string issuer;               // the URL GitLab has of itself; "" if it does not say
  std::vector<std::string> scopes;  // that an application may ask for; empty: it does not say
  bool device_sign_in{false};
  std::string root_hint;  // where a GitLab was found instead; ""
};

ServerLook look_at(ConnectionParts const& parts, store::ConnectionRecord const& record);

// A record that only says how to reach `base_url`; nothing is stored. Errors: invalid_input (field
// named).
Result<store::ConnectionRecord> record_to_look_at(ConnectionParts const& parts,
                                                  std::string const& base_url, Reach const& reach);

}  // namespace fairlead::connection
