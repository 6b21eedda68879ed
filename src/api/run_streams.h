// RunStreams: who follows which run over HTTP, live.
//
// A follower gets the journal from where it wants, then every entry as it is committed, without a
// gap or a repeat: it is subscribed first, then the journal is read, then what came meanwhile is
// joined. A thread of its own keeps idle streams alive and forgets clients that are gone.
// Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/ids.h"
#include "base/pause.h"
#include "net/http_server.h"
#include "run/engine.h"
#include "store/store.h"

namespace fairlead::api {

inline constexpr std::size_t run_streams_max = 1'000;
// Entries that may come while a follower still reads the journal.
inline constexpr std::size_t meanwhile_max = 10'000;

class RunStreams final {
 public:
  RunStreams(store::RunStore& store, run::Engine& engine);
  // Closes all streams.
  ~RunStreams();
  RunStreams(RunStreams const&) = delete;
  RunStreams& operator=(RunStreams const&) = delete;

  // Entries with seq > after_seq, then live ones, then `end`. Blocks while it reads the journal. A
  // stream that cannot go on (too many of them, a reader that is too slow, trouble with the store)
  // ends with `problem` instead, which holds an Error; the reader comes back with the last id.
  void add(RunId const& run, std::int64_t after_seq, std::shared_ptr<net::StreamWriter> writer);
  // Ends all streams, now and later.
  void stop();

 private:
  struct Stream;
  void keep_alive();
  void sweep();

  store::RunStore& store_;
  run::Engine& engine_;
  InterruptiblePause pause_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Stream>> streams_;
  bool stopped_{false};
  std::thread thread_;
};

}  // namespace fairlead::api
