// Tracer: reads spans off the journals by a thread of its own and sends them to the collector.
//
// The engine only says that a run's journal grew; nothing here ever makes it wait. Spans that
// cannot be kept are dropped, the oldest first; so is news of more runs than can be read up, the
// newest first. A log line counts both as soon as the collector takes something. changed() may be
// called from any thread; turn() is the thread's loop body, public for tests.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "net/http.h"
#include "store/store.h"
#include "trace/journal_spans.h"
#include "trace/options.h"
#include "trace/requests.h"
#include "trace/run_traces.h"

namespace fairlead::trace {

// Spans that wait for the collector.
inline constexpr std::size_t spans_max = 8'192;
// Runs whose journals grew and that are not read up.
inline constexpr std::size_t news_max = 20'000;

class Tracer {
 public:
  struct Parts {
    store::RunStore& runs;
    RunTraces& traces;
    Requests* requests;  // nullptr: none are made into spans
    net::HttpTransport& transport;
    Clock& clock;
    Log& log;
  };
  Tracer(Parts parts, Options options);
  ~Tracer();
  Tracer(Tracer const&) = delete;
  Tracer& operator=(Tracer const&) = delete;

  // Before the engine starts: what ended within the last seconds may not have been sent by the
  // process before, and is sent again under the same ids.
  void catch_up();
  void start();
  // Entries from `first_seq` on are new. Never blocks.
  void changed(RunId const& run, std::int64_t first_seq);
  // Sends what is there, once and within a bound. Idempotent.
  void stop();

  // Reads what is new, and sends if there is something and the collector may be asked.
  void turn();
  [[nodiscard]] std::size_t waiting() const { return spans_.size(); }

 private:
  struct Followed {
    JournalSpans spans;
    std::uint64_t used{0};
  };
  struct News {
    std::int64_t first_seq{0};
    std::optional<Time> not_before;  // ends from earlier are known to the collector
  };

  void loop();
  void read(RunId const& run, News const& news);
  Followed* followed(RunId const& run);
  void make_room();
  void hang_requests();
  SpanId parent_of(RequestSpan const& made);
  void put_away();
  void keep(std::vector<Span> spans);
  void send_some(Milliseconds timeout);
  net::HttpRequest request_for(std::vector<Span> const& batch, Milliseconds timeout) const;
  void later(std::string const& why, std::optional<Milliseconds> after);
  void settled(std::size_t count);

  Parts parts_;
  Options options_;
  std::map<RunId, Followed> runs_;
  // Read in this turn, in the one before: requests of them may still come.
  std::set<RunId> touched_;
  std::set<RunId> touched_before_;
  std::vector<RequestSpan> early_;  // their call was not read yet; once more, then below the run
  std::set<RunId> ended_;           // of this process, the newest; read no more
  std::deque<RunId> ended_order_;
  std::deque<Span> spans_;
  std::uint64_t uses_{0};
  std::uint64_t dropped_{0};
  int failures_{0};
  Milliseconds next_try_{0};
  std::mutex mutex_;
  std::condition_variable woken_;
  std::map<RunId, News> news_;
  std::uint64_t missed_{0};  // news for which there was no room
  bool stopping_{false};
  std::thread thread_;
};

}  // namespace fairlead::trace
