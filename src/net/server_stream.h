// ServerStream: the buffer between whoever writes a streamed answer and the connection that sends
// it.
//
// The writer's side (StreamWriter) is called from any thread, blocks only in wait_below(), and
// stays valid after connection and server are gone. The connection's side runs on its I/O thread:
// it is woken, takes what there is, sends it, and comes again.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "net/http_server.h"

namespace fairlead::net {

class ServerStream final : public StreamWriter {
 public:
  // `wake` asks the connection to call take() soon; it is not called after detach().
  ServerStream(std::size_t buffer_bytes_max, std::function<void()> wake);

  bool write(std::string_view bytes) override;
  bool wait_below(std::size_t bytes, Milliseconds patience) override;
  void close() override;
  [[nodiscard]] bool open() const override;

  struct Taken {
    std::string bytes;
    bool ended{false};       // nothing comes after these bytes
    bool overflowed{false};  // the client reads too slowly: give up
  };
  // Everything written since the last call; what that call gave counts as sent now.
  Taken take();
  // The connection is gone.
  void detach();

 private:
  void wake_locked();

  std::size_t const buffer_bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // less is buffered, or the stream is closed
  std::function<void()> wake_;
  std::string buffer_;
  std::size_t being_sent_{0};
  bool woken_{false};
  bool closed_{false};
  bool overflowed_{false};
};

}  // namespace fairlead::net
