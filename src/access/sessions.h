// Sessions: people signed in with a browser.
//
// The cookie holds 256 random bits, the store their SHA-256. A session ends when its time is over,
// when it was idle too long, when it is ended, and with its user. The CSRF token is derived from
// the cookie's value, so that it needs no storing and belongs to this session only. Thread-safe;
// blocks on the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/people.h"

namespace fairlead::access {

inline constexpr Milliseconds session_idle_max = std::chrono::hours(12);
inline constexpr Milliseconds session_age_max = std::chrono::hours(24 * 7);
inline constexpr std::size_t sessions_per_user_max = 50;
// last-seen is written at most this often.
inline constexpr Milliseconds session_touch_every = std::chrono::minutes(5);

// Where somebody signs in from, for the list of sessions.
struct SignInPlace {
  std::string way;    // "password", "gitlab", "link"
  std::string from;   // address
  std::string agent;  // User-Agent
};

class Sessions final {
 public:
  struct Parts {
    store::UserStore& users;
    store::SessionStore& sessions;
    Clock const& clock;
    Random& random;
  };
  explicit Sessions(Parts parts) : parts_(parts) {}
  Sessions(Sessions const&) = delete;
  Sessions& operator=(Sessions const&) = delete;

  // The cookie's value. The oldest session ends if there are too many.
  Result<Secret> open(UserId const& user, SignInPlace const& place);
  // Nothing: no such session, it is over, or its user may not sign in any more.
  Result<std::optional<Principal>> check(std::string_view token);
  // The same, but it is no visit: the session does not live longer for being looked at.
  Result<std::optional<Principal>> look(std::string_view token);
  // Ends it; fine if there is none.
  Result<void> end(std::string_view token);
  Result<std::vector<store::SessionRecord>> list(UserId const& user);
  // not_found.
  Result<void> end_by_id(UserId const& user, std::string_view id);
  // All of the user's but that of `token` ("": all).
  Result<int> end_others(UserId const& user, std::string_view token);

  // What X-CSRF-Token must say in calls with this session.
  static std::string csrf_token(std::string_view token);

 private:
  Result<std::optional<store::SessionRecord>> find(std::string_view token);
  // Nobody if it is over, or its user may not sign in any more.
  Result<std::optional<Principal>> principal_of(std::optional<store::SessionRecord> const& session);
  [[nodiscard]] bool is_over(store::SessionRecord const& session) const;

  Parts parts_;
};

}  // namespace fairlead::access
