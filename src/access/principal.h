// Principal: who is calling, once that is known.
//
// A person is the same person by session and by any API token of theirs: `name` is the username
// then, which approvals and the audit log go by. A token that belongs to nobody (the first start's
// org admin) calls by its own name. Value.
#pragma once

#include <string>

#include "access/role.h"
#include "base/ids.h"

namespace fairlead::access {

struct Principal {
  std::string name;
  Role role{Role::viewer};
  enum class Kind { nobody, token, session } kind{Kind::nobody};
  UserId user;          // empty: a token that belongs to nobody
  std::string token;    // the API token's name; "" for a session
  std::string session;  // the session's id; "" for a token
};

}  // namespace fairlead::access
