// Stub: the public hosts that scenarios name, played by a server on loopback.
//
// Everything a scenario sends to the outside goes through Stub::transport(): the real HTTP client
// behind net::make_stand_in_transport(), so no packet leaves the machine. petstore.swagger.io and
// httpbin.org answer by themselves; for the other played hosts steps say the answers. A request
// nobody answers gets 404; a host that is not played is refused. Thread-safe.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "net/http.h"
#include "net/http_server.h"

namespace fairlead::ctk {

// Hosts that scenarios may name; those of example.com answer only what a step says.
inline constexpr std::array<std::string_view, 11> played_hosts{"petstore.swagger.io",
                                                               "httpbin.org",
                                                               "api.example.com",
                                                               "auth.example.com",
                                                               "other.example.com",
                                                               "external-service.example.com",
                                                               "example.com",
                                                               "swapi.dev",
                                                               "keycloak",
                                                               "fake-hospital.com",
                                                               "virtual-wf-powered-race.com"};

struct StubAnswer {
  int status{200};
  Json body;                 // null: none
  std::string text;          // instead of `body` if not empty
  std::string content_type;  // "": by the kind of body
  net::Headers headers;
};

struct StubRequest {
  std::string method;
  std::string url;  // "https://petstore.swagger.io/v2/pet/1", also if it was http
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
