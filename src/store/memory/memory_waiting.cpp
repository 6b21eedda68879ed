#include "store/memory/memory_waiting.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "store/rules.h"

namespace fairlead::store {

Result<void> MemoryWebhooks::put(WebhookRecord const& record) {
  std::lock_guard const lock(mutex_);
  return write(record);
}

Result<bool> MemoryWebhooks::change(WebhookRecord const& record) {
  std::lock_guard const lock(mutex_);
  auto const stored = by_id_.find(record.id);
  if (stored == by_id_.end()) return false;
  WebhookRecord changed = record;
  changed.connection = stored->second.connection;
  FAIRLEAD_CHECK(write(changed));
  return true;
}

Result<bool> MemoryWebhooks::hand_over(std::string_view id, ConnectionId const& from,
                                       ConnectionId const& to) {
  std::lock_guard const lock(mutex_);
  auto const stored = by_id_.find(id);
  if (stored == by_id_.end() || stored->second.connection != from) return false;
  WebhookRecord changed = stored->second;
  changed.connection = to;
  changed.checked_at = Time{};
  FAIRLEAD_CHECK(write(changed));
  return true;
}

Result<void> MemoryWebhooks::write(WebhookRecord const& record) {
  for (auto const& [id, each] : by_id_) {
    if (id != record.id && each.connection == record.connection && each.target == record.target)
      return make_error(ErrorKind::conflict, "There is a webhook for " + record.target + ".");
  }
  auto const stored = by_id_.find(record.id);
  by_id_[record.id] = stored == by_id_.end() ? record : merged(stored->second, record);
  return {};
}

Result<std::optional<WebhookRecord>> MemoryWebhooks::find(std::string_view id) {
  std::lock_guard const lock(mutex_);
  auto const found = by_id_.find(id);
  if (found == by_id_.end()) return std::optional<WebhookRecord>();
  return std::optional(found->second);
}

Result<std::optional<WebhookRecord>> MemoryWebhooks::find_for(ConnectionId const& connection,
                                                              std::string_view target) {
  std::lock_guard const lock(mutex_);
  for (auto const& [id, each] : by_id_) {
    if (each.connection == connection && each.target == target) return std::optional(each);
  }
  return std::optional<WebhookRecord>();
}

Result<std::vector<WebhookRecord>> MemoryWebhooks::list() {
  std::lock_guard const lock(mutex_);
  std::vector<WebhookRecord> all;
  for (auto const& [id, each] : by_id_)
    all.push_back(each);
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
    return std::tie(a.connection, a.target) < std::tie(b.connection, b.target);
  });
  return all;
}

Result<bool> MemoryWebhooks::keep(std::string_view id, HookKeep const& keep) {
  std::lock_guard const lock(mutex_);
  auto const found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  found->second.keep = keep.keep;
  found->second.kept_by = keep.by;
  return true;
}

Result<void> MemoryWebhooks::delivered(std::string_view id, HookDelivery const& delivery) {
  std::lock_guard const lock(mutex_);
  auto const found = by_id_.find(id);
  if (found == by_id_.end()) return {};
  found->second.status = "verified";
  found->second.reason.clear();
  found->second.delivered_at = delivery.at;
  if (delivery.signature == HookDelivery::Signature::good) found->second.is_signed = true;
  return {};
}

Result<bool> MemoryWebhooks::reseal(WebhookRecord const& record, std::string_view former_token) {
  std::lock_guard const lock(mutex_);
  auto const found = by_id_.find(record.id);
  if (found == by_id_.end() || found->second.sealed_token != former_token) return false;
  found->second.sealed_token = record.sealed_token;
  found->second.sealed_signing_token = record.sealed_signing_token;
  return true;
}

Result<void> MemoryWebhooks::remove(std::string_view id) {
  std::lock_guard const lock(mutex_);
  if (auto const found = by_id_.find(id); found != by_id_.end()) by_id_.erase(found);
  return {};
}

Result<std::int64_t> MemoryApprovals::insert(ApprovalRecord const& record,
                                             EventRecord const& event) {
  std::lock_guard const lock(mutex_);
  if (rows_.contains(record.id)) return std::int64_t{0};
  auto const row = static_cast<std::int64_t>(by_row_.size()) + 1;
  rows_[record.id] = row;
  by_row_[row] = record;
  return events_.append_locked(event).seq;
}

Result<std::int64_t> MemoryApprovals::update(ApprovalRecord const& record,
                                             std::size_t decisions_before,
                                             std::optional<EventRecord> const& event) {
  std::lock_guard const lock(mutex_);
  auto const found = rows_.find(record.id);
  if (found == rows_.end()) return no_such("approval", record.id);
  ApprovalRecord& stored = by_row_.at(found->second);
  FAIRLEAD_CHECK(check_approval(stored, decisions_before));
  stored.status = record.status;
  stored.closed_at = record.closed_at;
  stored.decisions = record.decisions;
  return event ? events_.append_locked(*event).seq : 0;
}

Result<ApprovalRecord> MemoryApprovals::get(std::string_view id) {
  std::lock_guard const lock(mutex_);
  auto const found = rows_.find(id);
  if (found == rows_.end()) return no_such("approval", id);
  return by_row_.at(found->second);
}

Result<Page<ApprovalRecord>> MemoryApprovals::list(ApprovalFilter const& filter,
                                                   std::string const& cursor, int limit) {
  FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
  auto const rows = static_cast<std::size_t>(clamp_rows(limit));
  std::lock_guard const lock(mutex_);
  Page<ApprovalRecord> page;
  std::int64_t last_row = 0;
  auto const end = std::make_reverse_iterator(by_row_.begin());
  for (auto at = std::make_reverse_iterator(by_row_.lower_bound(below_row)); at != end; ++at) {
    ApprovalRecord const& each = at->second;
    bool const wanted = (filter.status.empty() || filter.status == each.status) &&
                        (filter.run.empty() || filter.run == each.run);
    if (!wanted) continue;
    if (page.items.size() == rows) {
      page.next_cursor = cursor_from_row(last_row);
      return page;
    }
    page.items.push_back(each);
    last_row = at->first;
  }
  return page;
}

void MemoryApprovals::forget(RunId const& run) {
  std::erase_if(by_row_, [&](auto const& each) { return each.second.run == run; });
  std::erase_if(rows_, [&](auto const& each) { return !by_row_.contains(each.second); });
}

}  // namespace fairlead::store
