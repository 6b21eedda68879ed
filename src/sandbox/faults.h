// Faults on demand: the next N requests that match get a wrong, late, cut or missing answer instead
// of theirs.
//
// Set through `POST /-/sandbox/faults` (see control.cpp); the front asks take() once per request.
// `after` decides whether the request has its effect first, which is how an ambiguous create is
// made. Hold World::mutex.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "sandbox/reply.h"

namespace fairlead::sandbox {

enum class FaultKind {
  throttle,           // 429 of the request throttle: text/plain, Retry-After, ratelimit headers
  application_limit,  // 429 of the application limiter: JSON, no Retry-After
  server_error,       // JSON `500 Internal Server Error`, or another 5xx by `status`
  reset,              // connection reset instead of an answer
  slow,               // the true answer after `delay`
  truncated,          // the true answer, cut in half
  login_page,         // 200 with an HTML sign-in page
  proxy_page,         // 502 with a proxy's HTML page
  redirect,           // 302 to `location`
  invalid_grant,      // OAuth 400
  missing_fields,     // the true JSON answer without the members named in `fields`
  clock_skew,         // the true answer with a Date header off by `delay`
  spam,               // 409 with needs_captcha_response
  resource_lock,      // 409 Conflict: Resource lock
  custom,             // `status` with `body` as it is
};

struct Fault {
  FaultKind kind{FaultKind::server_error};
  std::string method;  // "": any
  std::string path;    // a piece of the decoded path below the sub-path; "": any
  int count{1};        // how many more requests it hits
  int skip{0};         // how many matching requests pass before
  enum class When { before, after } when{When::before};  // with regard to the effect
  int status{0};
  Milliseconds delay{0};
  int retry_after_seconds{60};
  std::string location;
  std::string body;
  std::string content_type{"application/json"};
  std::vector<std::string> fields;
};

Result<Fault> fault_from_json(Json const& json);
Json to_json(Fault const& fault);

class Faults {
 public:
  static constexpr std::size_t faults_max = 1'000;
  Result<void> add(Fault fault);
  void clear() { list_.clear(); }
  [[nodiscard]] std::vector<Fault> const& list() const { return list_; }
  // The fault that hits this request, if any; counts it down.
  std::optional<Fault> take(std::string_view method, std::string_view path);

 private:
  std::vector<Fault> list_;
};

// What the client gets. `honest` is the true answer (or a plain 200 for faults before the effect).
struct FaultyReply {
  Reply reply;
  bool reset{false};
  bool cut{false};
  Milliseconds delay{0};
  Milliseconds date_skew{0};
};
FaultyReply apply_fault(Fault const& fault, Reply honest, Time now);

}  // namespace fairlead::sandbox
