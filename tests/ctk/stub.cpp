#include "stub.h"

#include <utility>

#include "net/curl_transport.h"
#include "net/stand_in_transport.h"

namespace fairlead::ctk {
namespace {

// The stub cannot see whether a request was meant for http or https: both are one.
std::string key_of(std::string request) {
  auto const at = request.find(" http://");
  if (at != std::string::npos) request.insert(at + 5, "s");
  return request;
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
  std::string const here = "127.0.0.1:" + std::to_string(server_->port());
  net::StandIns hosts;
  for (auto const host : played_hosts)
    hosts.emplace(host, here);
  transport_ = net::make_stand_in_transport(*curl_, std::move(hosts));
  return {};
}

net::HttpTransport& Stub::transport() { return *transport_; }

void Stub::answer(std::string const& request, StubAnswer answer) {
  std::lock_guard const lock(mutex_);
  scripts_[key_of(request)].always = std::move(answer);
}

void Stub::answer_first(std::string const& request, StubAnswer answer, int times) {
  std::lock_guard const lock(mutex_);
  for (int i = 0; i < times; ++i)
    scripts_[key_of(request)].first.push_back(answer);
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
  seen.url = "https://" + std::string(request.headers.get("Host")) + request.target;
  seen.body = request.body;
  std::lock_guard const lock(mutex_);
  auto answer = scripted(seen.method, seen.url);
  if (!answer) answer = public_host_answer(seen);
  received_.push_back(std::move(seen));
  if (answer) return response_of(*answer);
  return net::json_response(404, Json::object({{"message", "the stub knows no such address"}}));
}

}  // namespace fairlead::ctk
