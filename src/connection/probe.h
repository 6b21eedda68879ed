// The few calls a connection makes on its own behalf: who am I, what may this token do, which
// GitLab is this.
//
// Everything else goes through gitlab::Client; these are needed before there is a working
// connection. Blocking; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "connection/connections.h"
#include "store/records.h"

namespace fairlead::connection {

// GET /api/v4/user as {id, username, name, webUrl}. Errors: denied (GitLab's words), corrupt (not
// JSON: wrong URL or a proxy), and those of HttpTransport.
Result<Json> who_am_i(ConnectionParts const& parts, store::ConnectionRecord const& record,
                      Secret const& token);

struct TokenFacts {
  std::string scopes;  // space-separated
  std::optional<Time> expires_at;
};
// Of a personal, project or group access token: GET /api/v4/personal_access_tokens/self. Old
// servers lack it: nothing.
std::optional<TokenFacts> access_token_facts(ConnectionParts const& parts,
                                             store::ConnectionRecord const& record,
                                             Secret const& token);

// GET /api/v4/version: "19.5.0-ee", or nothing where it may not be read.
std::optional<std::string> gitlab_version(ConnectionParts const& parts,
                                          store::ConnectionRecord const& record,
                                          Secret const& token);

}  // namespace fairlead::connection
