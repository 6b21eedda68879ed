// Webhooks and approvals of the memory store. See memory_store.h.
//
// Both guard themselves with the store's one mutex; an approval's event goes into the inbox under
// the same lock. Thread-safe.
#pragma once

#include <map>
#include <mutex>

#include "store/approvals.h"
#include "store/memory/memory_runs.h"
#include "store/webhooks.h"

namespace fairlead::store {

class MemoryWebhooks final : public WebhookStore {
 public:
  explicit MemoryWebhooks(std::mutex& mutex) : mutex_(mutex) {}
  Result<void> put(WebhookRecord const& record) override;
  Result<bool> change(WebhookRecord const& record) override;
  Result<bool> hand_over(std::string_view id, ConnectionId const& from,
                         ConnectionId const& to) override;
  Result<std::optional<WebhookRecord>> find(std::string_view id) override;
  Result<std::optional<WebhookRecord>> find_for(ConnectionId const& connection,
                                                std::string_view target) override;
  Result<std::vector<WebhookRecord>> list() override;
  Result<void> delivered(std::string_view id, HookDelivery const& delivery) override;
  Result<bool> keep(std::string_view id, HookKeep const& keep) override;
  Result<bool> reseal(WebhookRecord const& record, std::string_view former_token) override;
  Result<void> remove(std::string_view id) override;

 private:
  std::mutex& mutex_;
  Result<void> write(WebhookRecord const& record);  // locked
  std::map<std::string, WebhookRecord, std::less<>> by_id_;
};

class MemoryApprovals final : public ApprovalStore {
 public:
  MemoryApprovals(std::mutex& mutex, EventMarks& events) : mutex_(mutex), events_(events) {}
  Result<std::int64_t> insert(ApprovalRecord const& record, EventRecord const& event) override;
  Result<std::int64_t> update(ApprovalRecord const& record, std::size_t decisions_before,
                              std::optional<EventRecord> const& event) override;
  Result<ApprovalRecord> get(std::string_view id) override;
  Result<Page<ApprovalRecord>> list(ApprovalFilter const& filter, std::string const& cursor,
                                    int limit) override;
  // Those of a run that is removed; the caller holds the mutex.
  void forget(RunId const& run);

 private:
  std::mutex& mutex_;
  EventMarks& events_;
  std::map<std::int64_t, ApprovalRecord> by_row_;
  std::map<std::string, std::int64_t, std::less<>> rows_;  // by id
};

}  // namespace fairlead::store
