// The server over loopback: with our own client, and with sockets by hand.
#include "net/http_server.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "net/curl_transport.h"
#include "net/loopback_test.h"

namespace fairlead::net {
namespace {

// Writers of open streams, and a handler's chance to wait for the test.
class Gate {
 public:
  void open() {
    std::lock_guard const lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(5), [&] { return open_; });
  }
  bool wait_for_visitor() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_{0};
  bool open_{false};
};

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() {
    on(Method::get, "/hello", [](ServerRequest const&) { return text_response(200, "hi"); });
    on(Method::post, "/echo", [](ServerRequest const& r) { return text_response(200, r.body); });
    on(Method::get, "/wait", [this](ServerRequest const&) {
      gate_.wait();
      return text_response(200, "waited");
    });
    on(Method::get, "/events", [this](ServerRequest const&) {
      ServerResponse response;
      response.on_stream = [this](std::shared_ptr<StreamWriter> writer) {
        std::lock_guard const lock(mutex_);
        writers_.push_back(std::move(writer));
        came_.notify_all();
      };
      return response;
    });
  }
  void on(Method method, std::string pattern, Handler handler) {
    routes_.push_back({method, std::move(pattern), std::move(handler)});
  }
  void start() {
    server_ = make_http_server(options_, routes_, *log_);
    auto const started = server_->start();
    ASSERT_TRUE(started.ok()) << describe(started.error());
  }
  [[nodiscard]] HttpRequest get(std::string_view path) const {
    HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + std::string(path);
    request.limits.total_timeout = Milliseconds(5'000);
    return request;
  }
  std::vector<std::shared_ptr<StreamWriter>> wait_for_writers(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        came_.wait_for(lock, std::chrono::seconds(10), [&] { return writers_.size() >= count; }));
    return writers_;
  }

  Gate gate_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::shared_ptr<StreamWriter>> writers_;
  HttpServerOptions options_{.worker_threads = 4};
  std::vector<Route> routes_;
  std::unique_ptr<Log> log_{make_null_log()};
  std::unique_ptr<HttpTransport> transport_{make_curl_transport({})};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, serves_our_own_client) {
  on(Method::put, "/projects/{id}/files/{path*}", [](ServerRequest const& r) {
    return json_response(201, Json::object({{"id", r.param("id")},
                                            {"path", r.param("path")},
                                            {"q", std::string(r.query_value("q"))},
                                            {"size", r.body.size()},
                                            {"tls", r.tls}}));
  });
  start();
  auto request = get("/projects/ops%2Fincidents/files/a/b%2Fc?q=1+2");
  request.method = Method::put;
  request.body = std::string(1'000'000, 'x');
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body,
            R"({"id":"ops/incidents","path":"a/b/c","q":"1 2","size":1000000,"tls":false})");
  EXPECT_EQ(response->headers.get("Server"), "Fairlead");
}

TEST_F(HttpServerTest, serves_many_at_once_on_several_threads) {
  options_.io_threads = 2;
  start();
  std::atomic<int> good{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 16; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        auto request = get("/echo");
        request.method = Method::post;
        request.body = std::string(static_cast<std::size_t>(i) * 1'000, 'b');
        auto const response = transport_->send(request);
        if (response.ok() && response->body == request.body) ++good;
      }
    });
  }
  for (auto& caller : callers)
    caller.join();
  EXPECT_EQ(good, 800);
}

TEST_F(HttpServerTest, delivers_413_to_a_client_that_is_still_sending) {
  options_.body_bytes_max = 1'000;
  start();
  for (auto const* const framing :
       {"Content-Length: 3000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n"}) {
    auto const client = connect_to(server_->port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\n" + std::string(framing));
    EXPECT_TRUE(client.send(std::string(3'000'000, 'x'))) << "the server goes on reading";
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
  }
  auto request = get("/echo");
  request.method = Method::post;
  request.body = std::string(5'000'000, 'x');
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->status, 413);
}

TEST_F(HttpServerTest, delivers_431) {
  start();
  auto request = get("/hello");
  request.headers = {{"X", std::string(70'000, 'x')}};
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->status, 431);
}

TEST_F(HttpServerTest, answers_garbage_and_survives_truncation_and_resets) {
  start();
  for (int i = 0; i < 20; ++i) {
    auto const garbage = connect_to(server_->port());
    garbage.send(std::string_view("\x16\x03\x01\x00\xff\x00\r\n\r\n", 10));
    EXPECT_TRUE(garbage.receive_all().starts_with("HTTP/1.1 400 "));
    auto const cut = connect_to(server_->port());
    cut.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    cut.finish_sending();
    EXPECT_EQ(cut.receive_all(), "");
    auto gone = connect_to(server_->port());
    gone.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Le");
    gone.reset();
  }
  EXPECT_TRUE(transport_->send(get("/hello")).ok());
}

TEST_F(HttpServerTest, answers_a_client_that_says_the_end_early) {
  start();
  auto const client = connect_to(server_->port());
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  client.finish_sending();
  EXPECT_TRUE(client.receive_all().ends_with("\r\n\r\nhi"));
}

TEST_F(HttpServerTest, cuts_off_a_slow_client_with_408) {
  options_.header_timeout = Milliseconds(80);
  start();
  auto const client = connect_to(server_->port());
  client.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
  auto const silent = connect_to(server_->port());
  EXPECT_EQ(silent.receive_all(), "");
}

TEST_F(HttpServerTest, holds_many_idle_streams_and_still_answers) {
  options_.connections_max = 1'000;
  start();
  std::vector<RawSocket> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(connect_to(server_->port()));
    clients.back().send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  auto const writers = wait_for_writers(300);
  EXPECT_TRUE(transport_->send(get("/hello")).ok());
  for (auto const& writer : writers)
    EXPECT_TRUE(writer->write(encode_sse("1", "", "x")));
  for (auto const& client : clients)
    EXPECT_NE(client.receive_until("data: x\n\n").find("id: 1\n"), std::string::npos);
  clients.clear();
  for (auto const& writer : writers) {
    while (writer->open())
      std::this_thread::yield();
  }
}

TEST_F(HttpServerTest, closes_a_stream_whose_client_does_not_read) {
  options_.stream_buffer_bytes_max = 100'000;
  start();
  auto const client = connect_to(server_->port());
  client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  auto const writer = wait_for_writers(1).front();
  int written = 0;
  while (writer->write(std::string(10'000, 'x')) && written < 100'000)
    ++written;
  EXPECT_LT(written, 100'000);
  EXPECT_FALSE(writer->open());
}

TEST_F(HttpServerTest, lets_a_writer_wait_for_its_client) {
  options_.stream_buffer_bytes_max = 100'000;
  on(Method::get, "/big", [](ServerRequest const&) {
    ServerResponse response;
    response.on_stream = [](std::shared_ptr<StreamWriter> writer) {
      for (int i = 0; i < 2'000; ++i) {
        if (!writer->wait_below(50'000, Milliseconds(5'000))) return;
        writer->write(std::string(10'000, 'x'));
      }
      writer->close();
    };
    return response;
  });
  start();
  std::size_t received = 0;
  auto request = get("/big");
  request.on_body = [&](std::string_view bytes) {
    received += bytes.size();
    return true;
  };
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(received, 20'000'000u);
}

TEST_F(HttpServerTest, refuses_connections_beyond_its_limit_with_503) {
  options_.connections_max = 2;
  start();
  auto const first = connect_to(server_->port());
  auto const second = connect_to(server_->port());
  for (auto const* const client : {&first, &second}) {
    client->send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(client->receive_until("hi").ends_with("hi"));
  }
  auto const third = connect_to(server_->port());
  third.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(third.receive_all().starts_with("HTTP/1.1 503 "));
}

TEST_F(HttpServerTest, drains_running_requests_and_streams_and_refuses_new_connections) {
  start();
  auto const idle = connect_to(server_->port());
  idle.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(idle.receive_until("hi").ends_with("hi"));
  auto const stream = connect_to(server_->port());
  stream.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  auto const writer = wait_for_writers(1).front();
  auto const busy = connect_to(server_->port());
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(gate_.wait_for_visitor());
  std::thread drainer([&] { server_->drain(); });
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_TRUE(stream.receive_all().ends_with("0\r\n\r\n"));
  EXPECT_FALSE(writer->write("x"));
  gate_.open();
  EXPECT_TRUE(busy.receive_all().ends_with("\r\n\r\nwaited"));
  drainer.join();
  auto const error = transport_->send(get("/hello"));
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.error().kind, ErrorKind::unavailable);
  server_->drain();
}

TEST_F(HttpServerTest, does_not_wait_for_ever_when_draining) {
  options_.drain_timeout = Milliseconds(100);
  start();
  auto const busy = connect_to(server_->port());
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(gate_.wait_for_visitor());
  server_->drain();
  EXPECT_EQ(busy.receive_all(), "");
  gate_.open();
}

TEST_F(HttpServerTest, says_why_it_cannot_listen) {
  start();
  auto const listen = [&](std::string address, std::uint16_t port) {
    auto const other = make_http_server({.address = std::move(address), .port = port}, {}, *log_);
    auto result = other->start();
    return result.ok() ? Error{} : std::move(result).error();
  };
  auto const taken = listen("127.0.0.1", server_->port());
  EXPECT_EQ(taken.kind, ErrorKind::conflict);
  EXPECT_NE(taken.message.find("port " + std::to_string(server_->port()) + " is already in use"),
            std::string::npos);
  EXPECT_EQ(listen("nonsense", 0).kind, ErrorKind::invalid_input);
  EXPECT_EQ(listen("203.0.113.7", 0).kind, ErrorKind::invalid_input);
}

TEST_F(HttpServerTest, leaves_writers_valid_after_it_is_gone) {
  start();
  auto const client = connect_to(server_->port());
  client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  auto const writer = wait_for_writers(1).front();
  server_.reset();
  EXPECT_FALSE(writer->write("x"));
  EXPECT_FALSE(writer->open());
  writer->close();
}

}  // namespace
}  // namespace fairlead::net
