// The commands by which a person takes a hand in runs: pause, resume, replay, settle, and orders
// for many.
//
// Declared apart from commands.h, whose conventions hold. Blocking.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/session.h"

namespace fairlead::cli {

struct RunPauseOptions {
  std::string id;
  std::string reason;
};
Result<void> run_pause(Session& session, RunPauseOptions const& options);
Result<void> run_resume(Session& session, std::string const& id);
Result<void> run_effects(Session& session, std::string const& id);

struct RunReplayOptions {
  std::string id;
  std::string from;   // task
  std::string input;  // JSON, @file, -
  std::string version;
  std::string effects;             // adopt, repeat
  std::vector<std::string> adopt;  // effects by id
  std::vector<std::string> repeat;
  bool preview{false};
  bool follow{false};
};
Result<void> run_replay(Session& session, RunReplayOptions const& options);

struct RunSettleOptions {
  std::string id;
  std::string task;
  std::string happened;  // the output as JSON, @file, -
  bool not_happened{false};
  bool fail{false};
  std::string reason;
};
Result<void> run_settle(Session& session, RunSettleOptions const& options);

struct RunBulkOptions {
  std::string action;  // cancel, pause, resume, replay
  std::vector<std::string> statuses;
  std::string workflow;
  std::string after;
  std::string before;
  std::string reason;
  std::string effects;
  bool dry_run{false};
  bool yes{false};
};
Result<void> run_bulk(Session& session, RunBulkOptions const& options);

struct RunPruneOptions {
  bool dry_run{false};
};
Result<void> run_prune(Session& session, RunPruneOptions const& options);

}  // namespace fairlead::cli
