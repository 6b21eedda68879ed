#include "cli/access_cli.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace fairlead::cli {
namespace {

void add_secrets(CLI::App& app, AccessOptions& options, AddCommand const& add) {
  auto* group = app.add_subcommand("secret", "set, list and remove what $secrets holds");
  group->require_subcommand(1);
  auto* set = add(*group, "set", "set a secret from standard input or a file",
                  [&options](Session& session) { return secret_set(session, options.secret); });
  set->add_option("name", options.secret.name, "as in $secrets.<name>")->required();
  set->add_option("--file", options.secret.file, "file with the value (- is standard input)")
      ->capture_default_str();
  add(*group, "list", "names of all secrets, never values", secret_list);
  add(*group, "remove", "forget a secret",
      [&options](Session& session) { return secret_remove(session, options.name); })
      ->add_option("name", options.name, "the secret")
      ->required();
}

void add_user_fields(CLI::App& command, UserOptions& user) {
  command.add_option("username", user.username, "the user")->required();
  command.add_option("--name", user.name, "full name");
  command.add_option("--email", user.email, "e-mail address");
}

void add_users(CLI::App& app, AccessOptions& options, AddCommand const& add) {
  auto& user = options.user;
  auto const roles = CLI::IsMember({"viewer", "operator", "author", "org-admin"});
  auto* group = app.add_subcommand("user", "people who may sign in");
  group->require_subcommand(1);
  add(*group, "list", "all users", user_list);
  auto* fresh = add(*group, "add", "add a user; without a password, print a one-time link",
                    [&user](Session& session) { return user_add(session, user); });
  add_user_fields(*fresh, user);
  fresh->add_option("--role", user.role, "what they may do")->required()->check(roles);
  fresh->add_option("--password-file", user.password_file, "file, or - for standard input");
  auto* change = add(*group, "change", "change role, name or e-mail address",
                     [&user](Session& session) { return user_change(session, user); });
  add_user_fields(*change, user);
  change->add_option("--role", user.role, "what they may do")->check(roles);
  for (auto const account : {Account::disabled, Account::enabled}) {
    bool const off = account == Account::disabled;
    add(*group, off ? "disable" : "enable",
        off ? "end all sessions and tokens; no sign-in" : "let a disabled user in again",
        [&user, account](Session& session) { return user_switch(session, user.username, account); })
        ->add_option("username", user.username, "the user")
        ->required();
  }
  add(*group, "remove", "remove a user with all sessions and API tokens",
      [&user](Session& session) { return user_remove(session, user.username); })
      ->add_option("username", user.username, "the user")
      ->required();
  auto* reset = add(*group, "reset-password", "print a one-time link, or set it from a file",
                    [&user](Session& session) { return user_reset_password(session, user); });
  reset->add_option("username", user.username, "the user")->required();
  reset->add_option("--password-file", user.password_file, "file, or - for standard input");
}

void add_tokens(CLI::App& app, AccessOptions& options, AddCommand const& add) {
  auto& token = options.token;
  auto* group = app.add_subcommand("token", "API tokens: one's own, or all for org admins");
  group->require_subcommand(1);
  add(*group, "list", "names, roles and ends, never the tokens", token_list);
  auto* create = add(*group, "create", "make a token and print it, this once",
                     [&token](Session& session) { return token_create(session, token); });
  create->add_option("name", token.name, "what it is for")->required();
  create->add_option("--role", token.role, "at most your own")
      ->check(CLI::IsMember({"viewer", "operator", "author", "org-admin"}))
      ->capture_default_str();
  create->add_option("--expires", token.expires, "2027-01-31 or 2027-01-31T08:00:00Z");
  add(*group, "revoke", "end a token",
      [&options](Session& session) { return token_revoke(session, options.name); })
      ->add_option("token", options.name, "its name or id")
      ->required();
}

void add_audit(CLI::App& app, AccessOptions& options, AddCommand const& add) {
  auto& audit = options.audit;
  auto* group = app.add_subcommand("audit", "who did what");
  group->require_subcommand(1);
  auto* list = add(*group, "list", "newest first",
                   [&audit](Session& session) { return audit_list(session, audit); });
  list->add_option("--actor", audit.actor, "only what this user or token did");
  list->add_option("--action", audit.action, "users.create, or users for all of them");
  list->add_option("--from", audit.from, "2026-11-22T17:00:00Z");
  list->add_option("--to", audit.to, "before this time");
  list->add_option("--limit", audit.limit, "how many")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  add(*group, "export", "all of it as JSON lines, oldest first", audit_export);
  add(*group, "check", "was an entry changed, added or removed", audit_check);
}

}  // namespace

void add_access(CLI::App& app, AccessOptions& options, AddCommand const& add) {
  add_secrets(app, options, add);
  add_users(app, options, add);
  add_tokens(app, options, add);
  add_audit(app, options, add);
}

}  // namespace fairlead::cli
