// Sandbox: a GitLab look-alike over real HTTP, in memory, for the demo, tests and trying out.
//
// `fairlead sandbox` runs it; tests start it inside their own process. It speaks GitLab's REST API
// v4, OAuth 2.0 with its sign-in and consent pages, webhooks, paging, limits and error bodies, and
// can be told to fail (control.h). It shares no URL or decoding code with the connector. start()
// and stop() from one thread; everything else is thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "net/http.h"
#include "sandbox/options.h"

namespace fairlead::sandbox {

// What the sandbox takes from outside; all must outlive it.
struct SandboxParts {
  Clock& clock;
  Random& random;
  net::HttpTransport& transport;  // sends the webhooks
  Log& log;
};

class Sandbox {
 public:
  // Listens when it returns. Errors: as net::HttpServer::start().
  static Result<std::unique_ptr<Sandbox>> start(SandboxOptions options, SandboxParts const& parts);
  ~Sandbox();
  Sandbox(Sandbox const&) = delete;
  Sandbox& operator=(Sandbox const&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // "http://127.0.0.1:8430/gitlab": what a person types as the GitLab URL.
  [[nodiscard]] std::string base_url() const;
  // For people: where it is, who can sign in and, if asked for, the tokens and the application's
  // secret.
  enum class Show { people, people_and_tokens };
  [[nodiscard]] std::string welcome(Show show) const;
  // Moves the sandbox's time (and its pipelines) forward, as POST /-/sandbox/clock.
  void advance(Milliseconds by);
  // Idempotent; running requests finish first.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;

 public:
  explicit Sandbox(std::unique_ptr<Impl> impl);  // use start()
};

}  // namespace fairlead::sandbox
