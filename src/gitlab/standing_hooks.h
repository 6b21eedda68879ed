// StandingHooks: webhooks that stay though no run waits: those that published workflows start on or
// listen to, and those kept by hand.
//
// Reads the published workflows' wishes (gitlab/hook_wishes.h), finds the connection and project
// each means, and has Webhooks make and keep a hook there; a hook that no wish needs any more is
// named to the keeper, which removes it. Projects are kept by number, as runs name them, so that
// one project never gets two hooks. A place that is not to be seen is in the list with the reason.
// What it remembers is rebuilt after a restart. For the keeper's thread; blocks on GitLab.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gitlab/group_hooks.h"
#include "gitlab/hook_wants.h"
#include "gitlab/hook_wishes.h"
#include "workflow/document.h"

namespace fairlead::gitlab {

// How often what is wanted is read anew though nothing said that it changed, and a hook is looked
// at (compared with GitLab once an hour: gitlab/webhooks.h).
inline constexpr Milliseconds standing_interval = std::chrono::minutes(1);
// A project's number and path are asked for again.
inline constexpr Milliseconds place_known_for = std::chrono::hours(24);
inline constexpr int standing_looks_max = 20;  // in one round
inline constexpr std::size_t standing_max = 5'000;

using PublishedWorkflows =
    std::function<Result<std::vector<std::shared_ptr<workflow::Document const>>>()>;

class StandingHooks {
 public:
  struct Parts {
    store::Store& store;
    Webhooks& webhooks;
    GroupHooks& groups;
    action::ApiProvider& apis;
    Clock const& clock;
    Log& log;
    PublishedWorkflows published;  // empty: none
  };
  explicit StandingHooks(Parts parts) : parts_(std::move(parts)) {}
  StandingHooks(StandingHooks const&) = delete;
  StandingHooks& operator=(StandingHooks const&) = delete;

  // One round: at most standing_looks_max hooks that are due.
  void work();
  // Whether the hook is wanted, or that is not known yet: then it must not be removed.
  [[nodiscard]] bool wants(store::WebhookRecord const& hook, std::string const& base_url) const;
  // True once after a wish was given up or a hook was forgotten.
  bool take_given_up() { return std::exchange(given_up_, false); }
  [[nodiscard]] HookWants& shown() { return shown_; }

 private:
  struct Want {
    enum class By { workflow, hand } by{By::workflow};
    WebhookTarget target;  // its place is empty until GitLab named the project's number
    HookWants::Workflows workflows;
    std::string hook;     // the record that meets it; "": not known yet
    Milliseconds due{0};  // this and named_at by the steady clock
    Milliseconds named_at{0};
  };
  using Place = std::pair<std::string, std::string>;  // URL of the GitLab, place as it was named
  using Wants = std::map<Place, Want>;
  using Connections = std::vector<store::ConnectionRecord>;

  Result<void> renew();
  Result<Wants> read_wants();
  Result<void> add_wishes(workflow::Document const& document, Connections const& connections,
                          Wants& wants);
  Result<void> add_kept(Connections const& connections, Wants& wants);
  Result<void> see_to(Place const& place, Want& want);
  Result<bool> find_place(Place const& place, Want& want);
  [[nodiscard]] std::vector<std::string> siblings(std::string const& base_url) const;
  void show();
  bool look_round();
  void tell_left_out();

  Parts parts_;
  HookWants shown_;
  Wants wants_;
  std::vector<std::shared_ptr<workflow::Document const>> documents_;
  // Of filters that name no place, by GitLab: what hooks kept by hand are to tell of.
  std::map<std::string, std::set<std::string>> unplaced_;
  // Workflows some of whose wishes were beyond standing_max: now, and as last told.
  std::set<std::string> left_out_;
  std::set<std::string> told_left_out_;
  Place looked_last_;
  Milliseconds renew_at_{0};  // by the steady clock
  bool given_up_{false};
};

}  // namespace fairlead::gitlab
