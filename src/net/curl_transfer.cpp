#include "net/curl_transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/text.h"
#include "net/address_policy.h"

namespace fairlead::net {
namespace {

constexpr long idle_connection_seconds_max =
    30;  // below the keep-alive of common servers, so few are found dead

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  auto const code = curl_easy_setopt(easy, option, value);
  FAIRLEAD_ASSERT(code == CURLE_OK, "libcurl knows every option that is set here");
}

void set_blob(CURL* easy, CURLoption option, std::string_view pem) {
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(),
                 CURL_BLOB_NOCOPY};  // NOLINT: curl only reads it
  set(easy, option, &blob);
}

bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

std::string numeric_address(sockaddr const& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in const&>(address).sin_addr, text.data(),
              text.size());
  } else if (address.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6 const&>(address).sin6_addr, text.data(),
              text.size());
  }
  return text.data();
}

}  // namespace

struct CurlTransfer::Impl {
  HttpRequest const& request;
  Url const& url;
  AddressList const& allowed_private;
  CURL* easy{nullptr};
  curl_slist* header_list{nullptr};
  curl_slist* address_list{nullptr};
  CaTrust trust;
  std::array<char, CURL_ERROR_SIZE> error_text{};

  // Filled by callbacks on the curl thread.
  HttpResponse response;
  std::size_t head_bytes{0};
  bool in_head{false};
  int times_sent{0};
  CurlFailure failure;

  std::mutex mutex;
  std::condition_variable finished;
  bool done{false};

  explicit Impl(Setup const& setup)
      : request(setup.request), url(setup.url), allowed_private(setup.allowed_private) {}

  // With a proxy the connection goes to the proxy, which the operator chose; the target was checked
  // by name.
  [[nodiscard]] bool checks_address() const {
    return request.address_policy == HttpRequest::AddressPolicy::public_only &&
           request.proxy.empty();
  }
  [[nodiscard]] bool is_refused(std::string const& address) const {
    return !is_public_address(address) && !allowed_private.has_address(address) &&
           !allowed_private.has_host(url.host);
  }
  [[nodiscard]] bool streams() const {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return request.on_body && status >= 200 && status < 300;
  }
  void set_request_line();
  void set_headers(Setup const& setup);
  void set_address(Setup const& setup);
  void set_limits(Setup const& setup);
  void set_tls(Setup const& setup);
  void add_header(std::string const& name, std::string_view value);
  void finish();

  static std::size_t on_head(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_request(void* self, char* address, char* local_address, int port, int local_port);
  static int on_trace(CURL* easy, curl_infotype kind, char* data, std::size_t size, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
};

std::size_t CurlTransfer::Impl::on_head(char* data, std::size_t size, std::size_t count,
                                        void* self) {
  auto& impl = *static_cast<Impl*>(self);
  auto const bytes = size * count;
  auto const line = trim(std::string_view(data, bytes));
  if (!impl.in_head && line.starts_with("HTTP/")) {  // also after "100 Continue"
    impl.in_head = true;
    impl.response.headers = {};
    impl.failure.answered = true;
  } else if (impl.in_head && line.empty()) {
    impl.in_head = false;
  } else if (impl.in_head) {  // lines after the head are trailers, which nobody asked for
    auto const colon = line.find(':');
    if (colon != std::string_view::npos) {
      impl.response.headers.add(std::string(trim(line.substr(0, colon))),
                                std::string(trim(line.substr(colon + 1))));
    }
  }
  impl.head_bytes += bytes;
  if (impl.head_bytes <= impl.request.limits.header_bytes_max) return bytes;
  impl.failure.head_too_large = true;
  return 0;
}

std::size_t CurlTransfer::Impl::on_body(char* data, std::size_t size, std::size_t count,
                                        void* self) {
  auto& impl = *static_cast<Impl*>(self);
  auto const bytes = size * count;
  if (impl.streams()) {
    impl.failure.stopped = !impl.request.on_body(std::string_view(data, bytes));
    return impl.failure.stopped ? 0 : bytes;
  }
  if (bytes > impl.request.limits.body_bytes_max - impl.response.body.size()) {
    impl.failure.body_too_large = true;
    return 0;
  }
  impl.response.body.append(data, bytes);
  return bytes;
}

// Called when a connection stands (new or kept alive), right before the request goes out. curl
// sends again by itself when a kept-alive connection dies before any answer; the server may have
// acted by then, so only safe methods may.
int CurlTransfer::Impl::on_request(void* self, char* address, char*, int port, int) {
  auto& impl = *static_cast<Impl*>(self);
  std::string const ip = address;
  impl.response.remote_address =
      (ip.find(':') == std::string::npos ? ip : "[" + ip + "]") + ":" + std::to_string(port);
  if (impl.checks_address() && impl.is_refused(ip)) {
    impl.failure.forbidden_address = true;
    return CURL_PREREQFUNC_ABORT;
  }
  if (++impl.times_sent > 1 && !is_safe(impl.request.method)) {
    impl.failure.resent = true;
    return CURL_PREREQFUNC_ABORT;
  }
  impl.failure.connected = true;
  return CURL_PREREQFUNC_OK;
}

// The first sign that the peer took the connection: curl tells of an open socket and of one that is
// opening in the same way. What is told may hold secrets and is not looked at.
int CurlTransfer::Impl::on_trace(CURL*, curl_infotype kind, char*, std::size_t, void* self) {
  if (kind == CURLINFO_SSL_DATA_OUT) static_cast<Impl*>(self)->failure.greeted = true;
  return 0;
}

curl_socket_t CurlTransfer::Impl::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& impl = *static_cast<Impl*>(self);
  if (impl.checks_address() && impl.is_refused(numeric_address(address->addr))) {
    impl.failure.forbidden_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void CurlTransfer::Impl::set_request_line() {
  auto target = url;
  target.fragment.clear();
  if (target.path.empty()) target.path = "/";
  set(easy, CURLOPT_URL, target.to_string().c_str());
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (url.scheme == "https") set(easy, CURLOPT_PIPEWAIT, 1L);
  auto const has_body = !request.body.empty() || request.method == Method::post ||
                        request.method == Method::put || request.method == Method::patch;
  if (request.method == Method::head) set(easy, CURLOPT_NOBODY, 1L);
  if (has_body && request.method != Method::head) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method != Method::head && request.method != (has_body ? Method::post : Method::get)) {
    set(easy, CURLOPT_CUSTOMREQUEST, std::string(net::to_string(request.method)).c_str());
  }
}

void CurlTransfer::Impl::add_header(std::string const& name, std::string_view value) {
  auto line = value.empty() ? name + ";" : name + ": " + std::string(value);
  auto* const grown = curl_slist_append(header_list, line.c_str());
  wipe(line);
  FAIRLEAD_ASSERT(grown != nullptr, "memory for a header");
  header_list = grown;
}

void CurlTransfer::Impl::set_headers(Setup const& setup) {
  for (auto const& header : request.headers) {
    if (!equals_ignoring_case(header.name, "Content-Length")) add_header(header.name, header.value);
  }
  if (!request.authorization.empty()) add_header("Authorization", request.authorization.reveal());
  // Names without a value take away what curl would add by itself.
  auto const suppress = [&](char const* name) {
    if (!request.headers.contains(name))
      header_list = curl_slist_append(header_list, (std::string(name) + ":").c_str());
  };
  suppress("Expect");
  suppress("Content-Type");
  set(easy, CURLOPT_HTTPHEADER, header_list);
  set(easy, CURLOPT_USERAGENT, setup.user_agent.c_str());
  set(easy, CURLOPT_ACCEPT_ENCODING, "");
}

void CurlTransfer::Impl::set_address(Setup const& setup) {
  if (setup.resolved.empty()) return;
  auto const line = url.host + ":" + std::to_string(url.port) + ":" + setup.resolved;
  address_list = curl_slist_append(nullptr, line.c_str());
  FAIRLEAD_ASSERT(address_list != nullptr, "memory for an address");
  set(easy, CURLOPT_RESOLVE, address_list);
}

void CurlTransfer::Impl::set_limits(Setup const& setup) {
  auto const at_least_one = [](Milliseconds ms) {
    return static_cast<long>(std::max(ms, Milliseconds(1)).count());
  };
  failure.patience = setup.total_timeout;
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT,
      1L);  // a slow DNS answer must not hold up the thread that serves all transfers
  set(easy, CURLOPT_CONNECTTIMEOUT_MS,
      at_least_one(std::min(request.limits.connect_timeout, setup.total_timeout)));
  if (request.on_body) {
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, at_least_one(setup.total_timeout) / 1'000 + 1);
  } else {
    set(easy, CURLOPT_TIMEOUT_MS, at_least_one(setup.total_timeout));
  }
  set(easy, CURLOPT_MAXAGE_CONN, idle_connection_seconds_max);
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY,
      request.proxy.c_str());  // "" also switches the environment's proxies off
  set(easy, CURLOPT_NOPROXY, "");
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void CurlTransfer::Impl::set_tls(Setup const& setup) {
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (url.scheme == "https") {
    set(easy, CURLOPT_DEBUGFUNCTION, &Impl::on_trace);
    set(easy, CURLOPT_DEBUGDATA, this);
    set(easy, CURLOPT_VERBOSE, 1L);
  }
  auto const& tls = request.tls;
  if (tls.ca_pem.empty()) {
    // The file alone (not the directory) lets curl keep the parsed certificates from one connection
    // to the next.
    if (!system_ca_places().file.empty())
      set(easy, CURLOPT_CAPATH, static_cast<char const*>(nullptr));
  } else {
    trust = setup.certificates.with_extra(tls.ca_pem);
    set_blob(easy, CURLOPT_CAINFO_BLOB, *trust.pem);
    set(easy, CURLOPT_CAPATH, trust.directory.empty() ? nullptr : trust.directory.c_str());
  }
  if (tls.client_cert_pem.empty()) return;
  set(easy, CURLOPT_SSLCERTTYPE, "PEM");
  set_blob(easy, CURLOPT_SSLCERT_BLOB, tls.client_cert_pem);
  set(easy, CURLOPT_SSLKEYTYPE, "PEM");
  set_blob(easy, CURLOPT_SSLKEY_BLOB, tls.client_key_pem.reveal());
}

CurlTransfer::CurlTransfer(Setup const& setup) : impl_(std::make_unique<Impl>(setup)) {
  impl_->easy = curl_easy_init();
  FAIRLEAD_ASSERT(impl_->easy != nullptr, "memory for a transfer");
  auto* const easy = impl_->easy;
  set(easy, CURLOPT_PRIVATE, this);
  set(easy, CURLOPT_ERRORBUFFER, impl_->error_text.data());
  set(easy, CURLOPT_HEADERFUNCTION, &Impl::on_head);
  set(easy, CURLOPT_HEADERDATA, impl_.get());
  set(easy, CURLOPT_WRITEFUNCTION, &Impl::on_body);
  set(easy, CURLOPT_WRITEDATA, impl_.get());
  set(easy, CURLOPT_PREREQFUNCTION, &Impl::on_request);
  set(easy, CURLOPT_PREREQDATA, impl_.get());
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Impl::on_open);
  set(easy, CURLOPT_OPENSOCKETDATA, impl_.get());
  impl_->set_request_line();
  impl_->set_headers(setup);
  impl_->set_address(setup);
  impl_->set_limits(setup);
  impl_->set_tls(setup);
}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(impl_->easy);
  for (auto* item = impl_->header_list; item != nullptr; item = item->next) {
    explicit_bzero(item->data,
                   std::strlen(item->data));  // one of them may be the Authorization header
  }
  curl_slist_free_all(impl_->header_list);
  curl_slist_free_all(impl_->address_list);
}

void* CurlTransfer::easy() const { return impl_->easy; }

void CurlTransfer::Impl::finish() {
  auto const number = [this](CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
  };
  failure.text = error_text.data();
  failure.os_error = number(CURLINFO_OS_ERRNO);
  failure.verify_result = number(CURLINFO_SSL_VERIFYRESULT);
  failure.proxy_status = number(CURLINFO_HTTP_CONNECTCODE);
  failure.sent = times_sent > 0 && (times_sent > 1 || number(CURLINFO_REQUEST_SIZE) > 0);
  response.status = static_cast<int>(number(CURLINFO_RESPONSE_CODE));
  auto shown = url;
  shown.fragment.clear();
  response.effective_url = shown.to_string();
  std::lock_guard const lock(mutex);
  done = true;
  finished.notify_one();  // under the lock: wait() may destroy this as soon as it is released
}

void CurlTransfer::complete(int curl_code) {
  impl_->failure.code = curl_code;
  impl_->finish();
}

void CurlTransfer::cancel() {
  impl_->failure.cancelled = true;
  impl_->finish();
}

Result<HttpResponse> CurlTransfer::wait() {
  std::unique_lock lock(impl_->mutex);
  impl_->finished.wait(lock, [this] { return impl_->done; });
  if (impl_->failure.code == CURLE_OK && !impl_->failure.cancelled)
    return std::move(impl_->response);
  return describe_failure(impl_->failure, impl_->request, impl_->url);
}

}  // namespace fairlead::net
