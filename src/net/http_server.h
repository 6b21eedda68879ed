// HTTP server: routes, limits, time-outs, drain, server-sent events, optional TLS. On Boost.Beast's
// parser.
//
// Handlers run on a bounded pool of worker threads and may block; reading, writing and time-outs
// run on I/O threads. The path is split at "/" before percent-decoding, so "%2F" stays inside its
// segment. The server starts listening in start() and stops in drain(): no new connections, running
// requests finish, streams are told, then everything is closed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "net/address_list.h"
#include "net/http.h"

namespace fairlead::net {

struct ServerRequest {
  Method method{Method::get};
  std::string target;                 // as received: path and query, still encoded
  std::vector<std::string> segments;  // decoded, split before decoding
  std::map<std::string, std::string, std::less<>> params;  // "{id}" of the route -> decoded segment
  std::vector<std::pair<std::string, std::string>>
      query;  // decoded; order and repetition kept; + is a blank
  Headers headers;
  std::string body;
  std::string peer;  // "127.0.0.1:54321"; behind a trusted proxy the client, with port 0
  bool tls{false};

  // First value of that query parameter or "".
  [[nodiscard]] std::string_view query_value(std::string_view name) const;
  // Value of a cookie or "".
  [[nodiscard]] std::string cookie(std::string_view name) const;
  [[nodiscard]] std::string const& param(
      std::string_view name) const;  // asserts that the route has it
};

// The writing end of a streamed answer. Thread-safe; never blocks: what the client does not read is
// buffered up to `stream_buffer_bytes_max`, then the stream is closed.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // False once the client is gone or the stream closed.
  virtual bool write(std::string_view bytes) = 0;
  // Blocks until at most `bytes` are buffered: for a writer that can outrun its client. False once
  // the client is gone, the stream closed, or after `patience`.
  virtual bool wait_below(std::size_t bytes, Milliseconds patience) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool open() const = 0;
};

// One server-sent event, encoded (WHATWG HTML 9.2): id and event may be empty; data may hold
// newlines.
std::string encode_sse(std::string_view id, std::string_view event, std::string_view data);

struct ServerResponse {
  int status{200};
  Headers headers;
  std::string body;
  // If set, the answer is streamed (chunked; body is its beginning) and this is called once, on a
  // worker thread, after the head was sent. Keep the writer as long as you write.
  std::function<void(std::shared_ptr<StreamWriter>)> on_stream;
  // Testing of clients: close the connection hard (reset) instead of answering.
  bool reset_connection{false};
  // Send the head, wait, then the body: for fault injection; without a body, with on_stream or
  // reset_connection it is the head that waits. Holds no worker. Zero: at once.
  Milliseconds delay{0};
  // Who asked, as a log may name them; never sent.
  std::string asked_by{};
};

ServerResponse text_response(int status, std::string body,
                             std::string content_type = "text/plain; charset=utf-8");
ServerResponse json_response(int status, Json const& body);

// Blocking is fine; must be thread-safe. An exception becomes a logged 500.
using Handler = std::function<ServerResponse(ServerRequest const&)>;

struct Route {
  Method method{Method::get};
  std::string pattern;  // "/api/v1/runs/{id}"; a last segment "{path*}" takes the rest (joined,
                        // decoded, by "/")
  Handler handler;
};

struct HttpServerOptions {
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};     // 0: any free one, see HttpServer::port()
  std::string tls_cert_pem;  // chain; empty: plain HTTP
  Secret tls_key_pem;
  int io_threads{1};
  int worker_threads{32};
  std::size_t queue_max{2'048};  // requests waiting for a worker; more get 503 with Retry-After
  std::size_t connections_max{10'000};
  std::size_t body_bytes_max{4u << 20};     // more: 413, delivered (lingering close)
  std::size_t header_bytes_max{64u << 10};  // more: 431, delivered
  std::size_t stream_buffer_bytes_max{1u << 20};
  Milliseconds header_timeout{15'000};  // slow-loris guard; 408
  Milliseconds body_timeout{60'000};
  Milliseconds idle_timeout{75'000};
  Milliseconds drain_timeout{20'000};
  AddressList trusted_proxies;          // whose X-Forwarded-For says who asks (net/forwarded_for.h)
  std::string server_name{"Fairlead"};  // Server header; empty: none
  // Answers unknown paths and wrong methods; default: JSON problem. For a wrong method
  // param("allow") names the methods that are possible (else it is ""), and the server itself sets
  // Allow and turns a 404 into a 405.
  Handler not_found;
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;
  // Binds and listens, then returns. Errors: conflict (port in use, says which), denied (privileged
  // port), invalid_input (bad address, certificate or key).
  virtual Result<void> start() = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // Graceful stop; blocks until done or drain_timeout passed. Idempotent.
  virtual void drain() = 0;
};

// Routes are matched by specificity (literal before parameter), not by order; two equal ones are a
// bug (assert).
std::unique_ptr<HttpServer> make_http_server(HttpServerOptions options, std::vector<Route> routes,
                                             Log& log);

}  // namespace fairlead::net
