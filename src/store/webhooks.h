// Webhooks that Fairlead keeps at GitLab: one a project of a connection.
//
// A part of store.h's Store. Secrets are sealed by the vault (table "webhook", row: id). Reads and
// writes block; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace fairlead::store {

struct WebhookRecord {
  std::string id;  // ours, in the URL that GitLab posts to
  ConnectionId connection;
  std::string target;         // the project at GitLab, by number or path
  std::int64_t remote_id{0};  // GitLab's number; 0: none is registered
  std::string status;         // "registered", "verified", "polling" (none can be made)
  std::string reason;         // why polling, for a person; "" otherwise
  Time created_at{};
  Time checked_at{};                 // compared with GitLab
  Time used_at{};                    // a run waited for something of the target; Time(): never
  std::optional<Time> delivered_at;  // newest delivery that proved genuine
  std::string sealed_token;
  std::string sealed_signing_token;
  bool is_signed{false};  // a delivery was signed: unsigned ones are not believed any more
  std::string path;       // of the project, as GitLab last said; "" if not known
  std::string kinds;      // beside pipelines and issues: "merge-request push" (gitlab/hook_kinds.h)
  // forgotten: by hand no more; goes as soon as nothing needs it.
  enum class Keep { as_used, by_hand, forgotten } keep{Keep::as_used};
  std::string kept_by;  // who wanted it by hand
};

struct HookKeep {
  WebhookRecord::Keep keep{WebhookRecord::Keep::by_hand};
  std::string by;
};

struct HookDelivery {
  Time at{};
  enum class Signature { none, good } signature{Signature::none};
};

class WebhookStore {
 public:
  virtual ~WebhookStore() = default;
  // Inserts, or replaces by id; secrets stay as first put, who keeps it as keep() said. A delivery
  // noted since the record was read is not lost: the webhook stays verified. conflict: another one
  // of that connection and target.
  virtual Result<void> put(WebhookRecord const& record) = 0;
  // The same for one that is there, whose connection stays. False: it was removed meanwhile, and
  // stays so.
  virtual Result<bool> change(WebhookRecord const& record) = 0;
  // Another connection keeps it from now on and is to compare it with GitLab. False: it is not that
  // of `from` (any more). conflict: `to` has one of that target.
  virtual Result<bool> hand_over(std::string_view id, ConnectionId const& from,
                                 ConnectionId const& to) = 0;
  virtual Result<std::optional<WebhookRecord>> find(std::string_view id) = 0;
  virtual Result<std::optional<WebhookRecord>> find_for(ConnectionId const& connection,
                                                        std::string_view target) = 0;
  // By connection and target.
  virtual Result<std::vector<WebhookRecord>> list() = 0;
  // Only this changes `keep` and `kept_by` of a webhook that is there. False: there is none.
  virtual Result<bool> keep(std::string_view id, HookKeep const& keep) = 0;
  // A genuine delivery arrived: status "verified", delivered_at. Unknown: nothing happens.
  virtual Result<void> delivered(std::string_view id, HookDelivery const& delivery) = 0;
  // Other seals of the same secrets, if they still are sealed as `former_token` says; else false.
  virtual Result<bool> reseal(WebhookRecord const& record, std::string_view former_token) = 0;
  virtual Result<void> remove(std::string_view id) = 0;
};

}  // namespace fairlead::store
