// Requests per second over loopback, all in one process: the server alone (sockets by hand, with
// and without pipelining) and through our own client. Ratios between lines of one run hold on a
// busy machine; absolute figures do not.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "net/curl_transport.h"
#include "net/http_server.h"

using namespace fairlead;
using namespace fairlead::net;

namespace {

constexpr int callers = 16;
constexpr Milliseconds duration{2'000};
constexpr std::string_view request_text =
    "GET /hello/1 HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n";

SystemClock const wall;

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto const us = [](timeval const& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

// Answers of `depth` pipelined requests, all read before the next are sent; the number answered
// until `end`.
long call_by_hand(std::uint16_t port, int depth, Milliseconds end) {
  int const peer = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return 0;
  std::string batch;
  for (int i = 0; i < depth; ++i)
    batch += request_text;
  long answered = 0;
  std::vector<char> buffer(64 << 10);
  while (wall.steady() < end) {
    if (send(peer, batch.data(), batch.size(), MSG_NOSIGNAL) < 0) break;
    for (int left = depth; left > 0;) {
      auto const count = recv(peer, buffer.data(), buffer.size(), 0);
      if (count <= 0) return answered;
      for (auto at = 0; at < count; ++at)
        left -= buffer[static_cast<std::size_t>(at)] == '}' ? 1 : 0;
    }
    answered += depth;
  }
  close(peer);
  return answered;
}

long call_by_client(HttpTransport& transport, std::uint16_t port, Milliseconds end) {
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(port) + "/hello/1";
  long answered = 0;
  while (wall.steady() < end)
    answered += transport.send(request).ok() ? 1 : 0;
  return answered;
}

template <class Call>
double measure(char const* name, double base, Call call) {
  std::atomic<long> answered{0};
  auto const cpu = cpu_us();
  auto const end = wall.steady() + duration;
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i)
    threads.emplace_back([&] { answered += call(end); });
  for (auto& thread : threads)
    thread.join();
  auto const rate = static_cast<double>(answered) * 1'000 / static_cast<double>(duration.count());
  std::printf(
      "%-34s %9.0f requests/s  %5.2f of by hand  %6.1f us CPU/request (client and server)\n", name,
      rate, base > 0 ? rate / base : 1.0, (cpu_us() - cpu) / static_cast<double>(answered));
  return rate;
}

}  // namespace

int main() {
  auto const log = make_null_log();
  std::vector<Route> routes;
  routes.push_back({Method::get, "/hello/{id}", [](ServerRequest const& request) {
                      return json_response(200, Json::object({{"hello", request.param("id")}}));
                    }});
  auto const server = make_http_server({.worker_threads = 4}, std::move(routes), *log);
  if (!server->start().ok()) return 1;
  auto const port = server->port();
  auto const transport = make_curl_transport({});
  auto const base =
      measure("by hand, one at a time", 0, [&](auto end) { return call_by_hand(port, 1, end); });
  measure("by hand, 16 pipelined", base, [&](auto end) { return call_by_hand(port, 16, end); });
  measure("through CurlTransport", base,
          [&](auto end) { return call_by_client(*transport, port, end); });
  return 0;
}
