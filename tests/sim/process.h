// Process: the server under test as one value - engine, connector and token care, as app/ puts them
// together.
//
// Made at each start, thrown away at each crash; what must survive is in the store it is given. The
// mutations that break the handling of effects live in its invoker. One thread.
#pragma once

#include <memory>
#include <string>

#include "action/catalogue.h"
#include "connection/connections.h"
#include "gitlab/directory.h"
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

 private:
  ProcessParts parts_;
  SimPause pause_;
  vault::Vault vault_;
  connection::Connections connections_;
  gitlab::ApiDirectory apis_;
  std::unique_ptr<action::Invoker> invoker_;
  run::WorkflowLibrary library_;
  run::Engine engine_;
};

}  // namespace fairlead::sim
