// One helper process as its owner sees it: start, ask, kill.
//
// Used by the pool, which hands each to one thread at a time. Blocking; not thread-safe.
#pragma once

#include <chrono>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "expression/wire.h"

namespace fairlead::expression {

// Limits of one request: `cpu` is the processor time the helper may use, `wall` the longest wait
// whatever happens.
struct TimeBudget {
  Milliseconds cpu;
  Milliseconds wall;
};

class HelperProcess {
 public:
  struct Options {
    std::vector<std::string> command;  // program and arguments
    std::size_t programs_max;          // compiled programs kept, at most helper_slots
  };
  explicit HelperProcess(Options options);
  ~HelperProcess();
  HelperProcess(HelperProcess const&) = delete;
  HelperProcess& operator=(HelperProcess const&) = delete;

  [[nodiscard]] bool alive() const { return pid_ > 0; }
  // Starts it if it does not run. Errors: unavailable.
  Result<void> ensure_started();
  // The answer, or: timed_out, unavailable (died). After an error the process is gone.
  Result<Frame> ask(FrameKind kind, std::string_view payload, TimeBudget budget);
  void kill();

  // The slot of a compiled program; nothing if it is not there. Counts as a use.
  [[nodiscard]] std::optional<unsigned char> slot_of(std::string const& program);
  // The slot to compile the next program into: a free one, or that of the least used.
  unsigned char make_slot();
  void remember(std::string const& program, unsigned char slot);

 private:
  [[nodiscard]] Milliseconds cpu_used() const;
  Result<void> send_all(std::string_view bytes, TimeBudget budget);
  Result<Frame> receive(TimeBudget budget);
  // Waits for `events` on the socket; an error when the budget is spent.
  Result<void> wait_for(short events, TimeBudget budget);
  // Ends and reaps it; the wait status.
  int end();
  Error died();

  Options options_;
  int pid_{-1};
  int fd_{-1};
  Milliseconds waited_{0};
  Milliseconds cpu_at_start_{0};
  Milliseconds allowed_{0};  // processor time of what is asked now
  struct Program {
    std::string text;
    unsigned char slot;
  };
  std::list<Program> recent_;  // most recent first
  std::unordered_map<std::string, std::list<Program>::iterator> programs_;
};

}  // namespace fairlead::expression
