// Keeper: sees to it that what runs wait for at GitLab wakes them.
//
// Reads the wake keys that timers carry, keeps a webhook in the project of each, asks GitLab once
// after that, and from then on slowly: seldom where a verified webhook tells, sooner where none can
// be made; what workflows start on is kept as well (gitlab/standing_hooks.h). However many runs
// wait for a pipeline, it is asked for once; several of one project with one listing. What changed
// is woken, so a webhook that got lost is made good.
// work() does one round and says when to come back; one thread; what it remembers is rebuilt from
// the store after a restart.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "action/catalogue.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "gitlab/group_hooks.h"
#include "gitlab/standing_hooks.h"
#include "gitlab/wake_key.h"
#include "gitlab/webhooks.h"
#include "store/store.h"

namespace fairlead::gitlab {

// Between two questions about one pipeline: a quarter of its age, within these.
inline constexpr Milliseconds told_poll_min = std::chrono::seconds(15);  // with a verified webhook
inline constexpr Milliseconds untold_poll_min = std::chrono::seconds(2);
inline constexpr Milliseconds poll_max = std::chrono::minutes(5);
// A connection that does not answer is left alone for so long, twice as long every time it fails
// again, and is asked after all others.
inline constexpr Milliseconds connection_rest = std::chrono::seconds(15);
inline constexpr Milliseconds connection_rest_max = std::chrono::minutes(5);
inline constexpr Milliseconds keeper_round = std::chrono::seconds(1);
inline constexpr Milliseconds keeper_round_of_many = std::chrono::seconds(5);
inline constexpr Milliseconds keeper_upkeep_interval = std::chrono::hours(1);
inline constexpr std::size_t keeper_many = 2'000;
inline constexpr std::size_t keeper_keys_max = 50'000;
inline constexpr int keeper_page = 1'000;
// Questions to one connection in one round; the rest waits for the next.
inline constexpr int keeper_asks_max = 50;
// From so many pipelines of one project on, one listing asks for all.
inline constexpr std::size_t keeper_list_from = 3;

class Keeper {
 public:
  struct Parts {
    store::Store& store;
    Webhooks& webhooks;
    action::ApiProvider& apis;
    Clock const& clock;
    Random& random;
    Log& log;
    std::function<Result<std::int64_t>(std::string const& key)> wake;
    PublishedWorkflows published{};  // whose webhooks are kept; empty: none
  };
  explicit Keeper(Parts parts)
      : parts_(std::move(parts)),
        groups_({.store = parts_.store,
                 .webhooks = parts_.webhooks,
                 .apis = parts_.apis,
                 .clock = parts_.clock,
                 .log = parts_.log}),
        standing_({.store = parts_.store,
                   .webhooks = parts_.webhooks,
                   .groups = groups_,
                   .apis = parts_.apis,
                   .clock = parts_.clock,
                   .log = parts_.log,
                   .published = parts_.published}) {}
  Keeper(Keeper const&) = delete;
  Keeper& operator=(Keeper const&) = delete;

  Milliseconds work();
  // Any thread.
  [[nodiscard]] HookWants& hook_wants() { return standing_.shown(); }

 private:
  struct Item {
    PipelineKey key;
    Milliseconds since{0};  // first seen; this and ask_at by the steady clock
    Milliseconds ask_at{0};
    std::string status;  // as last seen; "": never asked
    Time asked_at{};
    std::string updated_at;  // as GitLab's own clock says; "": not known
    std::string hook;        // the webhook that tells of it; "": not known yet
  };
  using Items = std::map<std::string, Item>;  // by key
  using Group = std::vector<std::pair<std::string const, Item>*>;
  // Of one project: all that is waited for, and whether some of it is due.
  struct Project {
    Group items;
    bool due{false};
  };
  struct Reach {
    WebhookTarget target;  // the project
    WebhookTarget hook;    // what tells of it: its own, or its group's
    enum class Told { yes, no } told{Told::no};
    std::optional<Time> delivered_at;  // the newest delivery of its webhook
    std::string record;                // its id; "": not known
  };

  Result<void> read_keys();
  using Projects = std::map<std::string, Project>;
  using Names = std::vector<std::string>;
  void ask_connection(std::string const& id, Projects& projects, Names const& awaited);
  void note_failure(std::string const& id, std::string const& name, Error const& error);
  Result<void> ask_project(Reach reach, Project& project, int& asks);
  Result<void> see_to_hook(Reach& reach, Names const& awaited);
  Result<void> ask_one(action::Api& api, Reach const& reach,
                       std::pair<std::string const, Item>& due);
  Result<void> ask_list(action::Api& api, Reach const& reach, Group& due);
  [[nodiscard]] Time known_since(Group const& due) const;
  // A change that the webhook should have told of before: is it still there?
  void doubt_hook(Reach const& reach, Item const& item);
  Result<void> learned(Reach const& reach, std::pair<std::string const, Item>& due,
                       std::string const& status);
  void upkeep();
  Result<void> drop(store::WebhookRecord const& hook, store::ConnectionRecord const& connection);
  bool starts_workflows(store::WebhookRecord hook);
  struct Awaited {
    std::set<std::string> hooks;                         // by id
    std::set<std::pair<std::string, std::string>> open;  // URL of the GitLab, project
  };
  Awaited read_awaited();
  static bool is_awaited(Awaited const& awaited, store::WebhookRecord const& hook,
                         std::string const& base_url);
  bool is_needed(Awaited const& all, store::WebhookRecord const& hook, std::string const& base_url);
  [[nodiscard]] Milliseconds interval(Item const& item, Reach::Told told);

  Parts parts_;
  GroupHooks groups_;
  StandingHooks standing_;
  Items items_;
  // Connections that did not answer.
  struct Rest {
    Milliseconds until{0};  // by the steady clock
    int failures{0};
  };
  std::map<std::string, Rest> resting_;
  // Where a connection's round ended for want of questions: the next begins behind it, so that
  // projects with late names get their turn.
  std::map<std::string, std::string> asked_last_;
  std::optional<Milliseconds> upkeep_at_;  // by the steady clock
};

}  // namespace fairlead::gitlab
