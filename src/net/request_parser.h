// RequestParser: bytes of one HTTP/1.x request -> ServerRequest. Boost.Beast's parser, with the
// rules that it leaves open.
//
// Strict where leniency lets two parties read one request differently (RFC 9112 11.2): a transfer
// coding other than chunked, length together with chunked, a missing or second Host are refused.
// Not thread-safe; no I/O.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_server.h"

namespace fairlead::net {

class RequestParser {
 public:
  struct Limits {
    std::size_t header_bytes_max;
    std::size_t body_bytes_max;
  };
  enum class State { head, body, done, failed };
  struct Failure {
    int status{0};  // 400, 413, 431, 501, 505
    std::string_view reason;
  };

  explicit RequestParser(Limits limits);
  ~RequestParser();
  RequestParser(RequestParser const&) = delete;
  RequestParser& operator=(RequestParser const&) = delete;

  // Begins the next request.
  void reset();
  // Takes what it can from the front of `bytes` and says how much that was; call again with the
  // rest and more. Stops once when the head is complete, so that the caller can react before the
  // body comes.
  std::size_t feed(std::string_view bytes);

  [[nodiscard]] State state() const;
  [[nodiscard]] Failure failure() const;
  // Complete in state done; in state body all but the body.
  [[nodiscard]] ServerRequest& request();
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool http_1_0() const;
  [[nodiscard]] bool expects_continue() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Splits a request target ("/a%2Fb?x=1", or with scheme and host before it) into segments and
// query. False if malformed.
bool read_target(ServerRequest& request);

}  // namespace fairlead::net
