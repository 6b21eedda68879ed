// The rules of HTTP on a connection in memory with a virtual clock: no sockets, no real time.
#include "net/connection.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

#include "testing/virtual_clock.h"

namespace fairlead::net {
namespace {

// What the peer sees and does; the event loop is run_until().
class MemoryPeer {
 public:
  std::string sent;  // by the server
  std::size_t write_max{1'000'000};
  bool fin_sent{false};
  bool closed{false};
  bool was_reset{false};
  Milliseconds timer{0};

  void push(std::string_view bytes) {
    incoming_ += bytes;
    deliver();
  }
  void end() {
    ended_ = true;
    deliver();
  }
  void post(std::function<void()> work) {
    std::lock_guard const lock(mutex_);
    tasks_.push_back(std::move(work));
    posted_.notify_all();
  }
  // Runs the loop until `done` holds; false if it does not within five seconds.
  template <class Done>
  bool run_until(Done done) {
    auto const step = [&] {
      std::unique_lock lock(mutex_);
      if (!posted_.wait_for(lock, std::chrono::seconds(5), [&] { return !tasks_.empty(); }))
        return false;
      auto const task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      return true;
    };
    while (!done()) {
      if (!step()) return false;
    }
    return true;
  }
  void run_ready() {
    run_until([&] {
      std::lock_guard const lock(mutex_);
      return tasks_.empty();
    });
  }
  void fire_timer() {
    auto const owner = std::exchange(timer_owner_, nullptr);
    owner->on_timer();
  }

 private:
  friend class MemorySocket;
  void deliver() {
    if (!reader_ || (incoming_.empty() && !ended_ && !closed)) return;
    auto const owner = std::exchange(reader_, nullptr);
    auto const count = std::min(into_.size(), incoming_.size());
    std::copy_n(incoming_.begin(), count, into_.begin());
    incoming_.erase(0, count);
    auto const status = count > 0 ? IoStatus::ok : (closed ? IoStatus::failed : IoStatus::ended);
    post([owner, status, count] { owner->on_read(status, count); });
  }

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> tasks_;
  std::string incoming_;
  bool ended_{false};
  std::span<char> into_;
  ServerSocket::Owner reader_;
  ServerSocket::Owner timer_owner_;
};

class MemorySocket final : public ServerSocket {
 public:
  explicit MemorySocket(MemoryPeer& peer) : peer_(peer) {}
  void start(Owner owner) override { owner->on_ready(IoStatus::ok); }
  void read(std::span<char> into, Owner owner) override {
    EXPECT_FALSE(peer_.reader_) << "one read at a time";
    peer_.into_ = into;
    peer_.reader_ = std::move(owner);
    peer_.deliver();
  }
  void write(std::string_view head, std::string_view body, Owner owner) override {
    auto const text = (std::string(head) + std::string(body)).substr(0, peer_.write_max);
    peer_.sent += text;
    peer_.post([owner, count = text.size()] { owner->on_written(IoStatus::ok, count); });
  }
  void shut_down(Owner owner) override {
    peer_.fin_sent = true;
    owner->on_shut_down();
  }
  void wait(Milliseconds duration, Owner owner) override {
    peer_.timer = duration;
    peer_.timer_owner_ = std::move(owner);
  }
  void close() override {
    peer_.closed = true;
    peer_.deliver();
  }
  void reset() override { peer_.was_reset = true; }
  void post(std::function<void()> work) override { peer_.post(std::move(work)); }
  [[nodiscard]] std::string peer() const override { return "memory"; }
  [[nodiscard]] bool tls() const override { return false; }

 private:
  MemoryPeer& peer_;
};

class ConnectionTest : public ::testing::Test, public ConnectionOwner {
 protected:
  ConnectionTest() {
    options_.header_bytes_max = 1'000;
    options_.body_bytes_max = 1'000;
    routes_.push_back(
        {Method::get, "/hello", [](ServerRequest const&) { return text_response(200, "hi"); }});
    routes_.push_back(
        {Method::post, "/echo", [](ServerRequest const& r) { return text_response(200, r.body); }});
  }
  void start() {
    shared_.emplace(*this);
    connection_ = std::make_shared<Connection>(std::make_unique<MemorySocket>(peer_),
                                               shared_->context, *this);
    connection_->start();
  }
  void TearDown() override {
    if (connection_) connection_->abort();
    peer_.run_ready();
  }
  void advance(Milliseconds by) {
    clock_.advance(by);
    if (connection_) connection_->sweep(clock_.steady());
    peer_.run_ready();
  }
  // Runs until the server has sent `text` that often.
  bool sent(std::string_view text, int times = 1) {
    return peer_.run_until([&] {
      int found = 0;
      for (auto at = peer_.sent.find(text); at != std::string::npos;
           at = peer_.sent.find(text, at + 1))
        ++found;
      return found >= times;
    });
  }
  bool lingers() {
    return peer_.run_until([&] { return peer_.fin_sent; });
  }

  MemoryPeer peer_;
  HttpServerOptions options_;
  std::vector<Route> routes_;
  testing::VirtualClock clock_;
  std::unique_ptr<Log> log_{make_null_log()};
  struct Shared {
    explicit Shared(ConnectionTest& test)
        : router(std::move(test.routes_)),
          context{test.options_, router, test.workers_, test.clock_, *test.log_} {}
    Router router;
    ServerContext context;
  };
  std::optional<Shared> shared_;
  std::shared_ptr<Connection> connection_;
  WorkerPool workers_{{.threads = 1, .queue_max = 1}};  // first to go: a handler may hold the rest

  void connection_closed(Connection const&) override { connection_.reset(); }
};

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(ConnectionTest, answers_and_keeps_alive) {
  start();
  peer_.push(hello);
  ASSERT_TRUE(sent("\r\n\r\nhi"));
  EXPECT_EQ(peer_.sent.substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_NE(peer_.sent.find("Date: Sun, 22 Nov 2026 12:00:00 GMT\r\n"), std::string::npos);
  EXPECT_EQ(peer_.sent.find("Connection: close"), std::string::npos);
  peer_.push(hello);
  EXPECT_TRUE(sent("\r\n\r\nhi", 2));
  EXPECT_FALSE(peer_.fin_sent);
}

TEST_F(ConnectionTest, answers_pipelined_requests_in_order_one_after_the_other) {
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nA" + std::string(hello) +
             "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nBGET /hel");
  peer_.push("lo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(lingers());
  std::string order;
  for (auto at = peer_.sent.find("\r\n\r\n"); at != std::string::npos;
       at = peer_.sent.find("\r\n\r\n", at + 4)) {
    order += peer_.sent[at + 4];
  }
  EXPECT_EQ(order, "AhBh");
}

TEST_F(ConnectionTest, goes_on_writing_where_the_socket_stopped) {
  peer_.write_max = 3;
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789");
  EXPECT_TRUE(sent("\r\n\r\n0123456789"));
}

TEST_F(ConnectionTest, answers_head_without_body_but_with_its_length) {
  start();
  peer_.push("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(lingers());
  EXPECT_NE(peer_.sent.find("Content-Length: 2\r\n"), std::string::npos);
  EXPECT_TRUE(peer_.sent.ends_with("\r\n\r\n"));
}

TEST_F(ConnectionTest, says_not_found_and_which_methods_are_allowed) {
  start();
  peer_.push(
      "GET /nothing?token=s3cret HTTP/1.1\r\nHost: h\r\n\r\nDELETE /hello HTTP/1.1\r\nHost: "
      "h\r\n\r\n");
  ASSERT_TRUE(sent("405 Method Not Allowed"));
  EXPECT_NE(peer_.sent.find("404 Not Found"), std::string::npos);
  EXPECT_NE(peer_.sent.find("Allow: GET, HEAD\r\n"), std::string::npos);
  EXPECT_EQ(peer_.sent.find("s3cret"), std::string::npos);
}

TEST_F(ConnectionTest, asks_the_not_found_handler_and_corrects_its_status) {
  options_.not_found = [](ServerRequest const& r) {
    return text_response(404, "own " + r.param("allow"));
  };
  start();
  peer_.push("PUT /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(sent("own GET, HEAD"));
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 405 "));
}

TEST_F(ConnectionTest, sends_continue_only_when_it_wants_the_body) {
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(sent("HTTP/1.1 100 Continue\r\n\r\n"));
  peer_.push("abc");
  ASSERT_TRUE(sent("\r\n\r\nabc"));
  peer_.push(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3000\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(sent("413 Content Too Large"));
  EXPECT_EQ(peer_.sent.find("100 Continue", 30), std::string::npos);
}

TEST_F(ConnectionTest, answers_413_while_the_body_still_comes_then_drops_a_bounded_amount) {
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n" +
             std::string(5'000, 'x'));
  ASSERT_TRUE(lingers());
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 413 "));
  EXPECT_FALSE(peer_.closed) << "closing with unread input would destroy the answer";
  for (int i = 0; i < 200 && !peer_.closed; ++i) {
    peer_.push(std::string(64 << 10, 'x'));
    peer_.run_ready();
  }
  EXPECT_TRUE(peer_.closed);
}

TEST_F(ConnectionTest, closes_a_lingering_connection_when_the_peer_does_or_after_two_seconds) {
  start();
  peer_.push("GARBAGE\r\n\r\n");
  ASSERT_TRUE(lingers());
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 400 "));
  advance(Milliseconds(1'900));
  EXPECT_FALSE(peer_.closed);
  advance(Milliseconds(200));
  EXPECT_TRUE(peer_.closed);
}

TEST_F(ConnectionTest, answers_408_to_a_slow_header_however_busy_it_looks) {
  start();
  peer_.push("GET /hello HT");
  peer_.run_ready();
  for (int i = 0; i < 14; ++i) {
    advance(Milliseconds(1'000));
    peer_.push("x");
    peer_.run_ready();
  }
  EXPECT_EQ(peer_.sent, "");
  advance(Milliseconds(1'100));
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 408 "));
}

TEST_F(ConnectionTest, answers_408_to_a_slow_body) {
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
  peer_.run_ready();
  advance(Milliseconds(59'000));
  EXPECT_EQ(peer_.sent, "");
  advance(Milliseconds(1'100));
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 408 "));
}

TEST_F(ConnectionTest, closes_silent_connections_without_an_answer) {
  start();
  advance(Milliseconds(15'100));
  EXPECT_TRUE(peer_.fin_sent);
  EXPECT_EQ(peer_.sent, "");
}

TEST_F(ConnectionTest, lets_an_idle_connection_wait_longer_after_its_first_request) {
  start();
  peer_.push(hello);
  ASSERT_TRUE(sent("hi"));
  peer_.run_ready();
  advance(Milliseconds(74'000));
  EXPECT_FALSE(peer_.fin_sent);
  advance(Milliseconds(1'100));
  EXPECT_TRUE(peer_.fin_sent);
}

TEST_F(ConnectionTest, forgets_a_client_that_leaves_in_the_middle) {
  start();
  peer_.push("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
  peer_.end();
  peer_.run_ready();
  EXPECT_TRUE(peer_.closed);
  EXPECT_EQ(peer_.sent, "");
}

TEST_F(ConnectionTest, answers_500_when_a_handler_throws_and_says_nothing_of_why) {
  routes_.push_back({Method::get, "/throw", [](ServerRequest const&) -> ServerResponse {
                       throw std::runtime_error("secret");
                     }});
  start();
  peer_.push("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(hello));
  ASSERT_TRUE(sent("\r\n\r\nhi"));
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(peer_.sent.find("secret"), std::string::npos);
}

TEST_F(ConnectionTest, answers_503_with_retry_after_when_the_workers_are_full) {
  std::promise<void> release;
  std::atomic<bool> begun{false};
  auto const block = [&begun, released = release.get_future().share()] {
    begun = true;
    released.wait();
  };
  ASSERT_TRUE(workers_.submit(block).ok());
  while (!begun)
    std::this_thread::yield();
  ASSERT_TRUE(workers_.submit([] {}).ok());
  start();
  peer_.push(hello);
  EXPECT_TRUE(sent("Retry-After: 1\r\n"));
  EXPECT_TRUE(peer_.sent.starts_with("HTTP/1.1 503 "));
  release.set_value();
}

TEST_F(ConnectionTest, speaks_http_1_0) {
  start();
  peer_.push("GET /hello HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(lingers());
  EXPECT_NE(peer_.sent.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(ConnectionTest, sends_the_head_waits_and_then_sends_the_body) {
  routes_.push_back({Method::get, "/slow", [](ServerRequest const&) {
                       auto response = text_response(200, "late");
                       response.delay = Milliseconds(700);
                       return response;
                     }});
  start();
  peer_.push("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(peer_.run_until([&] { return peer_.timer == Milliseconds(700); }));
  EXPECT_TRUE(peer_.sent.ends_with("Content-Length: 4\r\n\r\n"));
  peer_.fire_timer();
  EXPECT_TRUE(sent("\r\n\r\nlate"));
  peer_.push(hello);
  EXPECT_TRUE(sent("\r\n\r\nhi")) << "the delay is not carried over";
}

TEST_F(ConnectionTest, resets_when_told_to) {
  routes_.push_back({Method::get, "/reset", [](ServerRequest const&) {
                       ServerResponse response;
                       response.reset_connection = true;
                       return response;
                     }});
  start();
  peer_.push("GET /reset HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(peer_.run_until([&] { return peer_.closed; }));
  EXPECT_TRUE(peer_.was_reset);
  EXPECT_EQ(peer_.sent, "");
}

class StreamTest : public ConnectionTest {
 protected:
  StreamTest() {
    routes_.push_back({Method::get, "/events", [this](ServerRequest const&) {
                         ServerResponse response;
                         response.body = "first;";
                         response.on_stream = [this](std::shared_ptr<StreamWriter> writer) {
                           std::lock_guard const lock(mutex_);
                           writer_ = std::move(writer);
                           came_.notify_all();
                         };
                         return response;
                       }});
    options_.stream_buffer_bytes_max = 100;
  }
  std::shared_ptr<StreamWriter> open(std::string_view version = "1.1") {
    start();
    peer_.push("GET /events HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(sent("first;"));
    peer_.run_ready();
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(came_.wait_for(lock, std::chrono::seconds(5), [&] { return writer_ != nullptr; }));
    return writer_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::shared_ptr<StreamWriter> writer_;
};

TEST_F(StreamTest, sends_chunks_as_they_are_written_and_ends_properly) {
  auto const writer = open();
  EXPECT_NE(peer_.sent.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_TRUE(peer_.sent.ends_with("\r\n\r\n6\r\nfirst;\r\n"));
  EXPECT_TRUE(writer->write("0123456789abcdef"));
  ASSERT_TRUE(sent("10\r\n0123456789abcdef\r\n"));
  EXPECT_TRUE(writer->wait_below(100, Milliseconds(0)));
  writer->close();
  ASSERT_TRUE(lingers());
  EXPECT_TRUE(peer_.sent.ends_with("\r\n0\r\n\r\n"));
  EXPECT_FALSE(writer->write("x"));
}

TEST_F(StreamTest, is_plain_bytes_until_close_for_http_1_0) {
  auto const writer = open("1.0");
  EXPECT_EQ(peer_.sent.find("chunked"), std::string::npos);
  EXPECT_TRUE(peer_.sent.ends_with("\r\n\r\nfirst;"));
  writer->close();
  EXPECT_TRUE(lingers());
}

TEST_F(StreamTest, tells_the_writer_that_the_client_left) {
  auto const writer = open();
  peer_.end();
  ASSERT_TRUE(peer_.run_until([&] { return peer_.closed; }));
  EXPECT_FALSE(writer->open());
  EXPECT_FALSE(writer->write("x"));
}

TEST_F(StreamTest, gives_up_on_a_client_that_does_not_read) {
  auto const writer = open();
  EXPECT_FALSE(writer->write(std::string(101, 'x')));
  ASSERT_TRUE(peer_.run_until([&] { return peer_.closed; }));
  EXPECT_FALSE(peer_.sent.ends_with("0\r\n\r\n")) << "a cut stream must not look complete";
}

TEST_F(StreamTest, ends_when_the_server_drains) {
  auto const writer = open();
  shared_->context.draining = true;
  connection_->drain();
  ASSERT_TRUE(lingers());
  EXPECT_TRUE(peer_.sent.ends_with("0\r\n\r\n"));
  EXPECT_FALSE(writer->open());
}

TEST_F(StreamTest, waits_for_events_as_long_as_it_takes) {
  auto const writer = open();
  advance(Milliseconds(10'000'000));
  EXPECT_TRUE(writer->open());
}

TEST_F(ConnectionTest, closes_idle_connections_at_once_when_draining) {
  start();
  connection_->drain();
  EXPECT_TRUE(peer_.closed);
}

TEST_F(ConnectionTest, finishes_the_running_request_when_draining) {
  start();
  peer_.push(hello.substr(0, 20));
  peer_.run_ready();
  shared_->context.draining = true;
  connection_->drain();
  EXPECT_FALSE(peer_.fin_sent);
  peer_.push(std::string(hello.substr(20)) + std::string(hello));
  ASSERT_TRUE(lingers());
  EXPECT_TRUE(peer_.sent.ends_with("\r\n\r\nhi"));
  EXPECT_NE(peer_.sent.find("Connection: close\r\n"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::net
