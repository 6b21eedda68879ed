// What the GitLab client needs of a connection: where it is, how to trust it, and a fresh token.
//
// The seam between gitlab/ (sends requests) and connection/ (owns tokens). Implemented by
// connection::Connections; thread-safe; token() and renew() may block while one refresher works.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/http.h"

namespace fairlead::connection {

// How calls reach the instance. A value, read once per call.
struct Endpoint {
  ConnectionId id;
  std::string name;
  std::string base_url;  // instance root with port and sub-path, no trailing slash
  net::TlsOptions tls;
  std::string proxy;
  std::string scopes;  // granted, space-separated
  Json account;        // {id, username, name} or null
  enum class Writes { allowed, refused } writes{Writes::allowed};
};

struct Token {
  Secret bearer;
  std::int64_t generation{0};
};

// Why GitLab refused a token (gitlab.md section 2): "Token is expired.", "Bad Access Token.",
// "Token was revoked."
enum class Refusal { expired, unknown, revoked };

class TokenSource {
 public:
  virtual ~TokenSource() = default;
  [[nodiscard]] virtual Result<Endpoint> endpoint() = 0;
  // A token fit for use now; refreshes ahead of expiry. Errors: denied (needs sign-in; titled
  // "Token refresh failure"), unavailable / uncertain (GitLab could not be reached for the refresh;
  // try again).
  virtual Result<Token> token() = 0;
  // GitLab answered 401 to `refused`: another one, if there is a way. If somebody renewed it
  // meanwhile, that one.
  virtual Result<Token> renew(Token const& refused, Refusal why) = 0;
  // A call did not succeed for a reason that lies with GitLab, the way there or the grant.
  virtual void call_failed() {}
};

// Finds the source of a connection by name; "" is the default. not_found names those there are.
class TokenSources {
 public:
  virtual ~TokenSources() = default;
  virtual Result<std::shared_ptr<TokenSource>> source(std::string_view connection) = 0;
};

}  // namespace fairlead::connection
