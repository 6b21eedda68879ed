// The Catalogue: all actions there are, and the one door through which workflows, API and CLI run
// them.
//
// Made once in app/ from hand-written sorted lists; read-only afterwards. The Invoker binds actions
// to connections:
// the engine knows names and JSON only. Thread-safe; invoke() blocks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "action/late_arguments.h"

namespace fairlead::action {

class Catalogue {
 public:
  // Asserts that (catalog, name, version) are unique.
  explicit Catalogue(std::vector<Action> actions);

  // By parts; `version` "" means the newest. not_found names the nearest right name.
  [[nodiscard]] Result<Action const*> find(std::string_view catalog, std::string_view name,
                                           std::string_view version = "") const;
  // "gitlab.create-issue" or "create-issue:1.0.0@gitlab".
  [[nodiscard]] Result<Action const*> find(std::string_view id) const;
  [[nodiscard]] std::vector<Action> const& actions() const { return actions_; }

 private:
  std::vector<Action> actions_;  // sorted by catalog, name, version
};

// Who sends, for a fair share of the connection's rate limit.
struct Caller {
  std::string workflow;  // "namespace/name"; "": a person
  std::string call;      // one of its calls, the same at every attempt; "": keeps no place
};

// Opens the Api of a connection. "" is the default connection. Implemented by gitlab::ApiDirectory.
class ApiProvider {
 public:
  virtual ~ApiProvider() = default;
  // Errors: not_found (no such connection; names those there are), denied (needs sign-in).
  virtual Result<std::shared_ptr<Api>> open(std::string_view connection) = 0;
  // The same, for that caller.
  virtual Result<std::shared_ptr<Api>> open_for(std::string_view connection,
                                                Caller const& /*caller*/) {
    return open(connection);
  }
};

struct Invocation {
  std::string catalog{"gitlab"};
  std::string name;
  std::string version;     // "" is the newest
  std::string connection;  // "" is the default one
  Json input;
  EffectMarker marker;
  Json wait_state;
  ItemSink sink;
  // cancel: the run was cancelled while this waits (wait_state as it was left) or while nobody
  // knows what an attempt did (no wait_state); the output is null.
  // recover: an earlier attempt may have taken effect (crash, ambiguous answer): find_existing
  // first, then run.
  enum class Mode { first, recover, cancel } mode{Mode::first};
  LateArguments late;    // filled in by make_late_invoker()
  std::string run;       // whose call it is; "" outside of workflows
  std::string task;      // its JSON pointer
  std::string workflow;  // "namespace/name"; "" outside of workflows
  std::string call;      // the effect it is about, also where no marker is sent; "" outside
};

class Invoker {
 public:
  virtual ~Invoker() = default;
  virtual Result<Outcome> invoke(Invocation const& invocation) = 0;
  // The action's own data, or not_found: for validation and for the engine's choice by effect.
  virtual Result<ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const = 0;
  // What this very call does: for a call whose input decides (an HTTP method). May block.
  virtual Result<Effect> effect_of(Invocation const& invocation) const {
    auto found = info(invocation.catalog, invocation.name, invocation.version);
    if (!found.ok()) return std::move(found).error();
    return (*found)->effect;
  }
};

// {action, connection, requests: [{method, url, body}], scope, role, ...}: never sends a write.
struct DryRun {
  std::vector<Request> requests;
  Scope scope{Scope::none};
  Role role{Role::none};
};
Result<DryRun> dry_run(Action const& action, Api* api, Json const& input);

std::unique_ptr<Invoker> make_invoker(Catalogue const& catalogue, ApiProvider& provider,
                                      Clock const& clock);

}  // namespace fairlead::action
