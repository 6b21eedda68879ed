// MissedHooks: what webhooks told while nobody heard them, put into the inbox afterwards.
//
// Each verified webhook is looked at after a start, once an hour, and after it was repaired. GitLab
// keeps a log of a hook's deliveries: those that failed are taken from there as they were, with
// their own keys, so that one that did arrive is a duplicate. Where GitLab did not even try (the
// hook was switched off or deleted) or keeps no log, listings show what changed meanwhile
// (gitlab/listed_events.h); since when is written down before the hook is put right and until that
// was looked through, so neither a failure nor a crash in between loses it. One hook a call; for
// the keeper's thread, blocks on GitLab.
// Source: https://docs.gitlab.com/api/project_webhooks/ (checked on 19.5).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gitlab/hook_intake.h"
#include "gitlab/listed_events.h"
#include "gitlab/webhooks.h"

namespace fairlead::gitlab {

inline constexpr Milliseconds missed_look_interval = std::chrono::seconds(2);
inline constexpr Milliseconds missed_hook_interval = std::chrono::hours(1);
inline constexpr Milliseconds missed_retry_interval = std::chrono::minutes(5);
// At most so much of a log and of each listing is taken over; the newest counts.
inline constexpr std::int64_t missed_log_max = 400;
// A log that begins with its oldest entry is read to its end, up to so many; one that is longer
// counts as none.
inline constexpr int missed_log_read_max = 2'000;
inline constexpr int missed_log_page = 20;  // more than that GitLab refuses
inline constexpr int missed_resends_max = 5;
inline constexpr std::int64_t missed_listed_max = 200;
// Listings go no further back than the inbox remembers what it has heard.
inline constexpr Milliseconds missed_gap_max = std::chrono::hours(24);

class MissedHooks {
 public:
  struct Parts {
    store::Store& store;
    Webhooks& webhooks;
    action::ApiProvider& apis;
    HookIntake& intake;
    Clock const& clock;
    Log& log;
  };
  explicit MissedHooks(Parts parts) : parts_(std::move(parts)) {}
  MissedHooks(MissedHooks const&) = delete;
  MissedHooks& operator=(MissedHooks const&) = delete;

  // Looks at one webhook that is due, if there is one.
  void work();

 private:
  struct LogEntry {
    net::Headers headers;
    Json body;
  };
  struct HookLog {
    bool kept{true};                          // false: that GitLab has none
    std::int64_t newest{0};                   // 0: empty
    std::map<std::int64_t, LogEntry> failed;  // by id, which is the order in which it happened
  };
  struct Look {
    store::WebhookRecord hook;
    store::ConnectionRecord connection;
    bool first{false};           // since the start
    std::optional<Time> silent;  // GitLab did not try since then
  };
  struct Count {
    int taken{0};
    int known{0};
  };

  std::optional<Look> next_due();
  Result<std::optional<Time>> silent_since(std::string const& hook);
  Result<void> note_silence(std::string const& hook, Time since);
  void note_repaired();
  Result<void> catch_up(Look look);
  Result<Json> hook_at_gitlab(action::Api& api, Look& look);
  Result<HookLog> read_log(action::Api& api, Look const& look, std::optional<std::int64_t> after);
  Result<Count> take_log(action::Api& api, Look const& look, HookLog const& log);
  Result<Count> take_listings(action::Api& api, Look const& look, Json const& hook, Time since);
  Result<std::set<std::string>> heard(ListedKind const& kind, Time since);
  Result<void> take(Look const& look, net::Headers const& headers, Json const& body, Count& count);
  void tell(Look const& look, Count const& count);

  Parts parts_;
  struct State {
    Milliseconds due{0};    // by the steady clock, as look_at_
    bool looked_at{false};  // since the start
  };
  std::map<std::string, State> states_;  // by webhook
  Milliseconds look_at_{0};
};

}  // namespace fairlead::gitlab
