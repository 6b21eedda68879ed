// HTTP as values: one request, one response, and the seam to the outside (HttpTransport).
//
// Everything that leaves the server goes through HttpTransport. Real: CurlTransport
// (net/curl_transport.h), in tests: testing::FakeTransport, which fails on unexpected and on unused
// exchanges. Values: any thread; transports: thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::net {

enum class Method { get, head, post, put, patch, delete_, options };
// "GET", ...
std::string_view to_string(Method method);
// Exact, upper case; empty if unknown.
std::optional<Method> method_from(std::string_view name);

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(Header const&, Header const&) = default;
};

// Order and repetition kept; names compare without regard to case (HTTP/2 sends lower case).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> list) : list_(list) {}

  // First value of that name, if any.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  // First value or "".
  [[nodiscard]] std::string_view get(std::string_view name) const {
    return find(name).value_or("");
  }
  [[nodiscard]] bool contains(std::string_view name) const { return find(name).has_value(); }
  void add(std::string name, std::string value) {
    list_.push_back({std::move(name), std::move(value)});
  }
  // Replaces all of that name.
  void set(std::string name, std::string value);
  void erase(std::string_view name);
  [[nodiscard]] auto begin() const { return list_.begin(); }
  [[nodiscard]] auto end() const { return list_.end(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }

 private:
  std::vector<Header> list_;
};

// How to trust and introduce ourselves. There is no way to turn verification off.
struct TlsOptions {
  std::string
      ca_pem;  // extra CA certificates as PEM text, beside the system's; empty: system's only
  std::string client_cert_pem;  // client certificate chain; empty: none
  Secret client_key_pem;
};

struct HttpLimits {
  Milliseconds connect_timeout{10'000};
  Milliseconds total_timeout{60'000};  // includes connecting, sending, waiting, receiving
  std::size_t body_bytes_max{
      32u << 20};  // after decompression; more is Error corrupt "answer larger than ..."
  std::size_t header_bytes_max{256u << 10};
};

struct HttpRequest {
  Method method{Method::get};
  std::string
      url;  // absolute http(s) URL, already percent-encoded; sent as it is (no path normalisation)
  Headers headers;
  // The Authorization header's value ("Bearer ..."), kept apart so that it is never printed and
  // never sent to another origin. Empty: none.
  Secret authorization;
  std::string body;
  TlsOptions tls;
  std::string
      proxy;  // "http://host:port" or ""; the environment's proxy variables are not consulted
  HttpLimits limits;
  // 0: a 3xx is returned as it is. Else redirects are followed for GET/HEAD only, and
  // `authorization`, Cookie and client certificate go only to the origin of `url`, as do all
  // headers but a few harmless ones (Accept, Accept-Language, User-Agent, Range, If-None-Match).
  // More redirects than this: corrupt.
  int redirects_max{0};
  // If set, the body of a 2xx answer goes here piece by piece as it arrives (decompressed) and
  // HttpResponse::body stays empty; other answers are collected as usual. false stops: Error
  // cancelled. Called on the transport's thread. The body limit does not apply, and total_timeout
  // limits the time without a byte instead of the whole.
  std::function<bool(std::string_view)> on_body;
  // Refuse to connect to loopback, link-local, private and metadata addresses (checked on the
  // resolved address). Through a proxy, which resolves names itself, only numeric addresses and
  // localhost are refused.
  enum class AddressPolicy { any, public_only } address_policy{AddressPolicy::any};
};

struct HttpResponse {
  int status{0};
  Headers headers;
  std::string body;            // decompressed
  std::string effective_url;   // after redirects
  std::string remote_address;  // "127.0.0.1:8443", for diagnosis
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Sends and waits (blocking; call it from a worker thread). Any status is a success here; only
  // failures to get a whole answer are errors:
  //   unavailable  the request surely did not reach the server's application: DNS, refused, TLS
  //   (message says which
  //                of: unknown CA, expired, wrong host name, protocol, client certificate), connect
  //                time-out, proxy
  //   uncertain    it was sent, at least in part, and no whole answer came: time-out, reset,
  //   truncated body corrupt      an answer that is too large or not HTTP invalid_input  a URL that
  //   is malformed or not http(s), an address the policy forbids, a header that would break
  //                out of its line, a PEM text that cannot be used
  //   cancelled    the transport is shutting down before anything was sent
  // Only GET, HEAD and OPTIONS are ever sent again by itself (when a kept-alive connection turns
  // out dead). `where` holds the origin; no error text holds query, body, or credentials.
  virtual Result<HttpResponse> send(HttpRequest const& request) = 0;
};

}  // namespace fairlead::net
