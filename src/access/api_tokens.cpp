#include "access/api_tokens.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/text.h"
#include "store/people.h"
#include "vault/digest.h"

namespace fairlead::access {
namespace {

constexpr std::string_view prefix = "fairlead_";
constexpr std::size_t random_bytes = 32;
constexpr std::size_t line_bytes_max = 256;
constexpr std::size_t name_max = 100;

Error no_entry(std::string message) {
  Error error = make_error(ErrorKind::denied, std::move(message));
  error.title = "Not signed in";
  error.remedy =
      "Send \"Authorization: Bearer <token>\". On the server's machine the org admin's token is in "
      "the file " +
      std::string(admin_token_file) + " of the data folder.";
  error.status = 401;
  return error;
}

Result<void> write_private(std::filesystem::path const& path, std::string_view text) {
  std::filesystem::path fresh = path;
  fresh += ".new";
  int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool written = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                 ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                 ::fsync(fd) == 0;
  int const reason = errno;
  if (fd >= 0) ::close(fd);
  if (written && ::rename(fresh.c_str(), path.c_str()) == 0) return {};
  Error error = make_error(ErrorKind::unavailable,
                           "Could not write " + path.string() + ": " +
                               std::generic_category().message(written ? errno : reason) + ".");
  error.remedy =
      "Check that the data folder can be written by this user and that the disk is not full.";
  return error;
}

// "" if there is no such file.
std::string first_line(std::filesystem::path const& path) {
  std::ifstream file(path);
  std::string line(line_bytes_max, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  return line.substr(0, line.find('\n'));
}

}  // namespace

ApiTokens::ApiTokens(store::Store& store, Clock const& clock, Random& random)
    : store_(store.access()), users_(store.users()), clock_(clock), random_(random) {}

Result<IssuedToken> ApiTokens::issue(NewToken const& wanted) {
  std::string const name(trim(wanted.name));
  if (name.empty() || code_points(name) > name_max || !valid_utf8(name))
    return invalid_input("name", "A token needs a name of at most 100 characters.");
  if (wanted.expires_at && *wanted.expires_at <= clock_.now())
    return invalid_input("expiresAt", "The token's end must lie in the future.");
  std::string token = std::string(prefix) + random_token(random_, random_bytes);
  store::ApiTokenRecord record;
  record.token_hash = vault::sha256_hex(token);
  record.name = name;
  record.role = to_string(wanted.role);
  record.created_at = clock_.now();
  record.expires_at = wanted.expires_at;
  record.id = uuid7(random_, record.created_at);
  record.user = wanted.user;
  FAIRLEAD_CHECK(store_.insert_token(record));
  return IssuedToken{.text = Secret(std::move(token)), .record = std::move(record)};
}

Result<Secret> ApiTokens::create(std::string const& name, Role role,
                                 std::optional<Time> expires_at) {
  FAIRLEAD_TRY(auto issued,
               issue({.name = name, .role = role, .expires_at = expires_at, .user = {}}));
  return std::move(issued.text);
}

Result<std::vector<store::ApiTokenRecord>> ApiTokens::list(UserId const& user) {
  FAIRLEAD_TRY(auto all, store_.list_tokens());
  std::erase_if(all, [&](auto const& token) { return !user.empty() && token.user != user; });
  return all;
}

Result<void> ApiTokens::revoke(std::string_view id) {
  FAIRLEAD_TRY(auto const all, store_.list_tokens());
  for (auto const& token : all)
    if (!id.empty() && token.id == id) return store_.remove_token(token.token_hash);
  return make_error(ErrorKind::not_found, "There is no API token with this id.");
}

// Never more than its owner may do now.
Result<Principal> ApiTokens::for_owner(store::ApiTokenRecord const& token, Principal caller) {
  if (token.user.empty()) return caller;
  FAIRLEAD_TRY(auto const owner, users_.find(token.user));
  if (!owner || owner->standing != store::UserRecord::Standing::active)
    return no_entry("The user this API token belongs to is disabled or gone.");
  auto const role = role_from(owner->role);
  if (!role)
    return make_error(ErrorKind::corrupt,
                      "The user \"" + owner->username + "\" has an unknown role.");
  caller.name = owner->username;
  caller.role = std::min(caller.role, *role);
  caller.user = owner->id;
  return caller;
}

Result<Principal> ApiTokens::check(std::string_view token) {
  if (token.empty()) return no_entry("This request carries no API token.");
  FAIRLEAD_TRY(auto record, store_.find_token(vault::sha256_hex(token)));
  if (!record) return no_entry("This API token is not known here.");
  if (record->expires_at && *record->expires_at <= clock_.now())
    return no_entry("The API token \"" + record->name + "\" expired on " +
                    format_time(*record->expires_at) + ".");
  auto role = role_from(record->role);
  if (!role)
    return make_error(ErrorKind::corrupt,
                      "The API token \"" + record->name + "\" has an unknown role.");
  return for_owner(*record, Principal{.name = record->name,
                                      .role = *role,
                                      .kind = Principal::Kind::token,
                                      .user = {},
                                      .token = record->name,
                                      .session = {}});
}

Result<std::optional<std::filesystem::path>> ApiTokens::ensure_admin_token(
    std::filesystem::path const& folder) {
  std::filesystem::path const path = folder / admin_token_file;
  FAIRLEAD_TRY(auto tokens, store_.list_tokens());
  std::erase_if(tokens, [](auto const& token) {
    return token.name != admin_token_name || !token.user.empty();
  });
  std::string const hash = vault::sha256_hex(trim(first_line(path)));
  if (std::ranges::any_of(tokens, [&hash](auto const& token) { return token.token_hash == hash; }))
    return std::optional<std::filesystem::path>();
  for (auto const& former : tokens)
    FAIRLEAD_CHECK(store_.remove_token(former.token_hash));
  FAIRLEAD_TRY(auto token, create(std::string(admin_token_name), Role::org_admin, std::nullopt));
  FAIRLEAD_CHECK(write_private(path, token.reveal()));
  return std::optional(path);
}

}  // namespace fairlead::access
