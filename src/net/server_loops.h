// ServerLoops: the I/O threads of an HTTP server: accept, move bytes, tick time-outs. All of Asio
// is in its .cpp file.
//
// One event loop a thread; the first also accepts and deals the connections out. A connection lives
// on one loop. One sweep over the connections a few times a second serves all time-outs. Call from
// one thread, but stop accepting from any.
#pragma once

#include <memory>

#include "net/connection.h"

namespace fairlead::net {

class ServerLoops {
 public:
  explicit ServerLoops(ServerContext& context);
  // Closes what is open and joins the threads. No worker may still hold a connection.
  ~ServerLoops();
  ServerLoops(ServerLoops const&) = delete;
  ServerLoops& operator=(ServerLoops const&) = delete;

  // Binds, listens, starts the threads. Errors as HttpServer::start().
  Result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  // No new connections; idle ones close, streams end, the others close after their answer.
  void drain();
  // True once no connection is open; false after `timeout`.
  bool wait_until_empty(Milliseconds timeout);
  // Closes all connections at once.
  void abort_all();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::net
