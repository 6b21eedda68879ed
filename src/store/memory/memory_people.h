// The in-memory UserStore, SessionStore, AccessStore and AuditStore: for tests and the simulation.
//
// Parts of the memory store; share its mutex, and a user's sessions and tokens go with the user.
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/audit.h"
#include "store/people.h"
#include "store/store.h"

namespace fairlead::store {

class MemoryAccess final : public AccessStore {
 public:
  explicit MemoryAccess(std::mutex& mutex) : mutex_(mutex) {}

  Result<void> insert_token(ApiTokenRecord const& record) override;
  Result<std::optional<ApiTokenRecord>> find_token(std::string_view token_hash) override;
  Result<std::vector<ApiTokenRecord>> list_tokens() override;
  Result<void> remove_token(std::string_view token_hash) override;
  void forget_locked(UserId const& user);

 private:
  std::mutex& mutex_;
  std::map<std::string, ApiTokenRecord, std::less<>> tokens_;
};

class MemorySessions final : public SessionStore {
 public:
  explicit MemorySessions(std::mutex& mutex) : mutex_(mutex) {}

  Result<void> insert(SessionRecord const& session) override;
  Result<std::optional<SessionRecord>> find(std::string_view token_hash) override;
  Result<void> touch(std::string_view token_hash, Time seen_at) override;
  Result<std::vector<SessionRecord>> list(UserId const& user) override;
  Result<void> remove(UserId const& user, std::string_view id) override;
  Result<int> remove_others(UserId const& user, std::string_view token_hash) override;
  Result<int> remove_over(Time now, Time idle_since) override;
  void forget_locked(UserId const& user);

 private:
  std::mutex& mutex_;
  std::map<std::string, SessionRecord, std::less<>> sessions_;  // by token_hash
};

class MemoryUsers final : public UserStore {
 public:
  MemoryUsers(std::mutex& mutex, MemorySessions& sessions, MemoryAccess& access)
      : mutex_(mutex), sessions_(sessions), access_(access) {}

  Result<void> insert(UserRecord const& user) override;
  Result<void> insert_first(UserRecord const& user, std::string_view link_hash) override;
  Result<void> update(UserRecord const& user) override;
  Result<std::optional<UserRecord>> find(UserId const& id) override;
  Result<std::optional<UserRecord>> find_username(std::string_view username) override;
  Result<std::optional<UserRecord>> find_identity(std::string_view issuer,
                                                  std::string_view subject) override;
  Result<std::vector<UserRecord>> list() override;
  Result<void> remove(UserId const& id) override;
  Result<void> put_link(LinkRecord const& link) override;
  Result<LinkRecord> take_link(std::string_view token_hash, Time now) override;

 private:
  [[nodiscard]] bool is_taken(UserRecord const& user) const;
  [[nodiscard]] bool is_last_org_admin(UserRecord const& user) const;
  template <class Wanted>
  std::optional<UserRecord> first(Wanted wanted);

  std::mutex& mutex_;
  MemorySessions& sessions_;
  MemoryAccess& access_;
  std::map<UserId, UserRecord> users_;
  std::map<UserId, LinkRecord> links_;
};

class MemoryAudit final : public AuditStore {
 public:
  explicit MemoryAudit(std::mutex& mutex) : mutex_(mutex) {}

  Result<AuditEntry> append(AuditEntry const& entry) override;
  Result<std::vector<AuditEntry>> list(AuditFilter const& filter, std::int64_t below,
                                       int limit) override;
  Result<std::vector<AuditEntry>> after(std::int64_t after, int limit) override;
  Result<AuditHead> head() override;

 private:
  std::mutex& mutex_;
  std::vector<AuditEntry> entries_;
};

}  // namespace fairlead::store
