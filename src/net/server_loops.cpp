#include "net/server_loops.h"

#include <openssl/ssl.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <thread>
#include <unordered_map>

namespace fairlead::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using SslStream = asio::ssl::stream<tcp::socket>;
using Buffers = std::array<asio::const_buffer, 2>;

constexpr int listen_backlog = 4'096;
constexpr Milliseconds accept_retry_delay{100};  // when the process has no file descriptor left
constexpr std::size_t refused_at_once_max = 64;  // beyond connections_max, to tell them 503
constexpr Milliseconds sweep_period_max{500};
constexpr Milliseconds sweep_period_min{20};

IoStatus status_of(ErrorCode const& code) {
  if (!code) return IoStatus::ok;
  return code == asio::error::eof ? IoStatus::ended : IoStatus::failed;
}

// One concrete handler type per event: nothing is type-erased per operation.
struct ReadDone {
  ServerSocket::Owner owner;
  void operator()(ErrorCode const& code, std::size_t bytes) const {
    owner->on_read(status_of(code), bytes);
  }
};
struct WriteDone {
  ServerSocket::Owner owner;
  void operator()(ErrorCode const& code, std::size_t bytes) const {
    owner->on_written(status_of(code), bytes);
  }
};

std::string peer_name(tcp::socket const& socket) {
  ErrorCode failed;
  auto const end = socket.remote_endpoint(failed);
  if (failed) return "unknown";
  auto const ip = end.address().to_string();
  return (end.address().is_v6() ? "[" + ip + "]" : ip) + ":" + std::to_string(end.port());
}

// What TCP and TLS share: the timer, closing, and everything below TLS.
class TcpSocket : public ServerSocket {
 public:
  void wait(Milliseconds duration, Owner owner) override {
    timer_.expires_after(duration);
    timer_.async_wait([owner = std::move(owner)](ErrorCode const& code) {
      if (!code) owner->on_timer();
    });
  }
  void close() override {
    ErrorCode ignored;
    timer_.cancel();
    tcp_layer().close(ignored);
  }
  void reset() override {
    ErrorCode ignored;
    tcp_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }
  void post(std::function<void()> work) override { asio::post(context_, std::move(work)); }
  [[nodiscard]] std::string peer() const override { return peer_; }

 protected:
  TcpSocket(asio::io_context& context, tcp::socket const& socket)
      : context_(context), timer_(context), peer_(peer_name(socket)) {}

  virtual tcp::socket& tcp_layer() = 0;
  void send_fin() {
    ErrorCode ignored;
    tcp_layer().shutdown(tcp::socket::shutdown_send, ignored);
  }

 private:
  asio::io_context& context_;
  asio::steady_timer timer_;
  std::string const peer_;
};

class PlainSocket final : public TcpSocket {
 public:
  PlainSocket(asio::io_context& context, tcp::socket socket)
      : TcpSocket(context, socket), socket_(std::move(socket)) {}

  void start(Owner owner) override { owner->on_ready(IoStatus::ok); }
  void read(std::span<char> into, Owner owner) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), ReadDone{std::move(owner)});
  }
  void write(std::string_view head, std::string_view body, Owner owner) override {
    socket_.async_write_some(Buffers{asio::buffer(head), asio::buffer(body)},
                             WriteDone{std::move(owner)});
  }
  void shut_down(Owner owner) override {
    send_fin();
    owner->on_shut_down();
  }
  [[nodiscard]] bool tls() const override { return false; }

 private:
  tcp::socket& tcp_layer() override { return socket_; }
  tcp::socket socket_;
};

class TlsSocket final : public TcpSocket {
 public:
  TlsSocket(asio::io_context& context, tcp::socket socket, asio::ssl::context& tls)
      : TcpSocket(context, socket), stream_(std::move(socket), tls) {}

  void start(Owner owner) override {
    stream_.async_handshake(
        asio::ssl::stream_base::server,
        [owner = std::move(owner)](ErrorCode const& code) { owner->on_ready(status_of(code)); });
  }
  void read(std::span<char> into, Owner owner) override {
    auto const buffer = asio::buffer(into.data(), into.size());
    if (raw_) return stream_.next_layer().async_read_some(buffer, ReadDone{std::move(owner)});
    stream_.async_read_some(buffer, ReadDone{std::move(owner)});
  }
  void write(std::string_view head, std::string_view body, Owner owner) override {
    stream_.async_write_some(Buffers{asio::buffer(head), asio::buffer(body)},
                             WriteDone{std::move(owner)});
  }
  // Ends when the peer's close_notify, or anything else it sends, has come.
  void shut_down(Owner owner) override {
    stream_.async_shutdown([this, owner = std::move(owner)](ErrorCode const&) {
      raw_ = true;
      send_fin();
      owner->on_shut_down();
    });
  }
  [[nodiscard]] bool tls() const override { return true; }

 private:
  tcp::socket& tcp_layer() override { return stream_.next_layer(); }
  SslStream stream_;
  bool raw_{false};
};

Result<void> load_tls(asio::ssl::context& tls, HttpServerOptions const& options) {
  auto const refuse = [](std::string const& what, ErrorCode const& code) {
    auto error = invalid_input("tls", "The server's " + what + " cannot be used.");
    error.cause = code.message();
    error.remedy =
        "Give it as PEM text (-----BEGIN ...-----); key and certificate must belong together.";
    return error;
  };
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  ErrorCode code;
  // Without this OpenSSL asks for the key's password on the terminal.
  tls.set_password_callback([](std::size_t, auto) { return std::string(); }, code);
  tls.use_certificate_chain(asio::buffer(options.tls_cert_pem), code);
  if (code) return refuse("certificate", code);
  tls.use_private_key(asio::buffer(options.tls_key_pem.reveal()), asio::ssl::context::pem, code);
  if (code) return refuse("key", code);
  return {};
}

Error listen_error(HttpServerOptions const& options, ErrorCode const& code) {
  auto const place = options.address + ":" + std::to_string(options.port);
  auto const error_of = [&](ErrorKind kind, std::string const& why, std::string const& remedy) {
    auto error = make_error(kind, "Could not listen on " + place + ": " + why + ".");
    error.remedy = remedy;
    error.where = place;
    return error;
  };
  if (code == asio::error::address_in_use) {
    return error_of(ErrorKind::conflict,
                    "port " + std::to_string(options.port) + " is already in use",
                    "Stop the program that uses it, or choose another port.");
  }
  if (code == asio::error::access_denied) {
    return error_of(
        ErrorKind::denied, "permission denied",
        "Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); choose a higher one.");
  }
  return error_of(ErrorKind::invalid_input, code.message(),
                  "Give an address of this machine, such as 127.0.0.1.");
}

Milliseconds sweep_period(HttpServerOptions const& options) {
  auto const shortest =
      std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
  return std::clamp(shortest / 4, sweep_period_min, sweep_period_max);
}

// One event loop with its thread and connections.
class Loop final : public ConnectionOwner {
 public:
  explicit Loop(ServerContext& shared)
      : context(1), sweeper(context), shared_(shared), work_(asio::make_work_guard(context)) {}

  void run() {
    schedule_sweep();
    thread_ = std::thread([this] { context.run(); });
  }
  void stop() {
    asio::post(context, [this] {
      stopping_ = true;  // a tick that is due already cannot be cancelled any more
      sweeper.cancel();
    });
    work_.reset();
    if (thread_.joinable()) thread_.join();
  }
  // The rest: on the loop's thread.
  void add(std::shared_ptr<Connection> const& connection) {
    connections_[connection.get()] = connection;
  }
  void connection_closed(Connection const& connection) override;
  template <class Visit>
  void for_each(Visit visit) {
    std::vector<std::shared_ptr<Connection>> all;  // visiting may close, and so erase
    all.reserve(connections_.size());
    for (auto const& [key, connection] : connections_)
      all.push_back(connection);
    for (auto const& connection : all)
      visit(*connection);
  }
  std::function<void()> on_closed;

  asio::io_context context;
  asio::steady_timer sweeper;

 private:
  void schedule_sweep() {
    sweeper.expires_after(sweep_period(shared_.options));
    sweeper.async_wait([this](ErrorCode const& code) {
      if (code || stopping_) return;
      auto const now = shared_.clock.steady();
      for_each([now](Connection& connection) { connection.sweep(now); });
      schedule_sweep();
    });
  }

  ServerContext& shared_;
  bool stopping_{false};  // on the loop's thread
  std::unordered_map<Connection const*, std::shared_ptr<Connection>> connections_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

void Loop::connection_closed(Connection const& connection) {
  connections_.erase(&connection);
  on_closed();
}

}  // namespace

struct ServerLoops::Impl {
  explicit Impl(ServerContext& context) : shared(context), tls(asio::ssl::context::tls_server) {}

  ServerContext& shared;
  asio::ssl::context tls;
  std::vector<std::unique_ptr<Loop>> loops;
  std::unique_ptr<tcp::acceptor> acceptor;  // on the first loop
  std::unique_ptr<asio::steady_timer> accept_retry;
  std::uint16_t port{0};
  std::size_t next_loop{0};

  std::mutex mutex;
  std::condition_variable empty;
  std::size_t open{0};
  bool full_logged{false};

  Result<void> listen();
  void accept();
  void accepted(Loop& loop, tcp::socket socket);
  void count_closed();
};

Result<void> ServerLoops::Impl::listen() {
  auto const& options = shared.options;
  ErrorCode code;
  auto const address =
      asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, code);
  if (code) return listen_error(options, code);
  tcp::endpoint const place(address, options.port);
  acceptor = std::make_unique<tcp::acceptor>(loops.front()->context);
  accept_retry = std::make_unique<asio::steady_timer>(loops.front()->context);
  acceptor->open(place.protocol(), code);
  if (!code) acceptor->set_option(asio::socket_base::reuse_address(true), code);
  if (!code && address.is_v6()) acceptor->set_option(asio::ip::v6_only(false), code);
  if (!code) acceptor->bind(place, code);
  if (!code) acceptor->listen(listen_backlog, code);
  if (code) return listen_error(options, code);
  port = acceptor->local_endpoint(code).port();
  return {};
}

void ServerLoops::Impl::accept() {
  if (!acceptor->is_open()) return;
  auto& loop = *loops[next_loop++ % loops.size()];
  acceptor->async_accept(loop.context, [this, &loop](ErrorCode const& code, tcp::socket socket) {
    if (code == asio::error::operation_aborted || !acceptor->is_open()) return;
    if (!code) {
      accepted(loop, std::move(socket));
      return accept();
    }
    shared.log.warning("could not accept a connection", {{"what", code.message()}});
    accept_retry->expires_after(accept_retry_delay);
    accept_retry->async_wait([this](ErrorCode const& stopped) {
      if (!stopped) accept();
    });
  });
}

void ServerLoops::Impl::accepted(Loop& loop, tcp::socket socket) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto full = false;
  {
    std::lock_guard const lock(mutex);
    full = open >= shared.options.connections_max;
    if (full && open >= shared.options.connections_max + refused_at_once_max) return;  // closes it
    ++open;
    if (full && !std::exchange(full_logged, true))
      shared.log.warning("too many connections; refusing new ones");
    if (!full) full_logged = false;
  }
  std::unique_ptr<ServerSocket> stream;
  if (shared.options.tls_cert_pem.empty()) {
    stream = std::make_unique<PlainSocket>(loop.context, std::move(socket));
  } else {
    stream = std::make_unique<TlsSocket>(loop.context, std::move(socket), tls);
  }
  auto connection = std::make_shared<Connection>(std::move(stream), shared, loop);
  asio::dispatch(loop.context, [&loop, connection, full] {
    loop.add(connection);
    full ? connection->refuse() : connection->start();
  });
}

void ServerLoops::Impl::count_closed() {
  std::lock_guard const lock(mutex);
  --open;
  if (open == 0) empty.notify_all();
}

ServerLoops::ServerLoops(ServerContext& context) : impl_(std::make_unique<Impl>(context)) {
  for (int i = 0; i < std::max(1, context.options.io_threads); ++i) {
    impl_->loops.push_back(std::make_unique<Loop>(context));
    impl_->loops.back()->on_closed = [impl = impl_.get()] { impl->count_closed(); };
  }
}

ServerLoops::~ServerLoops() {
  drain();
  abort_all();
  wait_until_empty(Milliseconds(1'000));
  for (auto& loop : impl_->loops)
    loop->stop();
  impl_->acceptor.reset();
  impl_->accept_retry.reset();
}

Result<void> ServerLoops::start() {
  if (!impl_->shared.options.tls_cert_pem.empty())
    FAIRLEAD_CHECK(load_tls(impl_->tls, impl_->shared.options));
  FAIRLEAD_CHECK(impl_->listen());
  impl_->accept();
  for (auto& loop : impl_->loops)
    loop->run();
  return {};
}

std::uint16_t ServerLoops::port() const { return impl_->port; }

void ServerLoops::drain() {
  impl_->shared.draining = true;
  asio::post(impl_->loops.front()->context, [impl = impl_.get()] {
    ErrorCode ignored;
    if (impl->acceptor) impl->acceptor->close(ignored);
    if (impl->accept_retry) impl->accept_retry->cancel();
    // After the last accepted connection was handed to its loop.
    for (auto& loop : impl->loops) {
      asio::post(loop->context, [&loop] { loop->for_each([](Connection& c) { c.drain(); }); });
    }
  });
}

bool ServerLoops::wait_until_empty(Milliseconds timeout) {
  std::unique_lock lock(impl_->mutex);
  return impl_->empty.wait_for(lock, timeout, [this] { return impl_->open == 0; });
}

void ServerLoops::abort_all() {
  asio::post(impl_->loops.front()->context, [impl = impl_.get()] {
    for (auto& loop : impl->loops) {
      asio::post(loop->context, [&loop] { loop->for_each([](Connection& c) { c.abort(); }); });
    }
  });
}

}  // namespace fairlead::net
