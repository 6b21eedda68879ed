// ServerSocket: one accepted connection's bytes, TCP or TLS, seen without the library that moves
// them.
//
// The seam between the rules of HTTP (Connection) and the event loop (ServerLoops): tests drive a
// Connection with a socket in memory. Everything but post() belongs to the I/O thread of the
// socket; every operation keeps its owner alive until the owner was told the end. At most one read
// and one write at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace fairlead::net {

enum class IoStatus { ok, ended, failed };

class SocketOwner {
 public:
  virtual ~SocketOwner() = default;
  virtual void on_ready(IoStatus status) = 0;
  virtual void on_read(IoStatus status, std::size_t bytes) = 0;
  virtual void on_written(IoStatus status, std::size_t bytes) = 0;
  virtual void on_shut_down() = 0;
  virtual void on_timer() = 0;
};

class ServerSocket {
 public:
  using Owner =
      std::shared_ptr<SocketOwner>;  // shared: by the loop's list and by each operation under way

  virtual ~ServerSocket() = default;
  // TLS handshake, if any; then on_ready.
  virtual void start(Owner owner) = 0;
  // Some bytes; after shut_down() they come raw, below TLS, and are only good to be dropped.
  virtual void read(std::span<char> into, Owner owner) = 0;
  // Some of head and body together; on_written says how much.
  virtual void write(std::string_view head, std::string_view body, Owner owner) = 0;
  // Says that nothing more will be sent (TLS close_notify, TCP FIN); the peer's bytes still come.
  virtual void shut_down(Owner owner) = 0;
  virtual void wait(Milliseconds duration, Owner owner) = 0;
  virtual void close() = 0;
  // Closes so that the peer sees a reset.
  virtual void reset() = 0;
  // Runs `work` on the I/O thread. Any thread.
  virtual void post(std::function<void()> work) = 0;
  [[nodiscard]] virtual std::string peer() const = 0;
  [[nodiscard]] virtual bool tls() const = 0;
};

}  // namespace fairlead::net
