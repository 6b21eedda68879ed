#include "net/connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

#include "base/text.h"
#include "net/forwarded_for.h"

namespace fairlead::net {
namespace {

constexpr std::size_t head_buffer_bytes = 4 << 10;
constexpr std::size_t body_buffer_bytes = 64 << 10;
constexpr std::size_t buffer_slack_bytes =
    4 << 10;  // beyond the header limit, so that passing it is seen
constexpr std::size_t linger_bytes_max = 8 << 20;
constexpr Milliseconds linger_time_max{2'000};
constexpr Milliseconds linger_time_draining_max{250};  // a stopping server has less patience
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

// What a log may show of a request: never the query.
std::string_view path_of(ServerRequest const& request) {
  std::string_view const target = request.target;
  return target.substr(0, target.find('?'));
}

ServerResponse not_found_response(ServerRequest const& request, std::string const& allow) {
  auto const path = shorten(path_of(request), 200);
  if (allow.empty()) return problem_response(404, "There is nothing at " + path + ".");
  return problem_response(
      405, std::string(to_string(request.method)) + " is not possible at " + path + ".");
}

}  // namespace

Connection::Connection(std::unique_ptr<ServerSocket> socket, ServerContext& context,
                       ConnectionOwner& owner)
    : socket_(std::move(socket)),
      context_(context),
      owner_(owner),
      parser_({.header_bytes_max = context.options.header_bytes_max,
               .body_bytes_max = context.options.body_bytes_max}) {}

Connection::~Connection() {
  if (stream_) stream_->detach();
}

void Connection::set_deadline(Milliseconds from_now) {
  deadline_ = context_.clock.steady() + from_now;
}

void Connection::start() {
  set_deadline(context_.options.header_timeout);
  socket_->start(shared_from_this());
}

void Connection::on_ready(IoStatus status) {
  if (phase_ != Phase::opening) return;
  if (status != IoStatus::ok) return close();
  if (refusing_) return respond_error(503, "The server has as many connections as it takes.");
  begin_request();
}

void Connection::refuse() {
  refusing_ = true;
  start();
}

void Connection::begin_request() {
  parser_.reset();
  response_.reset();
  phase_ = Phase::idle;
  if (begin_ != end_) {  // pipelined
    phase_ = Phase::head;
    set_deadline(context_.options.header_timeout);
    return process();
  }
  if (context_.draining) return linger();
  if (buffer_.size() > head_buffer_bytes)
    std::vector<char>().swap(buffer_);  // idle connections stay small
  set_deadline(first_request_ ? context_.options.header_timeout : context_.options.idle_timeout);
  if (peer_ended_) return close();
  read_more();
}

// Reads after what is buffered; a head must lie in one piece.
void Connection::read_more() {
  if (reading_ || phase_ == Phase::closed) return;
  if (begin_ != 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  auto const wanted =
      phase_ == Phase::body || phase_ == Phase::lingering ? body_buffer_bytes : head_buffer_bytes;
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  auto const size_max =
      std::max(body_buffer_bytes, context_.options.header_bytes_max + buffer_slack_bytes);
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= size_max) return respond_error(400, "A part of the request is too long.");
    buffer_.resize(std::min(size_max, buffer_.size() * 2));
  }
  reading_ = true;
  socket_->read(std::span(buffer_).subspan(end_), shared_from_this());
}

void Connection::on_read(IoStatus status, std::size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::closed) return;
  if (status != IoStatus::ok) peer_ended_ = true;
  if (phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body) {
    if (status != IoStatus::ok) return close();
    end_ += bytes;
    if (phase_ == Phase::idle) {
      phase_ = Phase::head;
      set_deadline(context_.options.header_timeout);
    }
    return process();
  }
  if (phase_ == Phase::streaming) {  // nothing more is expected of this client but its leaving
    return status == IoStatus::ok ? read_more() : close();
  }
  if (phase_ != Phase::lingering) return;
  drained_bytes_ += bytes;
  if (status != IoStatus::ok || drained_bytes_ > linger_bytes_max) return close();
  read_more();
}

void Connection::process() {
  while (begin_ != end_) {
    auto const before = parser_.state();
    auto const used = parser_.feed(std::string_view(buffer_.data() + begin_, end_ - begin_));
    begin_ += used;
    if (begin_ == end_) begin_ = end_ = 0;
    auto const now = parser_.state();
    if (now == RequestParser::State::failed) {
      return respond_error(parser_.failure().status, parser_.failure().reason);
    }
    if (now == RequestParser::State::done) return dispatch();
    if (now != before) {
      on_head_complete();
      if (phase_ != Phase::body || writing_) return;
    } else if (used == 0) {
      break;
    }
  }
  read_more();
}

void Connection::on_head_complete() {
  phase_ = Phase::body;
  set_deadline(context_.options.body_timeout);
  if (!parser_.expects_continue() || begin_ != end_) return;
  send(std::string(continue_line), "");
}

void Connection::dispatch() {
  phase_ = Phase::handling;
  deadline_ = Milliseconds::max();
  first_request_ = false;
  auto request = std::make_shared<ServerRequest>(std::move(parser_.request()));
  request->peer =
      client_behind(context_.options.trusted_proxies, socket_->peer(), request->headers);
  request->tls = socket_->tls();
  head_only_ = request->method == Method::head;
  keep_alive_ = parser_.keep_alive();
  auto match = context_.router.find(request->method, request->segments);
  if (request->segments == std::vector<std::string>{""}) request->segments.clear();
  if (match.handler != nullptr) {
    request->params = std::move(match.params);
    return run_on_worker(*match.handler, std::move(request), "");
  }
  if (context_.options.not_found) {
    request->params["allow"] = match.allow;
    return run_on_worker(context_.options.not_found, std::move(request), match.allow);
  }
  auto response = not_found_response(*request, match.allow);
  if (!match.allow.empty()) response.headers.set("Allow", match.allow);
  respond(std::make_shared<ServerResponse>(std::move(response)));
}

void Connection::run_on_worker(Handler const& handler, std::shared_ptr<ServerRequest> request,
                               std::string allow) {
  auto const self = shared_from_this();
  auto work = [self, &handler, request = std::move(request), allow = std::move(allow)] {
    auto response = std::make_shared<ServerResponse>(self->run_handler(handler, *request));
    if (!allow.empty()) {
      if (response->status == 404) response->status = 405;
      response->headers.set("Allow", allow);
    }
    self->socket_->post([self, response] { self->respond(response); });
  };
  if (context_.workers.submit(std::move(work)).ok()) return;
  auto response = problem_response(503, "The server has too much to do; try again in a moment.");
  response.headers.add("Retry-After", "1");
  respond(std::make_shared<ServerResponse>(std::move(response)));
}

ServerResponse Connection::run_handler(Handler const& handler, ServerRequest const& request) const {
  auto const failed = [&](std::string_view what) {
    context_.log.error("request handler failed", {{"method", to_string(request.method)},
                                                  {"path", shorten(path_of(request), 200)},
                                                  {"what", mask_tokens(what)}});
    return problem_response(500, "The server failed to answer; its log says why.");
  };
  try {
    return handler(request);
  } catch (std::exception const& error) {
    return failed(error.what());
  } catch (...) {
    return failed("an exception of unknown type");
  }
}

void Connection::respond_error(int status, std::string_view detail) {
  if (phase_ == Phase::closed || phase_ == Phase::lingering) return;
  phase_ = Phase::handling;
  keep_alive_ = false;
  respond(std::make_shared<ServerResponse>(problem_response(status, detail)));
}

void Connection::respond(std::shared_ptr<ServerResponse> const& response) {
  if (phase_ != Phase::handling) return;  // aborted meanwhile
  response_ = response;
  auto const sends_body = !head_only_ && !response->body.empty() && may_have_body(response->status);
  auto const delay = response->delay;
  if (delay <= Milliseconds(0)) return send_answer();
  if (sends_body && !response->reset_connection && !response->on_stream) {
    body_delay_ = delay;
    return send_answer();
  }
  phase_ = Phase::delaying;
  socket_->wait(delay, shared_from_this());
}

void Connection::on_timer() {
  if (phase_ != Phase::delaying) return;
  if (held_body_.empty()) return send_answer();
  phase_ = Phase::answering;  // the head went out before
  send("", std::exchange(held_body_, {}));
}

void Connection::send_answer() {
  auto& response = *response_;
  if (response.reset_connection) {
    socket_->reset();
    return close();
  }
  auto const has_body = may_have_body(response.status);
  auto const streams = static_cast<bool>(response.on_stream) && has_body;
  if (streams || context_.draining || peer_ended_) keep_alive_ = false;
  if (equals_ignoring_case(response.headers.get("Connection"), "close")) keep_alive_ = false;
  framing_ = has_body ? Framing::length : Framing::none;
  if (streams) framing_ = parser_.http_1_0() ? Framing::until_close : Framing::chunked;
  auto head = encode_head(response, {.framing = framing_,
                                     .keep_alive = keep_alive_,
                                     .http_1_0 = parser_.http_1_0(),
                                     .server_name = context_.options.server_name,
                                     .date = http_date(context_.clock.now())});
  std::string body;
  if (has_body && !head_only_ && !streams) body = std::move(response.body);
  if (body_delay_ > Milliseconds(0)) held_body_ = std::exchange(body, {});
  phase_ = Phase::answering;
  send(std::move(head), std::move(body));
}

void Connection::send(std::string head, std::string body) {
  out_head_ = std::move(head);
  out_body_ = std::move(body);
  written_ = 0;
  write_out();
}

void Connection::write_out() {
  std::string_view head = out_head_;
  std::string_view body = out_body_;
  auto const head_written = std::min(written_, head.size());
  head.remove_prefix(head_written);
  body.remove_prefix(written_ - head_written);
  writing_ = true;
  if (phase_ != Phase::body) set_deadline(context_.options.body_timeout);  // anew with all progress
  socket_->write(head, body, shared_from_this());
}

void Connection::on_written(IoStatus status, std::size_t bytes) {
  writing_ = false;
  if (phase_ == Phase::closed) return;
  if (status != IoStatus::ok) return close();
  written_ += bytes;
  if (written_ < out_head_.size() + out_body_.size()) return write_out();
  out_head_.clear();
  out_body_.clear();
  if (phase_ == Phase::body) return read_more();  // that was 100 Continue
  if (phase_ == Phase::streaming) return pump_stream();
  if (phase_ == Phase::answering) after_answer();
}

void Connection::after_answer() {
  deadline_ = Milliseconds::max();
  if (!held_body_.empty()) {
    phase_ = Phase::delaying;
    return socket_->wait(std::exchange(body_delay_, Milliseconds(0)), shared_from_this());
  }
  auto const streams = framing_ == Framing::chunked || framing_ == Framing::until_close;
  if (streams && !stream_ && !head_only_) return begin_stream();
  if (!keep_alive_ || context_.draining) return linger();
  begin_request();
}

void Connection::begin_stream() {
  phase_ = Phase::streaming;
  std::weak_ptr<Connection> const weak = weak_from_this();
  stream_ = std::make_shared<ServerStream>(context_.options.stream_buffer_bytes_max, [this, weak] {
    socket_->post([weak] {
      if (auto const self = weak.lock()) self->pump_stream();
    });
  });
  auto const stream = stream_;
  if (!response_->body.empty()) stream->write(response_->body);
  auto submitted =
      context_.workers.submit([self = shared_from_this(), stream, response = response_] {
        try {
          response->on_stream(stream);
        } catch (std::exception const& error) {
          self->context_.log.error("stream handler failed", {{"what", mask_tokens(error.what())}});
          stream->close();
        }
        response->on_stream = nullptr;
      });
  if (!submitted.ok() || context_.draining) stream->close();
  response_.reset();
  begin_ = end_ = 0;
  read_more();
}

void Connection::pump_stream() {
  if (phase_ != Phase::streaming || writing_) return;
  auto taken = stream_->take();
  if (taken.overflowed) return abort();
  if (taken.bytes.empty() && !taken.ended) {
    deadline_ = Milliseconds::max();
    return;
  }
  if (taken.ended) phase_ = Phase::answering;
  if (framing_ == Framing::chunked) return send_chunk(std::move(taken.bytes), taken.ended);
  if (taken.bytes.empty()) return linger();
  send("", std::move(taken.bytes));
}

void Connection::send_chunk(std::string bytes, bool last) {
  std::string head;
  if (!bytes.empty()) {
    std::array<char, 20> size{};
    auto const end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    head.assign(size.data(), end).append("\r\n");
    bytes += "\r\n";
  }
  if (last) bytes += "0\r\n\r\n";
  send(std::move(head), std::move(bytes));
}

// Closing with unread input makes the kernel send a reset that can destroy the answer on its way
// (413, 431), so the end is announced and the client's bytes are dropped for a while.
void Connection::linger() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::lingering;
  if (stream_) stream_->detach();
  drained_bytes_ = 0;
  set_deadline(context_.draining ? linger_time_draining_max : linger_time_max);
  socket_->shut_down(shared_from_this());
}

void Connection::on_shut_down() {
  if (phase_ != Phase::lingering) return;
  if (peer_ended_) return close();
  begin_ = end_ = 0;
  read_more();
}

void Connection::sweep(Milliseconds now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::head:
      return respond_error(408, "The request's header did not arrive in time.");
    case Phase::body:
      return respond_error(408, "The request's body did not arrive in time.");
    case Phase::idle:
      return linger();
    default:
      return abort();
  }
}

void Connection::drain() {
  if (phase_ == Phase::idle || phase_ == Phase::opening) return close();
  if (phase_ == Phase::streaming) stream_->close();
}

void Connection::abort() { close(); }

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  deadline_ = Milliseconds::max();
  if (stream_) stream_->detach();
  socket_->close();
  owner_.connection_closed(*this);
}

}  // namespace fairlead::net
