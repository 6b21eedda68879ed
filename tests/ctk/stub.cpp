#include "stub.h"

#include <utility>

#include "net/curl_transport.h"

namespace fairlead::ctk {
namespace {

// How the loopback server learns which URL was meant.
constexpr char const* scheme_header = "X-Stub-Scheme";

struct Parts {
  std::string scheme;
  std::string host;    // with its port
  std::string target;  // "/path?query"
};

std::optional<Parts> parts_of(std::string_view url) {
  auto const colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Parts parts;
  parts.scheme = std::string(url.substr(0, colon));
  if (parts.scheme != "http" && parts.scheme != "https") return std::nullopt;
  auto const rest = url.substr(colon + 3);
  auto const end = rest.find_first_of("/?");
  parts.host = std::string(rest.substr(0, end));
  if (end != std::string_view::npos) parts.target = std::string(rest.substr(end));
  if (!parts.target.starts_with('/')) parts.target.insert(0, "/");
  return parts;
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find('?')));
}

net::ServerResponse response_of(StubAnswer const& answer) {
  net::ServerResponse response;
  response.status = answer.status;
  response.headers = answer.headers;
  response.body = answer.text.empty() && !answer.body.is_null() ? answer.body.dump() : answer.text;
  if (!answer.content_type.empty()) {
    response.headers.set("Content-Type", answer.content_type);
  } else if (!answer.body.is_null()) {
    response.headers.set("Content-Type", "application/json");
  }
  return response;
}

}  // namespace

// The real client, sent to the loopback server.
class Stub::Transport final : public net::HttpTransport {
 public:
  Transport(HttpTransport& real, std::uint16_t port) : real_(real), port_(port) {}

  Result<net::HttpResponse> send(net::HttpRequest const& request) override {
    auto const parts = parts_of(request.url);
    if (!parts) return invalid_input(request.url, "The URL is not one of http or https.");
    net::HttpRequest mapped = request;
    mapped.url = "http://127.0.0.1:" + std::to_string(port_) + parts->target;
    mapped.headers.set("Host", parts->host);
    mapped.headers.set(scheme_header, parts->scheme);
    mapped.address_policy = net::HttpRequest::AddressPolicy::any;
    mapped.redirects_max = 0;
    FAIRLEAD_TRY(auto response, real_.send(mapped));
    response.effective_url = request.url;
    return redirected(request, std::move(response));
  }

 private:
  // Redirects lead to hosts of the stub again, so they are followed here.
  Result<net::HttpResponse> redirected(net::HttpRequest const& request,
                                       net::HttpResponse response) {
    bool const moved = response.status >= 300 && response.status < 400 && response.status != 304;
    auto const location = std::string(response.headers.get("Location"));
    if (!moved || request.redirects_max == 0 || location.empty()) return response;
    auto const from = parts_of(request.url);
    net::HttpRequest next = request;
    next.redirects_max = request.redirects_max - 1;
    next.url = location.starts_with('/') ? from->scheme + "://" + from->host + location : location;
    auto const to = parts_of(next.url);
    if (!to) return invalid_input(next.url, "The redirect leads to a URL that is not http(s).");
    if (to->host != from->host || to->scheme != from->scheme) next.authorization = Secret();
    return send(next);
  }

  HttpTransport& real_;
  std::uint16_t port_;
};

Stub::Stub(Log& log) : curl_(net::make_curl_transport({.user_agent = "fairlead-ctk"})) {
  net::HttpServerOptions options;
  options.worker_threads = 4;
  options.drain_timeout = Milliseconds(1'000);
  options.not_found = [this](net::ServerRequest const& request) { return serve(request); };
  server_ = net::make_http_server(std::move(options), {}, log);
}

Stub::~Stub() {
  curl_.reset();  // closes its connections: nothing to drain
  server_->drain();
}

Result<void> Stub::start() {
  FAIRLEAD_CHECK(server_->start());
  transport_ = std::make_unique<Transport>(*curl_, server_->port());
  return {};
}

net::HttpTransport& Stub::transport() { return *transport_; }

void Stub::answer(std::string const& request, StubAnswer answer) {
  std::lock_guard const lock(mutex_);
  scripts_[request].always = std::move(answer);
}

void Stub::answer_first(std::string const& request, StubAnswer answer, int times) {
  std::lock_guard const lock(mutex_);
  for (int i = 0; i < times; ++i)
    scripts_[request].first.push_back(answer);
}

std::vector<StubRequest> Stub::received() const {
  std::lock_guard const lock(mutex_);
  return received_;
}

void Stub::reset() {
  std::lock_guard const lock(mutex_);
  scripts_.clear();
  received_.clear();
}

std::optional<StubAnswer> Stub::scripted(std::string const& method, std::string const& url) {
  auto found = scripts_.find(method + " " + url);
  if (found == scripts_.end()) found = scripts_.find(method + " " + without_query(url));
  if (found == scripts_.end()) return std::nullopt;
  auto& script = found->second;
  if (script.first.empty()) return script.always;
  auto answer = std::move(script.first.front());
  script.first.pop_front();
  return answer;
}

net::ServerResponse Stub::serve(net::ServerRequest const& request) {
  StubRequest seen;
  seen.method = net::to_string(request.method);
  seen.headers = request.headers;
  std::string const scheme(seen.headers.get(scheme_header));
  seen.headers.erase(scheme_header);
  seen.url = scheme + "://" + std::string(request.headers.get("Host")) + request.target;
  seen.body = request.body;
  std::lock_guard const lock(mutex_);
  auto answer = scripted(seen.method, seen.url);
  if (!answer) answer = public_host_answer(seen);
  received_.push_back(std::move(seen));
  if (answer) return response_of(*answer);
  return net::json_response(404, Json::object({{"message", "the stub knows no such address"}}));
}

}  // namespace fairlead::ctk
