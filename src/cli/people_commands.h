// user, token and audit: who may do what in Fairlead, and what they did.
//
// Passwords come from a file or standard input, never from the command line, where everybody on the
// machine could read them. Blocking.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/session.h"

namespace fairlead::cli {

struct UserOptions {
  std::string username;
  std::string name;
  std::string email;
  std::string role;
  std::string password_file;  // "": none; "-": standard input
};
Result<void> user_list(Session& session);
// Prints a one-time link if there is no password.
Result<void> user_add(Session& session, UserOptions const& options);
// Changes what is given.
Result<void> user_change(Session& session, UserOptions const& options);
enum class Account { enabled, disabled };
Result<void> user_switch(Session& session, std::string const& username, Account account);
Result<void> user_remove(Session& session, std::string const& username);
// With a password file: sets it; else prints a one-time link.
Result<void> user_reset_password(Session& session, UserOptions const& options);

struct TokenOptions {
  std::string name;  // or id, to revoke
  std::string role{"viewer"};
  std::string expires;  // time or date; "": never
};
Result<void> token_list(Session& session);
Result<void> token_create(Session& session, TokenOptions const& options);
Result<void> token_revoke(Session& session, std::string const& name_or_id);

struct AuditOptions {
  std::string actor;
  std::string action;
  std::string from;
  std::string to;
  int limit{50};
};
Result<void> audit_list(Session& session, AuditOptions const& options);
// One JSON object a line, oldest first.
Result<void> audit_export(Session& session);
// corrupt: an entry was changed, added or removed.
Result<void> audit_check(Session& session);

}  // namespace fairlead::cli
