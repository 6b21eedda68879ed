// Process: the server under test as one value - engine, connector, token care, approvals, webhooks
// - as app/ puts them together.
//
// Made at each start, thrown away at each crash; what must survive is in the store it is given. The
// mutations that break the handling of effects live in its invoker. One thread.
#pragma once

#include <memory>
#include <string>

#include "action/catalogue.h"
#include "builtin/approvals.h"
#include "connection/connections.h"
#include "gitlab/directory.h"
#include "gitlab/hook_intake.h"
#include "gitlab/keeper.h"
#include "gitlab/webhooks.h"
#include "run/engine.h"
#include "tests/sim/setting.h"
#include "tests/sim/sim_gitlab.h"
#include "vault/vault.h"

namespace fairlead::sim {

inline constexpr std::string_view connection_name = "gitlab";

struct ProcessParts {
  Setting& setting;
  store::Store& store;
  SimGitlab& gitlab;
  expression::Evaluator& evaluator;
  action::Catalogue const& catalogue;
  Random& random;
  Log& log;
  std::function<void()> between;
  run::Watch watch;
};

class Process {
 public:
  explicit Process(ProcessParts parts);
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;

  // What app/ does at a start. Fails when the disk refuses: it is started again later then.
  Result<void> boot();
  // A person makes the connection, or signs in again.
  Result<void> connect();
  Result<void> sign_in();
  run::Engine& engine() { return engine_; }
  run::WorkflowLibrary& library() { return library_; }
  connection::Connections& connections() { return connections_; }
  builtin::Approvals& approvals() { return approvals_; }
  gitlab::HookIntake& intake() { return intake_; }
  // One round of the keeper; when to do the next.
  Milliseconds keep() { return keeper_.work(); }

 private:
  Result<void> unmark_the_dead();

  ProcessParts parts_;
  SimPause pause_;
  vault::Vault vault_;
  connection::Connections connections_;
  gitlab::ApiDirectory apis_;
  std::unique_ptr<action::Invoker> mutant_;
  builtin::Approvals approvals_;
  std::unique_ptr<action::Invoker> invoker_;
  run::WorkflowLibrary library_;
  run::Engine engine_;
  gitlab::Webhooks webhooks_;
  gitlab::HookIntake intake_;
  gitlab::Keeper keeper_;
};

}  // namespace fairlead::sim
