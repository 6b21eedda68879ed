// PasswordHasher: argon2id on two threads of its own, so that sign-ins cannot eat the machine.
//
// A hash takes 64 MB and a tenth of a second. At most passwords_waiting_max wait for their turn;
// more are told to come back. Thread-safe; blocking.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::access {

inline constexpr std::size_t passwords_at_once = 2;
inline constexpr std::size_t passwords_waiting_max = 32;

class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  // unavailable: too many at once, or no memory.
  virtual Result<std::string> hash(Secret const& password) = 0;
  virtual Result<bool> verify(std::string const& hash, Secret const& password) = 0;
};

std::unique_ptr<PasswordHasher> make_password_hasher(Random& random);

// 10 to 256 bytes, and not the username. Errors: invalid_input (`where` is "password").
Result<void> check_password(Secret const& password, std::string_view username);

}  // namespace fairlead::access
