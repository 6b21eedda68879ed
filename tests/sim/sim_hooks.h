// SimHooks: the way of GitLab's webhooks to the server, which loses, doubles and reorders them.
//
// GitLab sends a webhook once: what is lost, or meets no server, is gone, and the keeper's
// questions must make it good. One thread.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gitlab/hook_intake.h"
#include "tests/sim/dice.h"
#include "tests/sim/setting.h"
#include "tests/sim/sim_gitlab.h"

namespace fairlead::sim {

class SimHooks {
 public:
  SimHooks(Setting& setting, SimGitlab& gitlab, std::uint64_t seed)
      : setting_(setting), gitlab_(gitlab), dice_(seed, "hooks") {}

  // Gives what is due to the intake, nothing if there is no server; `heard` is told of each event
  // that the server said yes to.
  using Heard = std::function<void(std::int64_t seq)>;
  void deliver(gitlab::HookIntake* intake, Heard const& heard);
  // When the next one arrives.
  [[nodiscard]] std::optional<Time> next() const;
  [[nodiscard]] int delivered() const { return delivered_; }

 private:
  struct OnItsWay {
    Time at;
    sandbox::Delivery delivery;
  };
  void collect();
  void give(gitlab::HookIntake& intake, sandbox::Delivery const& delivery, Heard const& heard);

  Setting& setting_;
  SimGitlab& gitlab_;
  Dice dice_;
  std::vector<OnItsWay> on_their_way_;
  int delivered_{0};
};

}  // namespace fairlead::sim
