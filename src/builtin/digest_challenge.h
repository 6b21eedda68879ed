// Digest access authentication: reading the server's challenge and answering it.
//
// MD5 and SHA-256, with and without -sess, qop auth or none. Pure; any thread. Source: RFC 7616.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "net/http.h"

namespace fairlead::builtin {

struct DigestChallenge {
  std::string realm;
  std::string nonce;
  std::string opaque;
  std::string algorithm;  // as written; "" is MD5
  enum class Qop { none, auth } qop{Qop::none};
};

// The strongest one we can answer, of all WWW-Authenticate headers.
std::optional<DigestChallenge> find_digest_challenge(net::Headers const& headers);

struct DigestAnswer {
  std::string_view username;
  std::string_view password;
  std::string_view method;  // "GET"
  std::string_view target;  // path and query
  std::string_view client_nonce;
};
// The value of the Authorization header.
Secret answer_digest(DigestChallenge const& challenge, DigestAnswer const& answer);

}  // namespace fairlead::builtin
