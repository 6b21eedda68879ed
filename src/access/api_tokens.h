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
#include <vector>

#include "access/principal.h"
#include "access/role.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/store.h"

namespace fairlead::access {

inline constexpr std::string_view admin_token_file = "admin.token";
// Of the token in that file. Whoever can read it may do everything anyway.
inline constexpr std::string_view admin_token_name = "admin";

struct NewToken {
  std::string name;
  Role role{Role::viewer};
  std::optional<Time> expires_at;
  UserId user;  // whose it is
};

struct IssuedToken {
  Secret text;  // shown this once
  store::ApiTokenRecord record;
};

class ApiTokens final {
 public:
  ApiTokens(store::Store& store, Clock const& clock, Random& random);

  // invalid_input: name, or an end that is over.
  Result<IssuedToken> issue(NewToken const& wanted);
  // One that belongs to nobody.
  Result<Secret> create(std::string const& name, Role role, std::optional<Time> expires_at);
  // By name; of one user, or of all if `user` is empty.
  Result<std::vector<store::ApiTokenRecord>> list(UserId const& user);
  // By its id. not_found.
  Result<void> revoke(std::string_view id);
  // denied: unknown, expired, of a disabled user, or none given (the texts tell which, and what to
  // do). A user's token may never do more than the user.
  Result<Principal> check(std::string_view token);
  // At start: unless the file in `folder` holds an org admin's token we know (a restored database
  // has another one), makes a new one, ends the former and writes it there with mode 0600. Gives
  // the file's path if one was written.
  Result<std::optional<std::filesystem::path>> ensure_admin_token(
      std::filesystem::path const& folder);

 private:
  Result<Principal> for_owner(store::ApiTokenRecord const& token, Principal caller);

  store::AccessStore& store_;
  store::UserStore& users_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace fairlead::access
