// People: the users of Fairlead, how they come to be and how they prove who they are.
//
// The first one, an org admin, is made with a setup link that `serve` prints; the others by an org
// admin or by their first sign-in with GitLab. Wrong passwords cost the same time and read the same
// whether the user exists or not, and are slowed down (lock_out.h). Thread-safe; blocking.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "access/lock_out.h"
#include "access/passwords.h"
#include "access/role.h"
#include "base/clock.h"
#include "base/metric_text.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/audit.h"
#include "store/people.h"

namespace fairlead::access {

// How the audit log names a sign-in with a password.
inline constexpr std::string_view sign_in_action = "session.sign-in";
inline constexpr Milliseconds password_link_life = std::chrono::hours(24);

struct NewUser {
  std::string username;  // letters, digits, . _ -, at most 64; kept in lower case
  std::string name;      // "": the username
  std::string email;
  Role role{Role::viewer};
  std::optional<Secret> password;  // nothing: by a link or GitLab only
};

// What to change; nothing: leave it.
struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<Role> role;
  std::optional<store::UserRecord::Standing> standing;
  std::optional<Secret> password;
};

// Common errors: invalid_input (`where` is the field), conflict (name taken, last org admin),
// not_found.
class People final {
 public:
  struct Parts {
    store::UserStore& users;
    store::SessionStore& sessions;
    PasswordHasher& hasher;
    Clock const& clock;
    Random& random;
  };
  explicit People(Parts parts) : parts_(parts), lock_out_(parts.clock) {}
  People(People const&) = delete;
  People& operator=(People const&) = delete;

  Result<bool> is_set_up();
  // The token of a new setup link, while there is nobody; former links end.
  Result<std::optional<Secret>> make_setup_link();
  // Makes the first user, an org admin. not_found: the link; conflict: set up already.
  Result<store::UserRecord> set_up(Secret const& link, NewUser user);

  struct Attempt {
    std::string username;
    Secret password;
    std::string from;  // address
  };
  // denied: wrong, unknown or disabled, all in the same words. rate_limited: wait first.
  Result<store::UserRecord> sign_in(Attempt const& attempt);

  // At start: what earlier processes wrote of sign-ins into the audit log counts on, so that a
  // restart gives nobody new attempts.
  Result<void> recall_sign_ins(store::AuditStore& audit);

  // By what GitLab says: `issuer` and `subject` are who it is, the rest is for a new user. With
  // `link_to` the account becomes that user's. denied: disabled, or the username belongs to
  // somebody who is not known to be the same person.
  struct Identity {
    std::string issuer;
    std::string subject;
    NewUser user;
    UserId link_to;
  };
  Result<store::UserRecord> sign_in_as(Identity const& identity);

  Result<store::UserRecord> add(NewUser const& user);
  Result<store::UserRecord> change(UserId const& id, UserChange const& change);
  Result<void> remove(UserId const& id);
  Result<store::UserRecord> get(UserId const& id);
  // By id or username.
  Result<store::UserRecord> find(std::string_view id_or_username);
  Result<std::vector<store::UserRecord>> list();

  // Own password: denied if `attempt.password` is not the present one.
  Result<void> change_password(Attempt const& attempt, Secret const& fresh);
  // The token of a link that sets a new password once, for a day; former links end.
  Result<Secret> make_password_link(UserId const& id);
  // By such a link; all sessions end. not_found.
  Result<store::UserRecord> set_password_by_link(Secret const& link, Secret const& password);

  // Sign-ins by way and outcome since the start.
  void write(MetricText& text) const;

 private:
  enum Way : std::size_t { by_password, by_gitlab, ways };
  // done, refused (denied), held off (rate_limited), failed (everything else).
  static constexpr std::array<char const*, 4> outcomes{"done", "refused", "held-off", "failed"};
  Result<store::UserRecord> counted(Way way, Result<store::UserRecord> result);
  // The user, if the password is right and there was nothing to wait for.
  Result<store::UserRecord> known_by_password(Attempt const& attempt);
  Result<store::UserRecord> known_by_identity(Identity const& identity);
  Result<store::UserRecord> record_of(NewUser const& user);
  Result<void> verify(std::optional<store::UserRecord> const& user, Secret const& password);
  Result<store::UserRecord> noted_sign_in(store::UserRecord user);
  Result<std::string> decoy_hash();

  Parts parts_;
  LockOut lock_out_;
  std::mutex mutex_;
  std::string decoy_;  // what unknown users are compared with
  std::array<std::array<std::atomic<std::int64_t>, outcomes.size()>, ways> sign_ins_{};
};

}  // namespace fairlead::access
