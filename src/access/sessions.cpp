#include "access/sessions.h"

#include "base/text.h"
#include "vault/digest.h"

namespace fairlead::access {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t agent_characters_max = 200;
constexpr std::string_view csrf_purpose = "fairlead csrf 1";

}  // namespace

std::string Sessions::csrf_token(std::string_view token) {
  return base64url_encode(vault::hmac_sha256(Secret(std::string(token)), csrf_purpose));
}

bool Sessions::is_over(store::SessionRecord const& session) const {
  Time const now = parts_.clock.now();
  return session.expires_at <= now || session.seen_at + session_idle_max <= now;
}

Result<Secret> Sessions::open(UserId const& user, SignInPlace const& place) {
  Time const now = parts_.clock.now();
  FAIRLEAD_CHECK(parts_.sessions.remove_over(now, now - session_idle_max));
  FAIRLEAD_TRY(auto const others, parts_.sessions.list(user));
  for (std::size_t i = sessions_per_user_max - 1; i < others.size(); ++i)
    FAIRLEAD_CHECK(parts_.sessions.remove(user, others[i].id));
  Secret token(random_token(parts_.random, token_bytes));
  FAIRLEAD_CHECK(parts_.sessions.insert(
      {.id = uuid7(parts_.random, now),
       .token_hash = vault::sha256_hex(token.reveal()),
       .user = user,
       .way = place.way,
       .from = place.from,
       .agent = shorten(replace_invalid_utf8(place.agent), agent_characters_max),
       .created_at = now,
       .seen_at = now,
       .expires_at = now + session_age_max}));
  return token;
}

Result<std::optional<Principal>> Sessions::check(std::string_view token) {
  FAIRLEAD_TRY(auto const session, find(token));
  FAIRLEAD_TRY(auto known, principal_of(session));
  Time const now = parts_.clock.now();
  if (known && session->seen_at + session_touch_every <= now)
    FAIRLEAD_CHECK(parts_.sessions.touch(session->token_hash, now));
  return known;
}

Result<std::optional<Principal>> Sessions::look(std::string_view token) {
  FAIRLEAD_TRY(auto const session, find(token));
  return principal_of(session);
}

Result<std::optional<store::SessionRecord>> Sessions::find(std::string_view token) {
  if (token.empty()) return std::optional<store::SessionRecord>();
  return parts_.sessions.find(vault::sha256_hex(token));
}

Result<std::optional<Principal>> Sessions::principal_of(
    std::optional<store::SessionRecord> const& session) {
  std::optional<Principal> nobody;
  if (!session || is_over(*session)) return nobody;
  FAIRLEAD_TRY(auto const user, parts_.users.find(session->user));
  if (!user || user->standing != store::UserRecord::Standing::active) return nobody;
  auto const role = role_from(user->role);
  if (!role)
    return make_error(ErrorKind::corrupt,
                      "The user \"" + user->username + "\" has an unknown role.");
  return std::optional(Principal{.name = user->username,
                                 .role = *role,
                                 .kind = Principal::Kind::session,
                                 .user = user->id,
                                 .token = {},
                                 .session = session->id});
}

Result<void> Sessions::end(std::string_view token) {
  if (token.empty()) return {};
  FAIRLEAD_TRY(auto const session, parts_.sessions.find(vault::sha256_hex(token)));
  if (!session) return {};
  auto removed = parts_.sessions.remove(session->user, session->id);
  if (!removed.ok() && removed.error().kind != ErrorKind::not_found) return removed;
  return {};
}

Result<std::vector<store::SessionRecord>> Sessions::list(UserId const& user) {
  FAIRLEAD_TRY(auto all, parts_.sessions.list(user));
  std::erase_if(all, [this](auto const& session) { return is_over(session); });
  return all;
}

Result<void> Sessions::end_by_id(UserId const& user, std::string_view id) {
  return parts_.sessions.remove(user, id);
}

Result<int> Sessions::end_others(UserId const& user, std::string_view token) {
  return parts_.sessions.remove_others(user, token.empty() ? "" : vault::sha256_hex(token));
}

}  // namespace fairlead::access
