// AuditLog: where everybody writes what was done, by whom, to what, from where, with which outcome.
//
// The guard in front of the routes writes every call that changes something and every refusal;
// sign-ins and acts of the system are written where they happen. What nobody known did is kept up
// to a limit a minute, so that strangers cannot fill the disk; what was left out is counted. Never
// a secret in it. Thread-safe; blocks on the store.
#pragma once

#include <mutex>
#include <string>

#include "access/principal.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/audit.h"

namespace fairlead::access {

class AuditLog final {
 public:
  static constexpr int strangers_per_minute_max = 60;

  AuditLog(store::AuditStore& store, Clock const& clock, Log& log)
      : store_(store), clock_(clock), log_(log) {}
  AuditLog(AuditLog const&) = delete;
  AuditLog& operator=(AuditLog const&) = delete;

  struct Act {
    std::string action;  // "connections.create"
    std::string target;
    enum class Outcome { ok, refused, failed } outcome{Outcome::ok};
    std::string from;  // address
    Json detail;
  };
  // A failure to write is logged: the act itself has happened.
  void write(Principal const& actor, Act const& act);
  // Of Fairlead itself.
  void write_system(Act const& act);

 private:
  void append(store::AuditEntry entry);
  // False: over the limit, counted.
  bool admits_stranger();

  store::AuditStore& store_;
  Clock const& clock_;
  Log& log_;
  std::mutex mutex_;
  Milliseconds minute_{0};  // steady: its beginning
  int strangers_{0};
};

}  // namespace fairlead::access
