// Connection: HTTP/1.x on one accepted socket, from first byte to close. A state machine without
// any I/O library.
//
// One request at a time: read head, read body, hand to a worker, write the answer, again. Pipelined
// requests wait in the buffer. Everything here runs on the socket's I/O thread; handlers run on
// workers and post their answer back.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "net/http_server.h"
#include "net/request_parser.h"
#include "net/response_head.h"
#include "net/router.h"
#include "net/server_socket.h"
#include "net/server_stream.h"

namespace fairlead::net {

// What all connections of a server share; outlives them.
struct ServerContext {
  HttpServerOptions const& options;
  Router const& router;
  WorkerPool& workers;
  Clock const& clock;
  Log& log;
  std::atomic<bool> draining{false};
};

class Connection;

class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  // The connection is closed; forget it.
  virtual void connection_closed(Connection const& connection) = 0;
};

class Connection final : public SocketOwner, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::unique_ptr<ServerSocket> socket, ServerContext& context, ConnectionOwner& owner);
  ~Connection() override;
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  void start();
  // Instead of start(), for a server that is full: answers 503 to whatever is asked and closes.
  void refuse();
  // Acts if the deadline of what it is doing has passed.
  void sweep(Milliseconds now);
  // No further request: closes if idle, tells a stream to end, else closes after the answer.
  void drain();
  void abort();

  void on_ready(IoStatus status) override;
  void on_read(IoStatus status, std::size_t bytes) override;
  void on_written(IoStatus status, std::size_t bytes) override;
  void on_shut_down() override;
  void on_timer() override;

 private:
  enum class Phase {
    opening,
    idle,
    head,
    body,
    handling,
    delaying,
    answering,
    streaming,
    lingering,
    closed
  };

  void begin_request();
  void read_more();
  void process();
  void on_head_complete();
  void dispatch();
  void run_on_worker(Handler const& handler, std::shared_ptr<ServerRequest> request,
                     std::string allow);
  ServerResponse run_handler(Handler const& handler, ServerRequest const& request) const;
  void respond(std::shared_ptr<ServerResponse> const& response);
  void respond_error(int status, std::string_view detail);
  void send_answer();
  void send(std::string head, std::string body);
  void send_chunk(std::string bytes, bool last);
  void write_out();
  void after_answer();
  void begin_stream();
  void pump_stream();
  void linger();
  void close();
  void set_deadline(Milliseconds from_now);

  std::unique_ptr<ServerSocket> const socket_;
  ServerContext& context_;
  ConnectionOwner& owner_;
  RequestParser parser_;
  Phase phase_{Phase::opening};
  Milliseconds deadline_{Milliseconds::max()};

  std::vector<char> buffer_;  // received and not yet parsed: [begin_, end_)
  std::size_t begin_{0};
  std::size_t end_{0};
  bool reading_{false};
  bool peer_ended_{false};
  std::size_t drained_bytes_{0};

  // The answer being sent.
  std::shared_ptr<ServerResponse> response_;
  std::shared_ptr<ServerStream> stream_;
  std::string out_head_;
  std::string out_body_;
  std::string held_body_;  // to be sent after body_delay_
  Milliseconds body_delay_{0};
  std::size_t written_{0};
  bool writing_{false};
  bool head_only_{false};
  bool keep_alive_{false};
  bool first_request_{true};
  bool refusing_{false};
  Framing framing_{Framing::length};
};

}  // namespace fairlead::net
