#include "store/memory/memory_people.h"

#include <algorithm>
#include <tuple>

#include "store/rules.h"

namespace fairlead::store {
namespace {

Error key_taken() { return make_error(ErrorKind::conflict, "another row has this key already"); }

}  // namespace

// ---- API tokens ----

Result<void> MemoryAccess::insert_token(ApiTokenRecord const& record) {
  std::lock_guard const lock(mutex_);
  if (tokens_.emplace(record.token_hash, record).second) return {};
  return key_taken();
}

Result<std::optional<ApiTokenRecord>> MemoryAccess::find_token(std::string_view token_hash) {
  std::lock_guard const lock(mutex_);
  auto const found = tokens_.find(token_hash);
  if (found == tokens_.end()) return std::optional<ApiTokenRecord>();
  return std::optional(found->second);
}

Result<std::vector<ApiTokenRecord>> MemoryAccess::list_tokens() {
  std::lock_guard const lock(mutex_);
  std::vector<ApiTokenRecord> all;
  for (auto const& [hash, record] : tokens_)
    all.push_back(record);
  std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
    return std::tie(a.name, a.created_at) < std::tie(b.name, b.created_at);
  });
  return all;
}

Result<void> MemoryAccess::remove_token(std::string_view token_hash) {
  std::lock_guard const lock(mutex_);
  auto const found = tokens_.find(token_hash);
  if (found == tokens_.end()) return no_such("API token", "like this");
  tokens_.erase(found);
  return {};
}

void MemoryAccess::forget_locked(UserId const& user) {
  std::erase_if(tokens_, [&](auto const& entry) { return entry.second.user == user; });
}

// ---- sessions ----

Result<void> MemorySessions::insert(SessionRecord const& session) {
  std::lock_guard const lock(mutex_);
  if (sessions_.emplace(session.token_hash, session).second) return {};
  return key_taken();
}

Result<std::optional<SessionRecord>> MemorySessions::find(std::string_view token_hash) {
  std::lock_guard const lock(mutex_);
  auto const found = sessions_.find(token_hash);
  if (found == sessions_.end()) return std::optional<SessionRecord>();
  return std::optional(found->second);
}

Result<void> MemorySessions::touch(std::string_view token_hash, Time seen_at) {
  std::lock_guard const lock(mutex_);
  auto const found = sessions_.find(token_hash);
  if (found != sessions_.end()) found->second.seen_at = seen_at;
  return {};
}

Result<std::vector<SessionRecord>> MemorySessions::list(UserId const& user) {
  std::lock_guard const lock(mutex_);
  std::vector<SessionRecord> found;
  for (auto const& [hash, session] : sessions_)
    if (session.user == user) found.push_back(session);
  std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) {
    return std::tie(b.created_at, a.id) < std::tie(a.created_at, b.id);
  });
  return found;
}

Result<void> MemorySessions::remove(UserId const& user, std::string_view id) {
  std::lock_guard const lock(mutex_);
  auto const removed = std::erase_if(sessions_, [&](auto const& entry) {
    return entry.second.user == user && entry.second.id == id;
  });
  return removed == 0 ? no_such("session", id) : Result<void>();
}

Result<int> MemorySessions::remove_others(UserId const& user, std::string_view token_hash) {
  std::lock_guard const lock(mutex_);
  return static_cast<int>(std::erase_if(sessions_, [&](auto const& entry) {
    return entry.second.user == user && entry.first != token_hash;
  }));
}

Result<int> MemorySessions::remove_over(Time now, Time idle_since) {
  std::lock_guard const lock(mutex_);
  return static_cast<int>(std::erase_if(sessions_, [&](auto const& entry) {
    return entry.second.expires_at <= now || entry.second.seen_at < idle_since;
  }));
}

void MemorySessions::forget_locked(UserId const& user) {
  std::erase_if(sessions_, [&](auto const& entry) { return entry.second.user == user; });
}

// ---- users ----

bool MemoryUsers::is_taken(UserRecord const& user) const {
  return std::any_of(users_.begin(), users_.end(), [&](auto const& entry) {
    UserRecord const& other = entry.second;
    bool const same_identity =
        !user.subject.empty() && other.subject == user.subject && other.issuer == user.issuer;
    return other.id != user.id && (other.username == user.username || same_identity);
  });
}

bool MemoryUsers::is_last_org_admin(UserRecord const& user) const {
  return is_active_org_admin(user) &&
         std::none_of(users_.begin(), users_.end(), [&](auto const& entry) {
           return entry.first != user.id && is_ready_org_admin(entry.second);
         });
}

template <class Wanted>
std::optional<UserRecord> MemoryUsers::first(Wanted wanted) {
  std::lock_guard const lock(mutex_);
  for (auto const& [id, user] : users_)
    if (wanted(user)) return user;
  return std::nullopt;
}

Result<void> MemoryUsers::insert(UserRecord const& user) {
  std::lock_guard const lock(mutex_);
  if (is_taken(user)) return username_taken(user.username);
  if (users_.emplace(user.id, user).second) return {};
  return key_taken();
}

Result<void> MemoryUsers::insert_first(UserRecord const& user, std::string_view link_hash) {
  std::lock_guard const lock(mutex_);
  if (!users_.empty()) return setup_is_over();
  auto const link = links_.find(UserId());
  if (link == links_.end() || link->second.token_hash != link_hash) return no_such_link();
  links_.erase(link);
  users_[user.id] = user;
  return {};
}

Result<void> MemoryUsers::update(UserRecord const& user) {
  std::lock_guard const lock(mutex_);
  auto const stored = users_.find(user.id);
  if (stored == users_.end()) return no_such("user", user.username);
  if (stored->second.generation != user.generation) return user_changed(user.username);
  if (is_taken(user)) return username_taken(user.username);
  if (takes_org_admin(stored->second, user) && is_last_org_admin(stored->second))
    return last_org_admin(stored->second.username);
  Time const created_at = stored->second.created_at;
  stored->second = user;
  stored->second.created_at = created_at;
  stored->second.generation += 1;
  return {};
}

Result<std::optional<UserRecord>> MemoryUsers::find(UserId const& id) {
  return first([&](UserRecord const& user) { return user.id == id; });
}

Result<std::optional<UserRecord>> MemoryUsers::find_username(std::string_view username) {
  return first([&](UserRecord const& user) { return user.username == username; });
}

Result<std::optional<UserRecord>> MemoryUsers::find_identity(std::string_view issuer,
                                                             std::string_view subject) {
  return first([&](UserRecord const& user) {
    return !user.subject.empty() && user.issuer == issuer && user.subject == subject;
  });
}

Result<std::vector<UserRecord>> MemoryUsers::list() {
  std::lock_guard const lock(mutex_);
  std::vector<UserRecord> all;
  for (auto const& [id, user] : users_)
    all.push_back(user);
  std::sort(all.begin(), all.end(),
            [](auto const& a, auto const& b) { return a.username < b.username; });
  return all;
}

Result<void> MemoryUsers::remove(UserId const& id) {
  std::lock_guard const lock(mutex_);
  auto const stored = users_.find(id);
  if (stored == users_.end()) return no_such("user", id.text);
  if (is_last_org_admin(stored->second)) return last_org_admin(stored->second.username);
  users_.erase(stored);
  links_.erase(id);
  sessions_.forget_locked(id);
  access_.forget_locked(id);
  return {};
}

Result<void> MemoryUsers::put_link(LinkRecord const& link) {
  std::lock_guard const lock(mutex_);
  links_[link.user] = link;
  return {};
}

Result<LinkRecord> MemoryUsers::take_link(std::string_view token_hash, Time now) {
  std::lock_guard const lock(mutex_);
  for (auto each = links_.begin(); each != links_.end(); ++each) {
    LinkRecord const link = each->second;
    if (link.user.empty() || link.token_hash != token_hash ||
        (link.expires_at && *link.expires_at <= now))
      continue;
    links_.erase(each);
    return link;
  }
  return no_such_link();
}

// ---- audit ----

Result<AuditEntry> MemoryAudit::append(AuditEntry const& entry) {
  std::lock_guard const lock(mutex_);
  AuditEntry kept = entry;
  kept.seq = static_cast<std::int64_t>(entries_.size()) + 1;
  kept.hash = chain_hash(entries_.empty() ? "" : entries_.back().hash, kept);
  entries_.push_back(kept);
  return kept;
}

Result<std::vector<AuditEntry>> MemoryAudit::list(AuditFilter const& filter, std::int64_t below,
                                                  int limit) {
  std::lock_guard const lock(mutex_);
  std::vector<AuditEntry> found;
  for (auto each = entries_.rbegin(); each != entries_.rend(); ++each) {
    if (found.size() == static_cast<std::size_t>(clamp_rows(limit))) break;
    if ((below == 0 || each->seq < below) && passes(filter, *each)) found.push_back(*each);
  }
  return found;
}

Result<std::vector<AuditEntry>> MemoryAudit::after(std::int64_t after, int limit) {
  std::lock_guard const lock(mutex_);
  std::vector<AuditEntry> found;
  for (auto const& entry : entries_) {
    if (found.size() == static_cast<std::size_t>(clamp_rows(limit))) break;
    if (entry.seq > after) found.push_back(entry);
  }
  return found;
}

Result<AuditHead> MemoryAudit::head() {
  std::lock_guard const lock(mutex_);
  if (entries_.empty()) return AuditHead{};
  return AuditHead{.seq = entries_.back().seq, .hash = entries_.back().hash};
}

}  // namespace fairlead::store
