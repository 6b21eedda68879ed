// Workers: executes evaluations, calls and emits, which block, and gives each answer back as what
// happened.
//
// The engine's threads never block on the outside: they hand a command over and get the answer as a
// message. Two lanes, so that slow calls do not hold up expressions. With threads each lane is a
// bounded WorkerPool; without (tests, simulation) work waits until run_one() is called.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "action/catalogue.h"
#include "base/worker_pool.h"
#include "expression/evaluator.h"
#include "run/command.h"
#include "run/journal.h"
#include "run/listening.h"
#include "store/store.h"

namespace fairlead::run {

using What = decltype(Event::what);
// A command that is executed outside of the run; StartRun by its shard, the others block.
using Work = std::variant<Evaluate, Call, Emit, Listen, StartRun>;

struct WorkerOptions {
  // 0: no threads; run_one() does the work.
  std::size_t evaluation_threads{2};
  std::size_t action_threads{64};
  std::size_t queue_max{4'096};
};

// One lane of them, now.
struct LaneFigures {
  std::string_view name;  // "expressions", "actions"
  std::size_t threads{0};
  std::size_t busy{0};
  std::size_t waiting{0};
};

class Workers {
 public:
  struct Parts {
    action::Invoker& invoker;
    expression::Evaluator& evaluator;
    store::EventStore& events;
    Listening& listening;
    Clock const& clock;
    // An event was put into the inbox.
    std::function<void()> emitted;
  };
  using Answer = std::function<void(What)>;

  Workers(Parts parts, WorkerOptions options);
  Workers(Workers const&) = delete;
  Workers& operator=(Workers const&) = delete;

  // `answer` is called once, on a worker; never if the work is given up by stop(). unavailable: the
  // lane is full. Calls for one effect are made one after another: whoever gave up on the first (a
  // time-out, a commit that failed) could otherwise look it up and send it again while it still
  // waits here for its turn.
  Result<void> submit(Work const& work, Answer answer);
  // Without threads: does one piece of work; false if there is none.
  bool run_one();
  // None without threads.
  [[nodiscard]] std::vector<LaneFigures> figures() const;
  // Gives up what has not begun and waits for what has.
  void stop();

 private:
  struct Held {
    Work work;
    Answer answer;
  };
  Result<void> enqueue(Work const& work, std::function<void()> job);
  void perform(Work const& work, Answer const& answer);
  bool perform_one(Work const& work, Answer const& answer, std::optional<Held>& next);
  // What the work does outside, by its marker; "" if it changes nothing there.
  std::string effect_in(Work const& work) const;
  bool may_overtake(Work const& work) const;
  bool hold(std::string const& effect, Work const& work, Answer const& answer);
  std::optional<Held> take_held(std::string const& effect);
  What answer_to(Work const& work);
  What perform_evaluation(Evaluate const& evaluate);
  What perform_call(Call const& call);
  What perform_emit(Emit const& emit);
  What perform_listen(Listen const& listen);

  Parts parts_;
  WorkerOptions options_;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool stopping_{false};
  int running_{0};
  std::deque<std::function<void()>> waiting_;        // without threads
  std::map<std::string, std::deque<Held>> effects_;  // under way -> later calls for the same
  std::unique_ptr<WorkerPool> evaluations_;
  std::unique_ptr<WorkerPool> actions_;
};

}  // namespace fairlead::run
