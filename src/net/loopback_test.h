// Sockets by hand for tests: a client that says exactly what it is told, and a server that does.
//
// For what no proper HTTP program would send: half requests, garbage, truncated answers, resets.
// Loopback only; every wait ends after a few seconds. One thread per RawServer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace fairlead::net {

// An owned file descriptor of a connected socket.
class RawSocket {
 public:
  explicit RawSocket(int descriptor);
  ~RawSocket();
  RawSocket(RawSocket&& other) noexcept;
  RawSocket(RawSocket const&) = delete;
  RawSocket& operator=(RawSocket const&) = delete;

  // False if the peer is gone.
  bool send(std::string_view bytes) const;
  // Whatever comes next; empty at the end, on reset and after five seconds.
  [[nodiscard]] std::string receive_some() const;
  // All until `text` was seen (included); shorter at the end.
  [[nodiscard]] std::string receive_until(std::string_view text) const;
  [[nodiscard]] std::string receive_all() const;
  // Says the end of what we send.
  void finish_sending() const;
  // Closes, and returns once the peer's kernel has confirmed that it knows of the end (SO_LINGER,
  // socket(7)), or after five seconds.
  void close_and_confirm();
  // Closes so that the peer sees a reset.
  void reset();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

RawSocket connect_to(std::uint16_t port);
// A port on which nothing listens.
std::uint16_t free_port();

// Accepts connections one after the other and plays `script` on each, on its own thread.
class RawServer {
 public:
  explicit RawServer(std::function<void(RawSocket&)> script);
  ~RawServer();
  RawServer(RawServer const&) = delete;
  RawServer& operator=(RawServer const&) = delete;

  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void serve();

  std::uint16_t port_{0};
  int const listener_;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  int current_{-1};  // the connection being played on
  bool stopping_{false};
  std::function<void(RawSocket&)> const script_;
  std::thread thread_;
};

}  // namespace fairlead::net
