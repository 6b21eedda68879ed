// API tokens: how programs and the CLI sign in to Fairlead. Only their SHA-256 is kept.
//
// A token is "fairlead_" and 43 random characters. The first start makes one for the org admin and
// leaves it in the data folder, readable by its owner only, so that the CLI on the same machine
// just works. Thread-safe; blocks on the store.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "access/role.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/store.h"

namespace fairlead::access {

inline constexpr std::string_view admin_token_file = "admin.token";

// Who is calling.
struct Principal {
  std::string name;
  Role role{Role::viewer};
};

class ApiTokens final {
 public:
  ApiTokens(store::AccessStore& store, Clock const& clock, Random& random);

  // Makes and stores a token; the text is shown this once.
  Result<Secret> create(std::string const& name, Role role, std::optional<Time> expires_at);
  // denied: unknown, expired, or none given (the texts tell which, and what to do).
  Result<Principal> check(std::string_view token);
  // At start: unless the file in `folder` holds an org admin's token we know (a restored database
  // has another one), makes a new one, ends the former and writes it there with mode 0600. Gives
  // the file's path if one was written.
  Result<std::optional<std::filesystem::path>> ensure_admin_token(
      std::filesystem::path const& folder);

 private:
  store::AccessStore& store_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace fairlead::access
