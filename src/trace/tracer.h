// Tracer: reads spans off the journals by a thread of its own and sends them to the collector.
//
// The engine only says that a run's journal grew; nothing here ever makes it wait. Spans that
// cannot be kept are dropped, the oldest first; so is news of more runs than can be read up, the
// newest first, and what the store does not give in some tries. A log line counts both as soon as
// the collector takes something, and metrics do. changed() and write() may be called from any
// thread; turn() is the thread's loop body, public for tests.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric_text.h"
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
    store::MetaStore* notes;  // nullptr: a place to go on from is not kept
    // The value of Options::secret_headers; may block. Nothing: there is none.
    std::function<Result<std::optional<Secret>>(std::string_view name)> secret_of;
  };
  Tracer(Parts parts, Options options);
  ~Tracer();
  Tracer(Tracer const&) = delete;
  Tracer& operator=(Tracer const&) = delete;

  // Before the engine starts: what ended since the process before noted that all was sent, is sent
  // again under the same ids; at most an hour of it. What is passed over is counted as missed.
  void catch_up();
  void start();
  // Entries from `first_seq` on are new. Never blocks.
  void changed(RunId const& run, std::int64_t first_seq);
  // Sends what is there, once and within a bound. Idempotent.
  void stop();

  // Reads what is new, and sends if there is something and the collector may be asked.
  void turn();
  [[nodiscard]] std::size_t waiting() const { return spans_.size(); }
  void write(MetricText& text) const;

 private:
  struct Followed {
    JournalSpans spans;
    std::uint64_t used{0};
  };
  struct News {
    std::int64_t first_seq{0};
    std::optional<Time> not_before;  // ends from earlier are known to the collector
    int failures{0};                 // the store gave no answer
    bool is_half_read{false};        // since then it may be known, but not from there
  };

  void loop();
  Time since_when();
  bool read_news();
  void miss();
  void try_later(RunId const& run, News news);
  void note_all_sent(Time until);
  Result<void> read(RunId const& run, News const& news);
  // nullptr: there is nothing to follow.
  Result<Followed*> followed(RunId const& run);
  void make_room();
  void hang_requests();
  SpanId parent_of(RequestSpan const& made);
  void put_away();
  void keep(std::vector<Span> spans);
  void send_some(Milliseconds timeout);
  Result<net::HttpRequest> request_for(std::vector<Span> const& batch, Milliseconds timeout) const;
  Result<void> add_secrets(net::HttpRequest& request) const;
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
  std::uint64_t missed_{0};  // runs whose news was lost
  std::optional<Time> noted_;
  bool is_news_since_note_{true};
  bool is_last_turn_{false};
  struct Counts {
    std::atomic<std::uint64_t> sent{0}, dropped{0}, runs_missed{0}, waiting{0};
  } counts_;
  bool stopping_{false};
  std::thread thread_;
};

}  // namespace fairlead::trace
