#include "net/loopback_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "base/assert.h"

namespace fairlead::net {
namespace {

constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int listen_on_loopback(std::uint16_t& port) {
  int const descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  FAIRLEAD_ASSERT(bind(descriptor, raw, size) == 0 && listen(descriptor, 64) == 0,
                  "a loopback port");
  getsockname(descriptor, raw, &size);
  port = ntohs(address.sin_port);
  return descriptor;
}

}  // namespace

RawSocket::RawSocket(int descriptor) : descriptor_(descriptor) {
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

RawSocket::~RawSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

RawSocket::RawSocket(RawSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

bool RawSocket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    auto const count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string RawSocket::receive_some() const {
  std::string buffer(64 << 10, '\0');
  auto const count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  buffer.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return buffer;
}

std::string RawSocket::receive_until(std::string_view text) const {
  std::string all;
  while (all.find(text) == std::string::npos) {
    auto const some = receive_some();
    if (some.empty()) break;
    all += some;
  }
  return all;
}

std::string RawSocket::receive_all() const {
  std::string all;
  for (auto some = receive_some(); !some.empty(); some = receive_some())
    all += some;
  return all;
}

void RawSocket::finish_sending() const { ::shutdown(descriptor_, SHUT_WR); }

void RawSocket::close_and_confirm() {
  linger const patient{.l_onoff = 1, .l_linger = patience.tv_sec};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &patient, sizeof(patient));
  ::close(std::exchange(descriptor_, -1));
}

void RawSocket::reset() {
  linger const hard{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  ::close(std::exchange(descriptor_, -1));
}

RawSocket connect_to(std::uint16_t port) {
  int const descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto const address = loopback(port);
  auto const code =
      ::connect(descriptor, reinterpret_cast<sockaddr const*>(&address), sizeof(address));
  FAIRLEAD_ASSERT(code == 0, "the server under test listens");
  return RawSocket(descriptor);
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

RawServer::RawServer(std::function<void(RawSocket&)> script)
    : listener_(listen_on_loopback(port_)),
      script_(std::move(script)),
      thread_([this] { serve(); }) {}

void RawServer::serve() {
  sigset_t signals;  // OpenSSL writes without MSG_NOSIGNAL
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  for (;;) {
    int const accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    RawSocket socket(accepted);
    ++connections_;
    {
      std::lock_guard const lock(mutex_);
      if (stopping_) return;
      current_ = accepted;
    }
    script_(socket);
    std::lock_guard const lock(mutex_);
    current_ = -1;
  }
}

RawServer::~RawServer() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);  // a script that still reads sees the end
  }
  ::shutdown(listener_, SHUT_RDWR);  // ends accept
  thread_.join();
  ::close(listener_);
}

std::string RawServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

}  // namespace fairlead::net
