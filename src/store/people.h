// UserStore and SessionStore: who may sign in, and who is signed in.
//
// Parts of the Store. Passwords come hashed (argon2id), session tokens and one-time links as their
// SHA-256: nothing here opens a door by itself. Thread-safe, blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace fairlead::store {

struct UserRecord {
  UserId id;             // UUID version 7
  std::string username;  // unique, lower case
  std::string name;
  std::string email;
  std::string role;           // as access::to_string(Role)
  std::string password_hash;  // "": no password, signs in with GitLab only
  // Who they are at a GitLab: (issuer, subject) is unique. "": nobody there.
  std::string issuer;
  std::string subject;
  enum class Standing { active, disabled } standing{Standing::active};
  std::int64_t generation{1};  // grows with every change: compare-and-swap
  Time created_at{};
  Time updated_at{};
  std::optional<Time> signed_in_at;
};

// A link that works once: the first setup, a new password.
struct LinkRecord {
  std::string token_hash;  // SHA-256 hex
  UserId user;             // whose password; empty: the first setup
  std::optional<Time> expires_at;
};

class UserStore {
 public:
  virtual ~UserStore() = default;
  // conflict: the username or the identity is taken.
  virtual Result<void> insert(UserRecord const& user) = 0;
  // The first one, by a setup link, which ends with it: conflict if there is somebody already,
  // not_found if the link is unknown.
  virtual Result<void> insert_first(UserRecord const& user, std::string_view link_hash) = 0;
  // Replaces the row of that generation by the next one. not_found; conflict: somebody changed it
  // meanwhile, the name is taken, or no org admin who can sign in would be left.
  virtual Result<void> update(UserRecord const& user) = 0;
  virtual Result<std::optional<UserRecord>> find(UserId const& id) = 0;
  virtual Result<std::optional<UserRecord>> find_username(std::string_view username) = 0;
  virtual Result<std::optional<UserRecord>> find_identity(std::string_view issuer,
                                                          std::string_view subject) = 0;
  // By username.
  virtual Result<std::vector<UserRecord>> list() = 0;
  // Sessions, links and API tokens go, too. not_found; conflict: no other org admin can sign in.
  virtual Result<void> remove(UserId const& id) = 0;
  // Replaces the link of the same user.
  virtual Result<void> put_link(LinkRecord const& link) = 0;
  // A user's link: reads and removes. not_found: unknown, or expired at `now`.
  virtual Result<LinkRecord> take_link(std::string_view token_hash, Time now) = 0;
};

struct SessionRecord {
  std::string id;  // to name it by; opens nothing
  std::string token_hash;
  UserId user;
  std::string way;    // "password", "gitlab", "link"
  std::string from;   // address
  std::string agent;  // User-Agent, shortened
  Time created_at{};
  Time seen_at{};
  Time expires_at{};  // whatever happens
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  virtual Result<void> insert(SessionRecord const& session) = 0;
  virtual Result<std::optional<SessionRecord>> find(std::string_view token_hash) = 0;
  // Nothing happens if it is gone.
  virtual Result<void> touch(std::string_view token_hash, Time seen_at) = 0;
  // Newest first.
  virtual Result<std::vector<SessionRecord>> list(UserId const& user) = 0;
  // not_found: no such session of that user.
  virtual Result<void> remove(UserId const& user, std::string_view id) = 0;
  // All of the user but the one with this token ("": all); gives how many.
  virtual Result<int> remove_others(UserId const& user, std::string_view token_hash) = 0;
  // Those over at `now` or not seen since `idle_since`; gives how many.
  virtual Result<int> remove_over(Time now, Time idle_since) = 0;
};

// ---- rules that both stores share ----

Error username_taken(std::string_view username);
Error setup_is_over();
Error no_such_link();
Error user_changed(std::string_view username);
Error last_org_admin(std::string_view username);
[[nodiscard]] bool is_active_org_admin(UserRecord const& user);
// The same, and with a way to sign in: a password or an account at a GitLab. Somebody who was
// invited and has not set a password yet cannot stand in for the last one.
[[nodiscard]] bool is_ready_org_admin(UserRecord const& user);
// Whether a change takes an org admin away: then another who is ready must be there.
[[nodiscard]] bool takes_org_admin(UserRecord const& before, UserRecord const& after);

}  // namespace fairlead::store
