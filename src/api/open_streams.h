// OpenStreams: who reads a stream may be shut out while it is open; then it is closed.
//
// The guard (guard.h) asks once, when a request comes. A stream may live for days, so the guard
// hands every stream in here, with the question whether its reader may still read. A thread of its
// own (StreamWatch) asks them all again every few seconds; no lock is held while it does.
// Thread-safe.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/pause.h"
#include "net/http_server.h"

namespace fairlead::api {

// A reader who was shut out reads on at most so long.
inline constexpr Milliseconds stream_check_every = std::chrono::seconds(5);

class OpenStreams final {
 public:
  // `allowed` may block on the store; false closes the stream.
  void add(std::weak_ptr<net::StreamWriter> writer, std::function<bool()> allowed);
  // Closes those whose reader may not read on, forgets those that are gone.
  void check();
  [[nodiscard]] std::size_t count() const;  // those with a reader

 private:
  struct Open {
    std::weak_ptr<net::StreamWriter> writer;
    std::function<bool()> allowed;
  };
  mutable std::mutex mutex_;
  std::list<Open> open_;
};

// Calls check() again and again, from its making to its end.
class StreamWatch final {
 public:
  explicit StreamWatch(OpenStreams& streams);
  ~StreamWatch();
  StreamWatch(StreamWatch const&) = delete;
  StreamWatch& operator=(StreamWatch const&) = delete;

 private:
  InterruptiblePause pause_;
  std::thread thread_;
};

}  // namespace fairlead::api
