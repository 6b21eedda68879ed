// The curl transport against servers by hand: what goes out, what comes back, and what each failure
// is called.
#include "net/curl_transport.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "net/loopback_test.h"

namespace fairlead::net {
namespace {

constexpr std::string_view ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.limits = {.connect_timeout = Milliseconds(2'000), .total_timeout = Milliseconds(5'000)};
  return request;
}

HttpRequest post(std::string url, std::string body) {
  auto request = get(std::move(url));
  request.method = Method::post;
  request.body = std::move(body);
  return request;
}

class CurlTransportTest : public ::testing::Test {
 protected:
  std::unique_ptr<HttpTransport> transport_{make_curl_transport({})};

  // The error of a request, which must fail.
  Error fail(HttpRequest const& request) {
    auto result = transport_->send(request);
    if (result.ok()) {
      ADD_FAILURE() << "got " << result->status << " from " << request.url;
      return {};
    }
    return std::move(result).error();
  }
  // The kind of the error that a GET to a server with this script gives.
  ErrorKind kind_of(std::function<void(RawSocket&)> script) {
    RawServer const server(std::move(script));
    auto const error = fail(get(server.url()));
    EXPECT_EQ(error.where, "http://127.0.0.1:" + std::to_string(server.port()));
    return error.kind;
  }
};

// Answers every request of a connection with `answer`.
auto answering(std::string_view answer) {
  return [answer = std::string(answer)](RawSocket& peer) {
    while (!peer.receive_until("\r\n\r\n").empty())
      peer.send(answer);
  };
}

TEST_F(CurlTransportTest, sends_exactly_what_was_asked_for) {
  std::string seen;
  RawServer const server([&](RawSocket& peer) {
    seen = peer.receive_until("body!");
    peer.send(
        "HTTP/1.1 201 Created\r\nX-A: 1\r\nx-a:  2 \r\nContent-Length: 2\r\nConnection: "
        "close\r\n\r\nok");
  });
  auto request = post(server.url("/a%2Fb/../c//d?x=%20&y"), "body!");
  request.headers = {{"Content-Type", "text/x"}, {"X-Empty", ""}};
  request.authorization = Secret("Bearer t0ken");
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "ok");
  EXPECT_EQ(response->headers.get("X-A"), "1");
  EXPECT_EQ(response->headers.size(), 4u);
  EXPECT_EQ(response->effective_url, request.url);
  EXPECT_EQ(response->remote_address, "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_TRUE(seen.starts_with("POST /a%2Fb/../c//d?x=%20&y HTTP/1.1\r\n")) << seen;
  for (auto const* const line :
       {"\r\nAuthorization: Bearer t0ken\r\n", "\r\nContent-Type: text/x\r\n", "\r\nX-Empty:\r\n",
        "\r\nContent-Length: 5\r\n", "\r\nUser-Agent: Fairlead\r\n"}) {
    EXPECT_NE(seen.find(line), std::string::npos) << line << seen;
  }
  EXPECT_EQ(seen.find("Expect"), std::string::npos);
}

TEST_F(CurlTransportTest, sends_every_method_with_the_framing_it_needs) {
  struct Case {
    Method method;
    std::string_view body;
    std::string_view line;
    std::string_view length;
  };
  constexpr Case cases[] = {
      {Method::get, "", "GET / ", ""},
      {Method::head, "", "HEAD / ", ""},
      {Method::delete_, "", "DELETE / ", ""},
      {Method::delete_, "x", "DELETE / ", "Content-Length: 1\r\n"},
      {Method::options, "", "OPTIONS / ", ""},
      {Method::post, "", "POST / ", "Content-Length: 0\r\n"},
      {Method::put, "", "PUT / ", "Content-Length: 0\r\n"},
      {Method::patch, "xy", "PATCH / ", "Content-Length: 2\r\n"},
      {Method::get, "q", "GET / ", "Content-Length: 1\r\n"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.line);
    std::string seen;
    RawServer const server([&](RawSocket& peer) {
      seen = peer.receive_until("\r\n\r\n");
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    auto request = get(server.url());
    request.method = c.method;
    request.body = c.body;
    auto const response = transport_->send(request);
    ASSERT_TRUE(response.ok()) << describe(response.error());
    EXPECT_TRUE(seen.starts_with(c.line)) << seen;
    EXPECT_EQ(seen.find("Content-Length") == std::string::npos, c.length.empty()) << seen;
    EXPECT_NE(seen.find(c.length), std::string::npos) << seen;
    EXPECT_EQ(seen.find("Content-Type"), std::string::npos);
  }
}

TEST_F(CurlTransportTest, keeps_connections_alive_between_callers) {
  RawServer const server(answering(ok_answer));
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(transport_->send(get(server.url())).ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransportTest, ignores_the_proxies_of_the_environment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  RawServer const server(answering(ok_answer));
  EXPECT_TRUE(transport_->send(get(server.url())).ok());
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}

TEST_F(CurlTransportTest, goes_through_the_proxy_it_is_given_and_blames_it) {
  std::string seen;
  RawServer const proxy([&](RawSocket& peer) {
    seen = peer.receive_until("\r\n\r\n");
    peer.send(seen.starts_with("CONNECT") ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                          : ok_answer);
  });
  auto request = get("http://gitlab.invalid/x");
  request.proxy = proxy.url("");
  ASSERT_TRUE(transport_->send(request).ok());
  EXPECT_TRUE(seen.starts_with("GET http://gitlab.invalid/x HTTP/1.1\r\n")) << seen;
  request.url = "https://gitlab.invalid/x";
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("through the proxy http://127.0.0.1:"), std::string::npos)
      << error.message;
  EXPECT_NE(error.message.find("403"), std::string::npos) << error.message;
  request.proxy = "http://127.0.0.1:" + std::to_string(free_port());
  EXPECT_NE(fail(request).message.find("through the proxy"), std::string::npos);
}

TEST_F(CurlTransportTest, says_what_is_wrong_when_nothing_listens) {
  auto const port = free_port();
  auto const origin = "http://127.0.0.1:" + std::to_string(port);
  auto const error = fail(get(origin + "/secret-path?private_token=s3cret"));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_EQ(error.message, "Could not connect to " + origin + ": connection refused.");
  EXPECT_EQ(error.where, origin);
  EXPECT_FALSE(error.remedy.empty());
  EXPECT_EQ(describe(error).find("secret"), std::string::npos);
}

TEST_F(CurlTransportTest, says_that_a_name_is_unknown) {
  auto const error = fail(get("http://no-such-host.invalid/"));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_EQ(error.message,
            "Could not connect to http://no-such-host.invalid: the host name was not found.");
}

TEST_F(CurlTransportTest, calls_a_request_uncertain_once_it_was_sent) {
  EXPECT_EQ(kind_of([](RawSocket& peer) { (void)peer.receive_until("\r\n\r\n"); }),
            ErrorKind::uncertain);
  EXPECT_EQ(kind_of([](RawSocket& peer) {
              (void)peer.receive_until("\r\n\r\n");
              peer.reset();
            }),
            ErrorKind::uncertain);
  EXPECT_EQ(kind_of([](RawSocket& peer) {
              (void)peer.receive_until("\r\n\r\n");
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            }),
            ErrorKind::uncertain);
  EXPECT_EQ(kind_of([](RawSocket& peer) {
              (void)peer.receive_until("\r\n\r\n");
              peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal");
            }),
            ErrorKind::uncertain);
}

TEST_F(CurlTransportTest, calls_a_late_answer_uncertain) {
  RawServer const server([](RawSocket& peer) { (void)peer.receive_all(); });
  auto request = get(server.url());
  request.limits.total_timeout = Milliseconds(100);
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::uncertain);
  EXPECT_NE(error.message.find("no answer came within 100 ms"), std::string::npos) << error.message;
}

TEST_F(CurlTransportTest, calls_what_is_not_http_corrupt) {
  for (auto const* const answer :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 banana\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"}) {
    SCOPED_TRACE(answer);
    EXPECT_EQ(kind_of([&](RawSocket& peer) {
                (void)peer.receive_until("\r\n\r\n");
                peer.send(answer);
              }),
              ErrorKind::corrupt);
  }
}

// A kept-alive connection that dies without an answer: curl would send again by itself.
TEST_F(CurlTransportTest, never_sends_an_effect_twice_by_itself_but_a_read_it_may) {
  std::atomic<int> posts{0};
  std::atomic<int> gets{0};
  RawServer const server([&](RawSocket& peer) {
    (void)peer.receive_until("\r\n\r\n");
    peer.send(ok_answer);
    auto const second = peer.receive_until("\r\n\r\n");
    (second.starts_with("POST") ? posts : gets) += second.empty() ? 0 : 1;
  });
  ASSERT_TRUE(transport_->send(get(server.url())).ok());
  EXPECT_EQ(fail(post(server.url(), "create")).kind, ErrorKind::uncertain);
  EXPECT_EQ(posts, 1);
  ASSERT_TRUE(transport_->send(get(server.url())).ok());
  EXPECT_TRUE(transport_->send(get(server.url())).ok())
      << "a GET is repeated on a fresh connection";
}

// An end that arrives only after the next POST was written would make that POST uncertain, rightly.
TEST_F(CurlTransportTest, notices_that_an_idle_connection_was_closed) {
  std::atomic<int> ended{0};
  RawServer const server([&](RawSocket& peer) {
    (void)peer.receive_until("\r\n\r\n");
    peer.send(ok_answer);
    peer.close_and_confirm();
    ++ended;
    ended.notify_one();
  });
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(transport_->send(post(server.url(), "x")).ok());
    ended.wait(i);
  }
  EXPECT_EQ(server.connections(), 3);
}

// 65,536 times "a", packed by gzip.
constexpr std::string_view packed =
    "H4sIAAAAAAACA+3BgQAAAACAINb9JRapCgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGr/kSDDAAABAA==";

TEST_F(CurlTransportTest, unpacks_answers_and_caps_them_after_unpacking) {
  auto const bomb = base64_decode(packed).value();
  ASSERT_LT(bomb.size(), 200u);
  RawServer const server(answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                                   std::to_string(bomb.size()) + "\r\n\r\n" + bomb));
  auto request = get(server.url());
  auto const whole = transport_->send(request);
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->body, std::string(65'536, 'a'));
  request.limits.body_bytes_max = 20'000;
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::corrupt);
  EXPECT_NE(error.message.find("20,000 bytes"), std::string::npos) << error.message;
}

TEST_F(CurlTransportTest, takes_exactly_the_limit) {
  RawServer const server(answering(ok_answer));
  auto request = get(server.url());
  request.limits.body_bytes_max = 2;
  EXPECT_TRUE(transport_->send(request).ok());
  request.limits.body_bytes_max = 1;
  EXPECT_EQ(fail(request).kind, ErrorKind::corrupt);
}

TEST_F(CurlTransportTest, caps_the_headers) {
  std::string answer = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100; ++i)
    answer += "X: " + std::string(100, 'x') + "\r\n";
  RawServer const server(answering(answer + "Content-Length: 0\r\n\r\n"));
  auto request = get(server.url());
  request.limits.header_bytes_max = 5'000;
  EXPECT_EQ(fail(request).kind, ErrorKind::corrupt);
  request.limits.header_bytes_max = 50'000;
  EXPECT_TRUE(transport_->send(request).ok());
}

TEST_F(CurlTransportTest, skips_interim_answers_and_ignores_trailers) {
  RawServer const server(
      answering("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Real: 1\r\n"
                "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  auto const response = transport_->send(get(server.url()));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->body, "ok");
  EXPECT_TRUE(response->headers.contains("X-Real"));
  EXPECT_FALSE(response->headers.contains("X-Early"));
  EXPECT_FALSE(response->headers.contains("X-Trailer"));
}

TEST_F(CurlTransportTest, hands_a_good_body_to_the_caller_and_keeps_the_others) {
  RawServer const server([](RawSocket& peer) {
    for (auto head = peer.receive_until("\r\n\r\n"); !head.empty();
         head = peer.receive_until("\r\n\r\n")) {
      peer.send(head.starts_with("GET /good") ? ok_answer
                                              : "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone");
    }
  });
  std::string streamed;
  auto request = get(server.url("/good"));
  request.on_body = [&](std::string_view bytes) {
    streamed += bytes;
    return true;
  };
  auto const good = transport_->send(request);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->body, "");
  EXPECT_EQ(streamed, "ok");
  request.url = server.url("/bad");
  EXPECT_EQ(transport_->send(request)->body, "gone");
  request.url = server.url("/good");
  request.on_body = [](std::string_view) { return false; };
  EXPECT_EQ(fail(request).kind, ErrorKind::cancelled);
}

TEST_F(CurlTransportTest, returns_redirects_unless_asked_to_follow) {
  RawServer const server(
      answering("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"));
  auto const response = transport_->send(get(server.url()));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  auto request = get(server.url());
  request.redirects_max = 3;
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::corrupt);
  EXPECT_EQ(error.message, "The request was redirected more than 3 times.");
}

TEST_F(CurlTransportTest, keeps_credentials_from_the_other_origin_of_a_redirect) {
  std::string seen_by_second;
  RawServer const second([&](RawSocket& peer) {
    seen_by_second = peer.receive_until("\r\n\r\n");
    peer.send(ok_answer);
  });
  std::string seen_by_first;
  RawServer const first([&](RawSocket& peer) {
    seen_by_first = peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 307 Go\r\nLocation: " + second.url("/there?x") +
              "\r\nContent-Length: 0\r\n\r\n");
  });
  auto request = get(first.url());
  request.redirects_max = 1;
  request.authorization = Secret("Bearer t0ken");
  request.headers = {{"Cookie", "c00kie"}, {"PRIVATE-TOKEN", "pr1vate"}, {"Accept", "x/y"}};
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->effective_url, second.url("/there?x"));
  for (auto const* const credential : {"t0ken", "c00kie", "pr1vate"}) {
    EXPECT_NE(seen_by_first.find(credential), std::string::npos);
    EXPECT_EQ(seen_by_second.find(credential), std::string::npos);
  }
  EXPECT_NE(seen_by_second.find("Accept: x/y"), std::string::npos);
}

TEST_F(CurlTransportTest, connects_to_no_private_address_when_the_policy_forbids_it) {
  RawServer const server(answering(ok_answer));
  auto const port = std::to_string(server.port());
  ASSERT_TRUE(transport_->send(get(server.url()))
                  .ok());  // leaves an idle connection that must not be used either
  for (auto const* const host :
       {"127.0.0.1", "localhost", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"}) {
    SCOPED_TRACE(host);
    auto request = get("http://" + std::string(host) + ":" + port + "/");
    request.address_policy = HttpRequest::AddressPolicy::public_only;
    auto const error = fail(request);
    EXPECT_EQ(error.kind, ErrorKind::invalid_input);
    EXPECT_NE(error.message.find("Refused to connect"), std::string::npos) << error.message;
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransportTest, judges_the_address_that_a_name_resolves_to) {
  RawServer const server(answering(ok_answer));
  auto const port = std::to_string(server.port());
  auto const transport = make_curl_transport({.resolved = {{"inside.example", "127.0.0.1"}}});
  auto request = get("http://inside.example:" + port + "/");
  ASSERT_TRUE(transport->send(request).ok()) << "without the policy it is reached";
  request.address_policy = HttpRequest::AddressPolicy::public_only;
  auto const refused = transport->send(request);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
  EXPECT_NE(refused.error().message.find("Refused to connect to http://inside.example:" + port),
            std::string::npos)
      << refused.error().message;
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransportTest, follows_no_redirect_to_a_private_address_when_the_policy_forbids_it) {
  std::atomic<int> reached{0};
  RawServer const inside([&](RawSocket& peer) {
    if (peer.receive_until("\r\n\r\n").empty()) return;
    ++reached;
    peer.send(ok_answer);
  });
  auto const port = std::to_string(inside.port());
  std::string target;
  RawServer const outside([&](RawSocket& peer) {
    (void)peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 302 Found\r\nLocation: " + target +
              "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  // One place inside is allowed by name: what it leads to is judged by itself.
  auto const transport = make_curl_transport(
      {.allowed_private = AddressList::parse({"allowed.example"}, "test").value(),
       .resolved = {{"allowed.example", "127.0.0.1"}, {"inside.example", "127.0.0.1"}}});
  for (auto const* const host :
       {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "inside.example"}) {
    SCOPED_TRACE(host);
    target = "http://" + std::string(host) + ":" + port + "/";
    auto request = get("http://allowed.example:" + std::to_string(outside.port()) + "/");
    request.redirects_max = 3;
    request.address_policy = HttpRequest::AddressPolicy::public_only;
    auto const refused = transport->send(request);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_NE(refused.error().message.find("Refused to connect to http://"), std::string::npos)
        << refused.error().message;
  }
  EXPECT_EQ(outside.connections(), 4) << "each redirect was asked for";
  EXPECT_EQ(reached, 0);
}

TEST_F(CurlTransportTest, refuses_what_would_break_out_of_its_place) {
  auto const refuse = [&](Headers headers, std::string_view authorization, std::string url) {
    auto request = get(std::move(url));
    request.headers = std::move(headers);
    request.authorization = Secret(std::string(authorization));
    auto const error = fail(request);
    EXPECT_EQ(error.kind, ErrorKind::invalid_input);
    EXPECT_EQ(describe(error).find("s3cret"), std::string::npos);
  };
  refuse({{"X", "1\r\nEvil: s3cret"}}, "", "http://h/");
  refuse({{"X\r\nEvil", "1"}}, "", "http://h/");
  refuse({{"X Y", "1"}}, "", "http://h/");
  refuse({{"", "1"}}, "", "http://h/");
  refuse({{"Transfer-Encoding", "chunked"}}, "", "http://h/");
  refuse({{"Content-Length", "7"}}, "", "http://h/");
  refuse({}, "Bearer s3cret\r\nEvil: 1", "http://h/");
  refuse({}, "", "ftp://h/");
  refuse({}, "", "http://user:s3cret@h/");
  refuse({}, "", "/relative");
}

TEST_F(CurlTransportTest, has_a_bound_on_requests_under_way) {
  transport_ = make_curl_transport({.transfers_max = 1});
  std::atomic<bool> arrived{false};
  RawServer const server([&](RawSocket& peer) {
    arrived = !peer.receive_until("\r\n\r\n").empty();
    (void)peer.receive_all();
  });
  auto request = get(server.url());
  request.limits.total_timeout = Milliseconds(300);
  std::thread first([&] { EXPECT_EQ(fail(request).kind, ErrorKind::uncertain); });
  while (!arrived)
    std::this_thread::yield();
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("too many requests under way"), std::string::npos);
  first.join();
}

TEST_F(CurlTransportTest, ends_what_is_under_way_when_it_is_destroyed) {
  std::atomic<bool> arrived{false};
  RawServer const server([&](RawSocket& peer) {
    arrived = !peer.receive_until("\r\n\r\n").empty();
    (void)peer.receive_all();
  });
  auto& transport = *transport_;  // the caller's own reference, as a worker would hold it
  std::atomic<bool> told{false};
  std::thread caller([&] {
    auto const result = transport.send(post(server.url(), "x"));
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::uncertain);
    told = true;
  });
  while (!arrived)
    std::this_thread::yield();
  transport_.reset();
  caller.join();
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace fairlead::net
