#include "net/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "base/text.h"
#include "net/address_policy.h"
#include "net/ca_bundle.h"
#include "net/curl_transfer.h"
#include "net/redirect.h"

namespace fairlead::net {
namespace {

constexpr long idle_connections_max = 256;
constexpr int poll_ms =
    1'000;  // only a safety net: sockets, time-outs and curl_multi_wakeup end the wait

// curl wants this once per process, before any thread uses it.
class CurlLibrary {
 public:
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

bool has_line_break_or_nul(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view separators = " \t\"(),/:;<=>?@[\\]{}";
  auto const allowed = [&](char c) {
    return c > 0x20 && c < 0x7f && separators.find(c) == std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

// What would let a value break out of its place in the request.
Result<void> check_headers(HttpRequest const& request) {
  for (auto const& header : request.headers) {
    if (!is_header_name(header.name))
      return invalid_input("headers", "A header's name is empty or malformed.");
    if (has_line_break_or_nul(header.value)) {
      return invalid_input("headers." + header.name,
                           "The header " + header.name + " contains a line break.");
    }
    if (equals_ignoring_case(header.name, "Transfer-Encoding")) {
      return invalid_input("headers." + header.name, "Transfer-Encoding is set by the transport.");
    }
    if (equals_ignoring_case(header.name, "Content-Length") &&
        header.value != std::to_string(request.body.size())) {
      return invalid_input("headers." + header.name,
                           "Content-Length differs from the length of the body.");
    }
  }
  if (has_line_break_or_nul(request.authorization.reveal())) {
    return invalid_input("authorization", "The authorization contains a line break.");
  }
  return {};
}

// Names that are not resolved here pass: the address itself is checked later.
bool is_forbidden(Url const& url, AddressList const& allowed) {
  if (!is_forbidden_host(url.host) || allowed.has_host(url.host)) return false;
  bool const name = url.host.find("localhost") != std::string::npos;
  return !name || !(allowed.has_address("127.0.0.1") || allowed.has_address("::1"));
}

Result<void> check_request(HttpRequest const& request, Url const& url, AddressList const& allowed) {
  FAIRLEAD_CHECK(check_headers(request));
  if (!request.proxy.empty()) {
    auto const proxy = parse_url(request.proxy);
    if (!proxy.ok())
      return invalid_input("proxy", "The proxy's address is malformed: " + proxy.error().message);
  }
  if (request.address_policy == HttpRequest::AddressPolicy::public_only &&
      is_forbidden(url, allowed)) {
    CurlFailure failure;
    failure.forbidden_address = true;
    return describe_failure(failure, request, url);
  }
  return {};
}

// A TLS library may write to a connection that the peer has closed; for this thread that is an
// error, not a signal.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(CurlTransportOptions options);
  ~CurlTransport() override;
  CurlTransport(CurlTransport const&) = delete;
  CurlTransport& operator=(CurlTransport const&) = delete;

  Result<HttpResponse> send(HttpRequest const& request) override;

 private:
  Result<HttpResponse> send_once(HttpRequest const& request, Milliseconds total_timeout);
  Result<void> enqueue(CurlTransfer& transfer, Url const& url);
  void leave();
  // The address of a host that is known without DNS, or "".
  [[nodiscard]] std::string resolved(Url const& url) const {
    auto const found = options_.resolved.find(url.host);
    return found == options_.resolved.end() ? "" : found->second;
  }
  void run();
  void start_queued();
  void finish_completed();
  void cancel_all();

  CurlTransportOptions const options_;
  SystemClock clock_;
  CaBundle certificates_;
  CURLM* const multi_;
  std::unordered_set<CurlTransfer*> running_;  // curl thread only

  std::mutex mutex_;
  std::condition_variable all_left_;
  std::deque<CurlTransfer*> queue_;
  std::size_t inside_{0};  // transfers that callers still hold
  bool stopping_{false};

  std::thread thread_;  // last: sees everything above
};

CurlTransport::CurlTransport(CurlTransportOptions options)
    : options_(std::move(options)), certificates_(system_ca_places()), multi_(curl_multi_init()) {
  FAIRLEAD_ASSERT(multi_ != nullptr, "memory for the transport");
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options_.connections_per_host_max));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections_max);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  thread_ = std::thread([this] { run(); });
}

CurlTransport::~CurlTransport() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    curl_multi_wakeup(
        multi_);  // under the lock: the thread frees multi_ once it has seen stopping_
  }
  thread_.join();
  {
    std::unique_lock lock(mutex_);
    all_left_.wait(lock, [this] { return inside_ == 0; });
  }
}

Result<HttpResponse> CurlTransport::send(HttpRequest const& request) {
  auto const patience = std::min(request.limits.total_timeout, options_.total_timeout_max);
  if (request.redirects_max <= 0) return send_once(request, patience);
  auto const started = clock_.steady();
  auto current = request;
  for (int hop = 0;; ++hop) {
    FAIRLEAD_TRY(auto response, send_once(current, patience - (clock_.steady() - started)));
    FAIRLEAD_TRY(auto next, next_hop(current, response));
    if (!next) return response;
    if (hop == request.redirects_max) {
      auto error =
          make_error(ErrorKind::corrupt, "The request was redirected more than " +
                                             std::to_string(request.redirects_max) + " times.");
      if (auto const url = parse_url(request.url); url.ok()) error.where = url->origin();
      error.remedy = "Use the final address; a loop must be mended on the server.";
      return error;
    }
    current = *std::move(next);
  }
}

Result<HttpResponse> CurlTransport::send_once(HttpRequest const& request,
                                              Milliseconds total_timeout) {
  FAIRLEAD_TRY(auto const url, parse_url(request.url));
  FAIRLEAD_CHECK(check_request(request, url, options_.allowed_private));
  CurlTransfer transfer({.request = request,
                         .url = url,
                         .user_agent = options_.user_agent,
                         .total_timeout = total_timeout,
                         .certificates = certificates_,
                         .allowed_private = options_.allowed_private,
                         .resolved = resolved(url)});
  FAIRLEAD_CHECK(enqueue(transfer, url));
  auto result = transfer.wait();
  leave();
  return result;
}

Result<void> CurlTransport::enqueue(CurlTransfer& transfer, Url const& url) {
  std::lock_guard const lock(mutex_);
  auto const refuse = [&](ErrorKind kind, std::string const& why) {
    auto error = make_error(kind, "The request to " + url.origin() + " was not sent: " + why + ".");
    error.where = url.origin();
    return error;
  };
  if (stopping_) return refuse(ErrorKind::cancelled, "shutting down");
  if (inside_ >= options_.transfers_max) {
    auto error = refuse(ErrorKind::unavailable, "too many requests under way");
    error.remedy = "Try again in a moment.";
    return error;
  }
  ++inside_;
  queue_.push_back(&transfer);
  curl_multi_wakeup(multi_);
  return {};
}

void CurlTransport::leave() {
  std::lock_guard const lock(mutex_);
  --inside_;
  if (inside_ == 0) all_left_.notify_all();
}

void CurlTransport::start_queued() {
  std::deque<CurlTransfer*> fresh;
  {
    std::lock_guard const lock(mutex_);
    fresh.swap(queue_);
  }
  for (auto* const transfer : fresh) {
    auto const code = curl_multi_add_handle(multi_, transfer->easy());
    FAIRLEAD_ASSERT(code == CURLM_OK, "a fresh transfer can be added");
    running_.insert(transfer);
  }
}

void CurlTransport::finish_completed() {
  int left = 0;
  while (auto const* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto const code = message->data.result;
    auto* const easy = message->easy_handle;
    CurlTransfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_multi_remove_handle(multi_, easy);
    running_.erase(transfer);
    transfer->complete(code);  // the caller may destroy it from here on
  }
}

void CurlTransport::cancel_all() {
  for (auto* const transfer : running_) {
    curl_multi_remove_handle(multi_, transfer->easy());
    transfer->cancel();
  }
  running_.clear();
}

void CurlTransport::run() {
  block_sigpipe();
  for (;;) {
    start_queued();
    {
      std::lock_guard const lock(mutex_);
      if (stopping_ && queue_.empty()) break;
    }
    int active = 0;
    curl_multi_perform(multi_, &active);
    finish_completed();
    curl_multi_poll(multi_, nullptr, 0, poll_ms, nullptr);
  }
  cancel_all();
  curl_multi_cleanup(multi_);  // here, since closing TLS connections writes
}

}  // namespace

std::unique_ptr<HttpTransport> make_curl_transport(CurlTransportOptions options) {
  static CurlLibrary const library;  // initialises curl once; holds nothing
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace fairlead::net
