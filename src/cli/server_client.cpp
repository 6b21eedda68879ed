#include "cli/server_client.h"

#include "api/problem.h"

namespace fairlead::cli {
namespace {

// A long listing or a slow GitLab behind the server; streams count silence only.
constexpr Milliseconds patience{120'000};
constexpr std::size_t line_bytes_max = 64u << 20;

Error could_not_reach(Error error, std::string const& base_url) {
  if (error.kind != ErrorKind::unavailable) return error;
  error.title = "No server";
  // A certificate or a proxy that stands in the way has a remedy of its own.
  if (error.message.find("refused") == std::string::npos && !error.remedy.empty()) {
    error.message = "Fairlead's server at " + base_url + " was not reached. " + error.message;
    return error;
  }
  error.message = "There is no Fairlead server at " + base_url + ". " + error.message;
  error.remedy = "Start one with `fairlead serve`, or name another with --server.";
  return error;
}

}  // namespace

ServerClient::ServerClient(net::HttpTransport& transport, std::string base_url, Secret token,
                           std::string ca_pem)
    : transport_(transport),
      base_url_(std::move(base_url)),
      token_(std::move(token)),
      ca_pem_(std::move(ca_pem)) {
  while (!base_url_.empty() && base_url_.back() == '/')
    base_url_.pop_back();
}

net::HttpRequest ServerClient::request(net::Method method, std::string_view path) const {
  net::HttpRequest request;
  request.method = method;
  request.url = base_url_ + std::string(path);
  request.headers.add("Accept", "application/json");
  request.tls.ca_pem = ca_pem_;
  request.limits.total_timeout = patience;
  request.limits.body_bytes_max = 256u << 20;
  if (!token_.empty()) request.authorization = Secret("Bearer " + std::string(token_.reveal()));
  return request;
}

Result<Json> ServerClient::send(net::HttpRequest const& request) {
  auto response = transport_.send(request);
  if (!response.ok()) return could_not_reach(std::move(response).error(), base_url_);
  if (response->status < 200 || response->status > 299)
    return api::error_from_problem(response->status, response->body);
  if (response->body.empty()) return Json();
  auto json = Json::parse(response->body);
  if (json.ok()) return json;
  return api::error_from_problem(response->status, response->body);
}

Result<Json> ServerClient::get(std::string_view path) {
  return send(request(net::Method::get, path));
}

Result<Json> ServerClient::post(std::string_view path, Json const& body) {
  auto wanted = request(net::Method::post, path);
  wanted.headers.add("Content-Type", "application/json");
  wanted.body = body.dump();
  auto answer = send(wanted);
  wipe(wanted.body);  // a client secret may have been in it
  return answer;
}

Result<Json> ServerClient::remove(std::string_view path) {
  return send(request(net::Method::delete_, path));
}

Result<Json> ServerClient::send_text(net::Method method, std::string_view path, Text const& text) {
  auto wanted = request(method, path);
  wanted.headers.add("Content-Type", text.content_type);
  wanted.body = text.body;
  return send(wanted);
}

Result<void> ServerClient::stream(Stream const& wanted, OnLine const& on_line) {
  auto http = request(wanted.method, wanted.path);
  http.headers.set("Accept", wanted.accept);
  if (!wanted.last_event_id.empty()) http.headers.add("Last-Event-ID", wanted.last_event_id);
  if (!wanted.body.is_null()) {
    http.headers.add("Content-Type", "application/json");
    http.body = wanted.body.dump();
  }
  std::string rest;
  bool stopped = false;
  bool too_long = false;
  http.on_body = [&](std::string_view piece) {
    rest.append(piece);
    std::size_t begin = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos;
         end = rest.find('\n', begin)) {
      std::string_view line(rest.data() + begin, end - begin);
      begin = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!on_line(line)) return stopped = true, false;
    }
    rest.erase(0, begin);
    too_long = rest.size() > line_bytes_max;
    return !too_long;
  };
  auto response = transport_.send(http);
  if (stopped) return {};
  if (too_long)
    return make_error(ErrorKind::corrupt, "A line of the server's answer is longer than 64 MB.");
  if (!response.ok()) return could_not_reach(std::move(response).error(), base_url_);
  if (response->status < 200 || response->status > 299)
    return api::error_from_problem(response->status, response->body);
  if (!rest.empty()) on_line(rest);
  return {};
}

}  // namespace fairlead::cli
