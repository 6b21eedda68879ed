// Waiting: the parts that wake runs - webhooks at GitLab, their intake, the keeper - and their
// thread, which also closes approvals that are over.
//
// Made once the server knows its public URL. start() when it listens, for GitLab may try a webhook
// out at once; stop() after the pause was interrupted.
#pragma once

#include <thread>

#include "base/pause.h"
#include "builtin/approvals.h"
#include "gitlab/hook_intake.h"
#include "gitlab/keeper.h"
#include "gitlab/missed_hooks.h"
#include "gitlab/webhooks.h"
#include "run/engine.h"
#include "run/library.h"

namespace fairlead::app {

class Waiting {
 public:
  struct Parts {
    store::Store& store;
    vault::Vault& vault;
    action::ApiProvider& apis;
    run::Engine& engine;
    run::WorkflowLibrary& library;
    builtin::Approvals& approvals;
    Clock const& clock;
    Random& random;
    Pause& pause;
    Log& log;
  };
  Waiting(Parts parts, gitlab::WebhookOptions options);
  Waiting(Waiting const&) = delete;
  Waiting& operator=(Waiting const&) = delete;
  // Joins: the pause must have been interrupted.
  ~Waiting();

  void start();
  void stop();
  [[nodiscard]] gitlab::HookIntake& intake() { return intake_; }
  [[nodiscard]] gitlab::HookWants& hook_wants() { return keeper_.hook_wants(); }

 private:
  void tidy_approvals();

  Pause& pause_;
  Clock const& clock_;
  Log& log_;
  builtin::Approvals& approvals_;
  Milliseconds tidy_at_{0};  // of the thread only
  gitlab::Webhooks webhooks_;
  gitlab::HookIntake intake_;
  gitlab::Keeper keeper_;
  gitlab::MissedHooks missed_;
  std::thread thread_;
};

}  // namespace fairlead::app
