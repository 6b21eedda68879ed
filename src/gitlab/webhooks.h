// Webhooks: the hooks that Fairlead keeps in GitLab's projects and groups, so that nothing need be
// polled.
//
// ensure() is called for a project that a run waits for, or its group (gitlab/group_hooks.h), and
// for what is to stand (gitlab/standing_hooks.h): it adopts a hook of ours, makes or mends one, and
// has it tried out; a genuine delivery then verifies it (gitlab/hook_intake.h). Where none can be
// made the record says why, and polling goes on. A GitLab has one hook a place, however many
// connections lead there: two would count every event twice. Calls block on GitLab; one thread at
// a time.
// Source: https://docs.gitlab.com/api/project_webhooks/ (checked on 19.5).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "action/catalogue.h"
#include "base/log.h"
#include "base/random.h"
#include "store/store.h"
#include "store/webhooks.h"
#include "vault/vault.h"

namespace fairlead::gitlab {

// A hook is compared with GitLab once an hour; one that could not be made, or is not verified yet,
// is tried again sooner.
inline constexpr Milliseconds hook_check_interval = std::chrono::hours(1);
inline constexpr Milliseconds hook_retry_interval = std::chrono::minutes(10);
inline constexpr Milliseconds hook_unused_max = std::chrono::hours(24 * 30);
inline constexpr int hooks_looked_at_max = 200;
inline constexpr std::size_t refused_max = 10'000;
inline constexpr std::string_view hook_path = "/webhooks/gitlab/";

struct WebhookOptions {
  std::string public_url;  // no trailing slash
  // ours: nobody said how GitLab reaches this server, so only one on this machine does.
  enum class PublicUrl { given, ours } said{PublicUrl::ours};
};

struct WebhookTarget {
  ConnectionId connection;
  std::string name;      // of the connection
  std::string base_url;  // of its GitLab
  std::string place;     // a project by number or path, or a group (gitlab/hook_place.h)
  std::string path{};    // the project's, if it is known
  std::vector<std::string> kinds{};  // beside pipelines and issues (gitlab/hook_kinds.h)
  // standing: no run waits for it, so that it does not count as used.
  enum class Use { run, standing } use{Use::run};
};

class Webhooks {
 public:
  struct Parts {
    store::WebhookStore& store;
    vault::Vault& vault;
    action::ApiProvider& apis;
    Clock const& clock;
    Random& random;
    Log& log;
    // To share a hook with other connections to the same GitLab; null: each has its own.
    store::ConnectionStore* connections{nullptr};
  };
  Webhooks(Parts parts, WebhookOptions options) : parts_(parts), options_(std::move(options)) {}
  Webhooks(Webhooks const&) = delete;
  Webhooks& operator=(Webhooks const&) = delete;

  // The hook as it stands, compared with GitLab if that is due. Errors: of the store and the vault,
  // conflict if it was removed meanwhile; what GitLab refuses is in the record's status and reason.
  // Where GitLab only did not answer, one that stands keeps its status.
  Result<store::WebhookRecord> ensure(WebhookTarget const& target);
  // The same at once, for a hook that seems to have missed something.
  Result<store::WebhookRecord> check_now(WebhookTarget const& target);
  // Why that GitLab cannot deliver to this server, "" if it may.
  [[nodiscard]] std::string why_unreachable(WebhookTarget const& target) const;
  // Those that were gone or switched off and work again, and the newest delivery before that; each
  // once.
  std::map<std::string, Time> take_repaired() { return std::exchange(repaired_, {}); }
  // Says in the list why there is no hook where the place itself is not to be seen.
  Result<store::WebhookRecord> note_unseen(WebhookTarget const& target, std::string reason);
  // Removes a hook that nobody needs, here and at GitLab. True if there was one.
  Result<bool> remove_unused(WebhookTarget const& target);
  // The same at once, first here: what still comes through it counts no more.
  Result<bool> remove(WebhookTarget const& target);

 private:
  Result<store::WebhookRecord> make_record(WebhookTarget const& target);
  Result<std::optional<store::WebhookRecord>> record_for(WebhookTarget& target);
  Result<bool> may_keep(ConnectionId const& connection);
  Result<std::string> settle_keeper(ConnectionId const& asking, WebhookTarget& target,
                                    store::WebhookRecord& record);
  Result<void> keep_change(store::WebhookRecord const& record);
  Result<void> withdraw(action::Api& api, store::WebhookRecord const& record);
  Result<store::WebhookRecord> polled(store::WebhookRecord record, std::string reason);
  bool note_wishes(WebhookTarget const& wanted, store::WebhookRecord& record);
  static void learn_path(action::Api& api, WebhookTarget const& target,
                         store::WebhookRecord& record);
  [[nodiscard]] static Milliseconds retry_interval(store::WebhookRecord const& record);
  [[nodiscard]] bool was_refused(store::WebhookRecord const& record,
                                 ConnectionId const& connection) const;
  [[nodiscard]] bool is_due(store::WebhookRecord const& record) const;
  [[nodiscard]] std::string url_of(store::WebhookRecord const& record) const;
  Result<void> remove_there(WebhookTarget const& target, store::WebhookRecord const& record);
  Result<void> merge_into(WebhookTarget const& target, store::WebhookRecord const& record,
                          store::WebhookRecord& other);
  Result<void> reconcile(WebhookTarget const& target, store::WebhookRecord& record);
  Result<Json> present_hook(action::Api& api, WebhookTarget const& target,
                            store::WebhookRecord const& record);
  Result<Json> wanted_hook(store::WebhookRecord const& record);
  void note_failure(store::WebhookRecord& record, Error const& error);

  Parts parts_;
  WebhookOptions options_;
  std::map<std::string, Time> repaired_;  // by id
  // When GitLab refused which hook to whom, by its id and the connection.
  std::map<std::pair<std::string, ConnectionId>, Time> refused_;
};

// By GitLab, after deliveries that failed; as its API shows the hook.
// https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks
bool is_switched_off(Json const& hook);

}  // namespace fairlead::gitlab
