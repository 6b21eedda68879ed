// HelperPool: the Evaluator of the server, over libjq in helper processes.
//
// Plain paths are answered natively (expression/native.h); the rest goes to one of a few helper
// processes, which are killed and restarted when an expression exceeds its time, its memory, or
// crashes libjq: that evaluation gets an Error, no other is touched. Helpers start with the first
// need. Thread-safe; the calling thread waits. The order of waiting callers is their order of
// arrival as far as the mutex keeps it.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metric_text.h"
#include "expression/evaluator.h"
#include "expression/helper_process.h"
#include "expression/jq_helper.h"

namespace fairlead::expression {

struct HelperPoolOptions {
  // The program that ends up in run_as_jq_helper(); by default this very program.
  std::vector<std::string> command{"/proc/self/exe", helper_argument};
  int helpers{2};
  // Compiled programs kept by each helper (about 4 kB each).
  int programs_max{helper_slots};
  // Callers that may wait for a helper at a time; one more gets rate_limited.
  int waiting_max{4096};
  // Processor time of one evaluation, and of compiling an expression for the first time.
  Milliseconds evaluation{250};
  Milliseconds compilation{5000};
  // Native answers for what is simple; off only in the test that compares both ways.
  enum class Native { on, off } native{Native::on};
};

class HelperPool final : public Evaluator {
 public:
  // `clock` answers `now` in expressions.
  explicit HelperPool(Clock const& clock, HelperPoolOptions options = {});
  ~HelperPool() override;
  HelperPool(HelperPool const&) = delete;
  HelperPool& operator=(HelperPool const&) = delete;

  Result<Json> evaluate(Evaluation const& evaluation) override;
  Result<void> check(std::string_view program, std::vector<std::string> const& variables) override;
  // Evaluations by way and outcome with their durations, and the helpers.
  void write(MetricText& text) const;

 private:
  class Lease;
  struct Work {
    std::string_view program;
    std::vector<std::string> const& variables;
    std::string frame;
  };

  static constexpr std::array<char const*, 4> outcomes{"done", "failed", "timed-out", "died"};
  struct Counts {
    std::array<std::atomic<std::int64_t>, outcomes.size()> by_outcome{};
    void add(Result<Json> const& result);
  };

  Result<Json> evaluate_in_helper(Evaluation const& evaluation);
  Result<void> ensure_started(HelperProcess& helper);
  Result<std::unique_ptr<HelperProcess>> borrow();
  void give_back(std::unique_ptr<HelperProcess> helper);
  Result<unsigned char> compiled(HelperProcess& helper, Work const& work);
  Result<Json> run(HelperProcess& helper, Work const& work, std::string const& input);

  Clock const& clock_;
  HelperPoolOptions const options_;
  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<HelperProcess>> idle_;  // the one used last at the back: warm first
  int waiting_{0};
  std::atomic<std::int64_t> started_{0};  // processes
  std::atomic<std::int64_t> native_{0};   // all of them done
  Counts helped_;
  TimedCounts timing_;  // of those that went to a helper, waiting for it included
};

}  // namespace fairlead::expression
