// Stub: the public hosts that scenarios name, played by a server on loopback.
//
// Everything a scenario sends to the outside goes through Stub::transport(): the real HTTP client,
// but the URL's host is replaced by the loopback server, so no packet leaves the machine. Known by
// itself are petstore.swagger.io and httpbin.org; steps add answers for any other. A request
// nobody answers gets 404, and a URL that is not http(s) is refused. Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/http.h"
#include "net/http_server.h"

namespace fairlead::ctk {

struct StubAnswer {
  int status{200};
  Json body;                 // null: none
  std::string text;          // instead of `body` if not empty
  std::string content_type;  // "": by the kind of body
  net::Headers headers;
};

struct StubRequest {
  std::string method;
  std::string url;  // as the scenario wrote it: "https://petstore.swagger.io/v2/pet/1"
  net::Headers headers;
  std::string body;
};

class Stub {
 public:
  explicit Stub(Log& log);
  Stub(Stub const&) = delete;
  Stub& operator=(Stub const&) = delete;
  ~Stub();

  Result<void> start();
  net::HttpTransport& transport();
  // `request` is "GET https://host/path", with or without a query; without it any query fits.
  void answer(std::string const& request, StubAnswer answer);
  // Before the answer above, that many times.
  void answer_first(std::string const& request, StubAnswer answer, int times);
  [[nodiscard]] std::vector<StubRequest> received() const;
  // Forgets answers and requests: between scenarios.
  void reset();

 private:
  class Transport;
  struct Script {
    std::deque<StubAnswer> first;
    std::optional<StubAnswer> always;
  };

  net::ServerResponse serve(net::ServerRequest const& request);
  std::optional<StubAnswer> scripted(std::string const& method, std::string const& url);

  std::unique_ptr<net::HttpTransport> curl_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::unique_ptr<net::HttpServer> server_;
  mutable std::mutex mutex_;
  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<StubRequest> received_;
};

// What the public hosts themselves would say; nothing for others.
std::optional<StubAnswer> public_host_answer(StubRequest const& request);

}  // namespace fairlead::ctk
