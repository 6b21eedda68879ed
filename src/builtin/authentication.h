// Authentication policies: how a request of `call: http` or `call: openapi` proves who asks.
//
// Basic and bearer are a header; digest answers the server's challenge; oauth2 and oidc fetch a
// token, keep it until it ends, and fetch a new one once if the server says 401. What a policy
// holds never reaches an output: it is told to the mask. Thread-safe; blocking.
#pragma once

#include <memory>

#include "action/secret_mask.h"
#include "base/clock.h"
#include "base/random.h"
#include "net/http.h"

namespace fairlead::builtin {

class Authentication {
 public:
  virtual ~Authentication() = default;
  // Sends `request` under `policy` (null: as it is). Errors: as HttpTransport::send; a policy that
  // cannot be used is a configuration error, a token that is refused an authentication error.
  virtual Result<net::HttpResponse> send(net::HttpRequest request, Json const& policy,
                                         action::SecretMask& mask) = 0;
};

std::unique_ptr<Authentication> make_authentication(net::HttpTransport& transport,
                                                    Clock const& clock, Random& random);

}  // namespace fairlead::builtin
