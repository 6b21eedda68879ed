#include "testing/fake_transport.h"

#include <gtest/gtest.h>

namespace fairlead::testing {
namespace {

std::string line_of(net::Method method, std::string const& url) {
  return std::string(net::to_string(method)) + " " + url;
}

std::string describe_request(net::HttpRequest const& request) {
  std::string text = line_of(request.method, request.url);
  for (net::Header const& header : request.headers) {
    text += "\n  " + header.name + ": " + header.value;
  }
  if (!request.authorization.empty()) text += "\n  Authorization: [masked]";
  if (!request.body.empty()) text += "\n  " + request.body;
  return text;
}

}  // namespace

Exchange::Exchange(net::Method method, std::string url) : method_(method), url_(std::move(url)) {
  response_.status = 200;
}

Exchange& Exchange::with_json(Json body) {
  json_ = std::move(body);
  return *this;
}

Exchange& Exchange::with_body(std::string body) {
  body_ = std::move(body);
  return *this;
}

Exchange& Exchange::with_header(std::string name, std::string value) {
  headers_.push_back({std::move(name), std::move(value)});
  return *this;
}

Exchange& Exchange::with_authorization(std::string value) {
  authorization_ = std::move(value);
  return *this;
}

Exchange& Exchange::answer(net::HttpResponse response) {
  response_ = std::move(response);
  return *this;
}

Exchange& Exchange::answer_json(int status, Json const& body, net::Headers headers) {
  response_.status = status;
  response_.headers = std::move(headers);
  if (!response_.headers.contains("content-type")) {
    response_.headers.add("content-type", "application/json");
  }
  response_.body = body.dump();
  return *this;
}

Exchange& Exchange::fail(Error error) {
  error_ = std::move(error);
  return *this;
}

Exchange& Exchange::then(std::function<void()> effect) {
  effect_ = std::move(effect);
  return *this;
}

std::string Exchange::difference(net::HttpRequest const& request) const {
  if (request.method != method_ || request.url != url_) {
    return "expected " + line_of(method_, url_);
  }
  if (body_ && request.body != *body_) return "expected the body " + *body_;
  if (json_) {
    auto const body = Json::parse(request.body);
    if (!body.ok() || *body != *json_) return "expected the JSON body " + json_->dump();
  }
  for (net::Header const& header : headers_) {
    auto const value = request.headers.find(header.name);
    if (value != header.value) return "expected the header " + header.name + ": " + header.value;
  }
  if (authorization_ && request.authorization.reveal() != *authorization_) {
    return authorization_->empty() ? "expected no Authorization" : "expected another Authorization";
  }
  return "";
}

FakeTransport::~FakeTransport() {
  for (Exchange const& exchange : exchanges_) {
    if (exchange.used_) continue;
    ADD_FAILURE() << "never requested: " << line_of(exchange.method_, exchange.url_);
  }
}

Exchange& FakeTransport::on(net::Method method, std::string url) {
  std::lock_guard const lock(mutex_);
  return exchanges_.emplace_back(method, std::move(url));
}

Exchange* FakeTransport::match(net::HttpRequest const& request, std::string& why) {
  for (Exchange& exchange : exchanges_) {
    if (exchange.used_) continue;
    std::string const difference = exchange.difference(request);
    if (difference.empty()) {
      exchange.used_ = true;
      return &exchange;
    }
    why += "\n" + difference;
    if (order_ == Order::as_written) return nullptr;
  }
  if (why.empty()) why = "\nno request was expected any more";
  return nullptr;
}

Result<net::HttpResponse> FakeTransport::send(net::HttpRequest const& request) {
  Exchange* exchange = nullptr;
  std::string why;
  {
    std::lock_guard const lock(mutex_);
    sent_.push_back(request);
    exchange = match(request, why);
  }
  if (exchange == nullptr) {
    ADD_FAILURE() << "unexpected request: " << describe_request(request) << why;
    return make_error(ErrorKind::internal, "unexpected request in a test");
  }
  if (exchange->effect_) exchange->effect_();
  if (exchange->error_) return *exchange->error_;
  net::HttpResponse response = exchange->response_;
  if (response.effective_url.empty()) response.effective_url = request.url;
  return response;
}

std::vector<net::HttpRequest> FakeTransport::sent() const {
  std::lock_guard const lock(mutex_);
  return sent_;
}

void FakeTransport::forget_unused() {
  std::lock_guard const lock(mutex_);
  for (Exchange& exchange : exchanges_)
    exchange.used_ = true;
}

}  // namespace fairlead::testing
