#include "access/people.h"

#include <algorithm>
#include <iterator>
#include <ranges>

#include "base/text.h"
#include "vault/digest.h"

namespace fairlead::access {
namespace {

using store::UserRecord;

constexpr int recall_page = 500;
constexpr std::size_t recalled_max = 10'000;  // entries of the audit log
constexpr std::int64_t wrong_status = 401;
constexpr std::size_t link_bytes = 32;
constexpr std::size_t username_max = 64;
constexpr std::size_t name_max = 200;
constexpr std::size_t email_max = 254;

bool is_username_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

Result<std::string> username_of(std::string_view text) {
  std::string name = to_lower_ascii(trim(text));
  if (name.empty()) return invalid_input("username", "The username is missing.");
  bool const good = name.size() <= username_max && is_username_character(name[0]) &&
                    name[0] != '.' && name[0] != '-' &&
                    std::ranges::all_of(name, is_username_character);
  if (good) return name;
  return invalid_input("username",
                       "A username has letters a-z, digits, \".\", \"_\" and \"-\", begins with a "
                       "letter or digit, and is at most 64 characters long.");
}

Result<std::string> line_of(std::string const& where, std::string_view text, std::size_t most) {
  std::string line(trim(text));
  bool const plain = std::ranges::none_of(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (plain && valid_utf8(line) && code_points(line) <= most) return line;
  return invalid_input(
      where, "This must be one line of text of at most " + std::to_string(most) + " characters.");
}

Result<std::string> email_of(std::string_view text) {
  FAIRLEAD_TRY(auto email, line_of("email", text, email_max));
  auto const at = email.find('@');
  bool const good = email.empty() || (at != 0 && at != std::string::npos && at + 1 < email.size() &&
                                      email.find(' ') == std::string::npos);
  if (good) return email;
  return invalid_input("email", "This is not an e-mail address.");
}

// How an account is counted, whether or not there is one.
std::string account_of(std::string_view username) {
  return shorten(to_lower_ascii(trim(username)), username_max);
}

Error wrong_sign_in() {
  Error error = make_error(ErrorKind::denied,
                           "The username or the password is wrong, or the account is "
                           "disabled.");
  error.title = "Sign-in failed";
  error.remedy = "Try again, or ask an org admin for a link that sets a new password.";
  return error;
}

Error wait_first(Milliseconds wait) {
  Error error = make_error(ErrorKind::rate_limited,
                           "There were too many failed sign-ins. The next try is possible in " +
                               format_duration(wait) + ".");
  error.title = "Too many attempts";
  error.remedy = "Wait, then try again.";
  error.retry_after = wait;
  return error;
}

Error account_disabled(UserRecord const& user) {
  Error error = make_error(ErrorKind::denied, "The account \"" + user.username + "\" is disabled.");
  error.title = "Sign-in failed";
  error.remedy = "Ask an org admin of Fairlead.";
  return error;
}

Error linked_already(UserRecord const& user) {
  Error error = make_error(ErrorKind::denied, "This GitLab account belongs to the user \"" +
                                                  user.username + "\" already.");
  error.title = "Not linked";
  error.remedy = "Sign in at GitLab as yourself, or ask an org admin of Fairlead.";
  return error;
}

// An equal name proves nothing: whoever may choose a name at GitLab could take an account over.
Error not_linked(std::string const& username) {
  Error error = make_error(ErrorKind::denied, "There is a user \"" + username +
                                                  "\" in Fairlead who is not linked to this "
                                                  "GitLab account.");
  error.title = "Sign-in failed";
  error.remedy =
      "If that is you, sign in with the password and link your GitLab account in your profile. "
      "Otherwise ask an org admin.";
  return error;
}

Error no_user(std::string_view which) {
  Error error = make_error(ErrorKind::not_found,
                           "There is no user \"" + shorten(which, username_max) + "\".");
  error.remedy = "`fairlead user list` or Admin > Users shows all.";
  return error;
}

}  // namespace

Result<bool> People::is_set_up() {
  FAIRLEAD_TRY(auto const all, parts_.users.list());
  return !all.empty();
}

Result<std::optional<Secret>> People::make_setup_link() {
  FAIRLEAD_TRY(bool const done, is_set_up());
  if (done) return std::optional<Secret>();
  Secret token(random_token(parts_.random, link_bytes));
  FAIRLEAD_CHECK(parts_.users.put_link(
      {.token_hash = vault::sha256_hex(token.reveal()), .user = {}, .expires_at = {}}));
  return std::optional(std::move(token));
}

Result<UserRecord> People::record_of(NewUser const& user) {
  UserRecord record;
  record.id = UserId(uuid7(parts_.random, parts_.clock.now()));
  FAIRLEAD_TRY(record.username, username_of(user.username));
  FAIRLEAD_TRY(record.name, line_of("name", user.name, name_max));
  if (record.name.empty()) record.name = record.username;
  FAIRLEAD_TRY(record.email, email_of(user.email));
  record.role = to_string(user.role);
  record.created_at = record.updated_at = parts_.clock.now();
  if (!user.password) return record;
  FAIRLEAD_CHECK(check_password(*user.password, record.username));
  FAIRLEAD_TRY(record.password_hash, parts_.hasher.hash(*user.password));
  return record;
}

Result<UserRecord> People::set_up(Secret const& link, NewUser user) {
  // Before the work of a hash, which whoever knocks could ask for.
  FAIRLEAD_TRY(bool const done, is_set_up());
  if (done) return store::setup_is_over();
  if (!user.password) return invalid_input("password", "The password is missing.");
  user.role = Role::org_admin;
  FAIRLEAD_TRY(auto record, record_of(user));
  FAIRLEAD_CHECK(parts_.users.insert_first(record, vault::sha256_hex(link.reveal())));
  return record;
}

Result<std::string> People::decoy_hash() {
  {
    std::lock_guard const lock(mutex_);
    if (!decoy_.empty()) return decoy_;
  }
  FAIRLEAD_TRY(auto fresh, parts_.hasher.hash(Secret(random_token(parts_.random, link_bytes))));
  std::lock_guard const lock(mutex_);
  if (decoy_.empty()) decoy_ = std::move(fresh);
  return decoy_;
}

Result<void> People::verify(std::optional<UserRecord> const& user, Secret const& password) {
  bool const has_password = user && !user->password_hash.empty();
  FAIRLEAD_TRY(auto const decoy, decoy_hash());
  FAIRLEAD_TRY(bool const same,
               parts_.hasher.verify(has_password ? user->password_hash : decoy, password));
  if (same && has_password && user->standing == UserRecord::Standing::active) return {};
  return wrong_sign_in();
}

Result<void> People::recall_sign_ins(store::AuditStore& audit) {
  Time const now = parts_.clock.now();
  std::vector<store::AuditEntry> newest_first;
  for (bool more = true; more && newest_first.size() < recalled_max;) {
    std::int64_t const below = newest_first.empty() ? 0 : newest_first.back().seq;
    FAIRLEAD_TRY(auto page, audit.list({}, below, recall_page));
    more = page.size() == recall_page && page.back().at > now - LockOut::forgotten_after;
    newest_first.insert(newest_first.end(), std::make_move_iterator(page.begin()),
                        std::make_move_iterator(page.end()));
  }
  for (auto const& entry : std::ranges::reverse_view(newest_first)) {
    if (entry.action != sign_in_action || entry.at <= now - LockOut::forgotten_after) continue;
    LockOut::Attempt const attempt{.account = account_of(entry.actor), .address = entry.from};
    auto const ago = std::chrono::duration_cast<Milliseconds>(std::max(now, entry.at) - entry.at);
    bool const right = entry.outcome == "ok";
    // What had to wait was not counted.
    if (!right && entry.detail["status"].as_integer() != wrong_status) continue;
    lock_out_.recall(attempt, ago);
    if (right) lock_out_.succeeded(attempt);
  }
  return {};
}

Result<UserRecord> People::counted(Way way, Result<UserRecord> result) {
  enum : std::size_t { done, refused, held_off, failed };
  std::size_t outcome = done;
  if (!result.ok()) {
    ErrorKind const kind = result.error().kind;
    outcome = kind == ErrorKind::denied         ? refused
              : kind == ErrorKind::rate_limited ? held_off
                                                : failed;
  }
  sign_ins_.at(way).at(outcome).fetch_add(1, std::memory_order_relaxed);
  return result;
}

void People::write(MetricText& text) const {
  constexpr std::string_view name = "fairlead_sign_ins_total";
  text.head(name, MetricText::Type::counter, "Sign-ins of people, by way and outcome.");
  for (Way const way : {by_password, by_gitlab})
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      text.line(name,
                {{"way", way == by_password ? "password" : "gitlab"}, {"outcome", outcomes.at(i)}},
                sign_ins_.at(way).at(i).load(std::memory_order_relaxed));
}

Result<UserRecord> People::sign_in(Attempt const& attempt) {
  return counted(by_password, known_by_password(attempt));
}

Result<UserRecord> People::sign_in_as(Identity const& identity) {
  return counted(by_gitlab, known_by_identity(identity));
}

Result<UserRecord> People::known_by_password(Attempt const& attempt) {
  std::string const username = to_lower_ascii(trim(attempt.username));
  LockOut::Attempt const counted{.account = account_of(username), .address = attempt.from};
  if (auto const wait = lock_out_.begin(counted)) return wait_first(*wait);
  FAIRLEAD_TRY(auto user, parts_.users.find_username(username));
  FAIRLEAD_CHECK(verify(user, attempt.password));
  lock_out_.succeeded(counted);
  return noted_sign_in(std::move(*user));
}

Result<UserRecord> People::noted_sign_in(UserRecord user) {
  user.signed_in_at = parts_.clock.now();
  auto noted = parts_.users.update(user);
  // Somebody changed the user at this moment: the time of the sign-in is not worth a failure.
  if (!noted.ok() && noted.error().kind != ErrorKind::conflict) return noted.error();
  return user;
}

Result<UserRecord> People::known_by_identity(Identity const& identity) {
  FAIRLEAD_TRY(auto known, parts_.users.find_identity(identity.issuer, identity.subject));
  if (known && known->standing != UserRecord::Standing::active) return account_disabled(*known);
  if (known && !identity.link_to.empty() && known->id != identity.link_to)
    return linked_already(*known);
  if (known) return noted_sign_in(std::move(*known));
  if (!identity.link_to.empty()) {
    FAIRLEAD_TRY(auto user, get(identity.link_to));
    user.issuer = identity.issuer;
    user.subject = identity.subject;
    user.updated_at = parts_.clock.now();
    FAIRLEAD_CHECK(parts_.users.update(user));
    return get(user.id);
  }
  FAIRLEAD_TRY(auto record, record_of(identity.user));
  record.issuer = identity.issuer;
  record.subject = identity.subject;
  record.signed_in_at = parts_.clock.now();
  auto made = parts_.users.insert(record);
  if (made.ok()) return record;
  if (made.error().kind == ErrorKind::conflict) return not_linked(record.username);
  return made.error();
}

Result<UserRecord> People::add(NewUser const& user) {
  FAIRLEAD_TRY(auto record, record_of(user));
  FAIRLEAD_CHECK(parts_.users.insert(record));
  return record;
}

Result<UserRecord> People::change(UserId const& id, UserChange const& change) {
  FAIRLEAD_TRY(auto record, get(id));
  bool const disables = change.standing == UserRecord::Standing::disabled;
  if (change.username) {
    FAIRLEAD_TRY(record.username, username_of(*change.username));
  }
  if (change.name) {
    FAIRLEAD_TRY(record.name, line_of("name", *change.name, name_max));
  }
  if (change.email) {
    FAIRLEAD_TRY(record.email, email_of(*change.email));
  }
  if (change.role) record.role = to_string(*change.role);
  if (change.standing) record.standing = *change.standing;
  if (change.password) {
    FAIRLEAD_CHECK(check_password(*change.password, record.username));
    FAIRLEAD_TRY(record.password_hash, parts_.hasher.hash(*change.password));
  }
  record.updated_at = parts_.clock.now();
  FAIRLEAD_CHECK(parts_.users.update(record));
  if (disables || change.password) FAIRLEAD_CHECK(parts_.sessions.remove_others(id, ""));
  return get(id);
}

Result<void> People::remove(UserId const& id) { return parts_.users.remove(id); }

Result<UserRecord> People::get(UserId const& id) {
  FAIRLEAD_TRY(auto user, parts_.users.find(id));
  if (!user) return no_user(id.text);
  return std::move(*user);
}

Result<UserRecord> People::find(std::string_view id_or_username) {
  FAIRLEAD_TRY(auto by_id, parts_.users.find(UserId(std::string(id_or_username))));
  if (by_id) return std::move(*by_id);
  FAIRLEAD_TRY(auto by_name, parts_.users.find_username(to_lower_ascii(id_or_username)));
  if (!by_name) return no_user(id_or_username);
  return std::move(*by_name);
}

Result<std::vector<UserRecord>> People::list() { return parts_.users.list(); }

Result<void> People::change_password(Attempt const& attempt, Secret const& fresh) {
  FAIRLEAD_TRY(auto const user, known_by_password(attempt));
  FAIRLEAD_CHECK(check_password(fresh, user.username));
  FAIRLEAD_TRY(auto record, get(user.id));
  FAIRLEAD_TRY(record.password_hash, parts_.hasher.hash(fresh));
  record.updated_at = parts_.clock.now();
  return parts_.users.update(record);
}

Result<Secret> People::make_password_link(UserId const& id) {
  FAIRLEAD_CHECK(get(id));
  Secret token(random_token(parts_.random, link_bytes));
  FAIRLEAD_CHECK(parts_.users.put_link({.token_hash = vault::sha256_hex(token.reveal()),
                                        .user = id,
                                        .expires_at = parts_.clock.now() + password_link_life}));
  return token;
}

Result<UserRecord> People::set_password_by_link(Secret const& link, Secret const& password) {
  // The password first: a bad one must not use the link up.
  FAIRLEAD_CHECK(check_password(password, ""));
  FAIRLEAD_TRY(auto const taken,
               parts_.users.take_link(vault::sha256_hex(link.reveal()), parts_.clock.now()));
  UserChange wanted;
  wanted.password = password;
  return change(taken.user, wanted);
}

}  // namespace fairlead::access
