// GroupHooks: one webhook of a group instead of one in each of its projects.
//
// From three awaited projects of one group on a group webhook is made; where the tier or the role
// do not allow it, its record says so and each project has its own, as before. Once the group's is
// verified the projects' own are removed: two hooks would count every event twice (the intake sees
// to the time between, gitlab/hook_intake.h). For the keeper's thread; blocks on GitLab.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gitlab/webhooks.h"

namespace fairlead::gitlab {

inline constexpr std::size_t group_hook_from = 3;
// A project's group is looked up once a day; it may move.
inline constexpr Milliseconds group_known_for = std::chrono::hours(24);
inline constexpr std::size_t groups_known_max = 10'000;
inline constexpr int group_lookups_max = 50;  // in one call; the rest waits for the next

class GroupHooks {
 public:
  struct Parts {
    store::Store& store;
    Webhooks& webhooks;
    action::ApiProvider& apis;
    Clock const& clock;
    Log& log;
  };
  explicit GroupHooks(Parts parts) : parts_(std::move(parts)) {}
  GroupHooks(GroupHooks const&) = delete;
  GroupHooks& operator=(GroupHooks const&) = delete;

  // The webhook that tells of a project, of its group or its own. `awaited`: all projects that runs
  // wait for over that connection. Errors: as Webhooks::ensure(), and GitLab not answering.
  Result<store::WebhookRecord> ensure(WebhookTarget const& project,
                                      std::vector<std::string> const& awaited);

 private:
  struct Known {
    std::string group;  // "": none (a person's project), or it is not to be seen
    Time at{};
  };

  Result<std::vector<std::string>> groups_in_use(std::string const& base_url);
  Result<std::string> group_of(WebhookTarget const& target, std::string const& project);
  Result<bool> has_siblings(WebhookTarget const& target, std::string const& group,
                            std::vector<std::string> const& awaited);
  Result<store::WebhookRecord> covered_by(WebhookTarget const& project, std::string const& group);

  Parts parts_;
  std::map<std::pair<std::string, std::string>, Known> known_;  // by connection and project
};

}  // namespace fairlead::gitlab
